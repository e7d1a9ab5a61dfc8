/**
 * Published vectors of Ed25519 as signatures to verify, without their stated outcomes: another
 * verifier is compared with the reference, which `vectors/vectorFiles.test.ts` holds to them.
 */

import type { SignatureItem } from '../../src/ports/signatureVerifier.ts'
import { ed25519Files } from './vectors/ed25519Files.ts'
import { vectorBytes } from './vectors/vectorBytes.ts'
import { statedIn } from './vectors/vectorFiles.ts'

/** All but the one that has keys and no signatures. */
export const ed25519SignatureFiles: readonly string[] = Object.keys(ed25519Files).filter(
  (path) => !path.includes('KeyVer'),
)

export function readEd25519Vectors(path: string): readonly SignatureItem[] {
  const file = ed25519Files[path]
  if (file === undefined) throw new Error(`${path} has no vectors of Ed25519`)
  return statedIn(path, file)
    .map(({ question }) => question)
    .filter(({ what }) => what === 'ed25519')
    .map(({ values }) => itemOf(values))
}

function itemOf(values: readonly string[]): SignatureItem {
  const [signature = '', message = '', publicKey = ''] = values
  return {
    publicKey: vectorBytes(publicKey),
    message: vectorBytes(message),
    signature: vectorBytes(signature),
  }
}
