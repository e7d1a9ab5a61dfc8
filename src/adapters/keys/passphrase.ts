/**
 * Passphrases: Argon2id (RFC 9106) stands between a stolen vault file and its keys.
 *
 * 64 MiB and three passes are the second recommendation of RFC 9106 with one lane, above OWASP's
 * least (19 MiB, two passes); 0.8 s on a loaded core of 2026. The parameters stand in the file, so
 * a later version may raise them.
 */

import { utf8 } from '../../core/base/bytes.ts'
import type { KdfParameters } from './vaultBlob.ts'

export const passphraseKdf: KdfParameters = {
  memoryKib: 65_536,
  iterations: 3,
  parallelism: 1,
}

const charactersMin = 12
const differentCharactersMin = 5

export function isPassphraseWeak(passphrase: string): boolean {
  const characters = Array.from(normalised(passphrase))
  return characters.length < charactersMin || new Set(characters).size < differentCharactersMin
}

/** What is stretched into the key that wraps the vault key. */
export function passwordOf(passphrase: string): Uint8Array {
  return utf8(normalised(passphrase))
}

/** Keyboards differ in how they compose letters: the same text must be the same passphrase. */
function normalised(passphrase: string): string {
  return passphrase.normalize('NFKC')
}
