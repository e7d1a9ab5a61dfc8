/**
 * Published vectors of Ed25519 as signatures to verify, without their stated outcomes: another
 * verifier is compared with the reference, which `src/core/crypto/ed25519.test.ts` holds to them.
 */

import { gunzipSync } from 'node:zlib'
import { utf8 } from '../../src/core/base/bytes.ts'
import { readRecordingBytes, readRecording } from './recordings.ts'

export interface VectorItem {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
}

export const ed25519VectorFiles = {
  zip215: 'vectors/noble-curves/zip215.json',
  cctv: 'vectors/cctv/ed25519_ed25519vectors.json',
  speccheck: 'vectors/ed25519-speccheck/cases.json',
  wycheproof: 'vectors/wycheproof/ed25519_test.json',
  nist: 'vectors/nist-acvp/EDDSA-SigVer-1.0__internalProjection.json.gz',
} as const

export type Ed25519VectorFile = keyof typeof ed25519VectorFiles

export function readEd25519Vectors(name: Ed25519VectorFile): readonly VectorItem[] {
  const path = ed25519VectorFiles[name]
  const text =
    name === 'nist' ? gunzipSync(readRecordingBytes(path)).toString() : readRecording(path)
  return readers[name](JSON.parse(text))
}

type Strings<K extends string> = Readonly<Record<K, string>>

const readers: Readonly<Record<Ed25519VectorFile, (parsed: unknown) => readonly VectorItem[]>> = {
  zip215: (parsed) =>
    (parsed as Strings<'vk_bytes' | 'sig_bytes'>[]).map((one) =>
      itemOf(one.vk_bytes, utf8('Zcash'), one.sig_bytes),
    ),
  cctv: (parsed) =>
    (parsed as Strings<'key' | 'sig' | 'msg'>[]).map((one) =>
      itemOf(one.key, utf8(one.msg), one.sig),
    ),
  speccheck: (parsed) =>
    (parsed as Strings<'pub_key' | 'message' | 'signature'>[]).map((one) =>
      itemOf(one.pub_key, bytes(one.message), one.signature),
    ),
  wycheproof: (parsed) =>
    (parsed as WycheproofFile).testGroups.flatMap(({ publicKey, tests }) =>
      tests.map(({ msg, sig }) => itemOf(publicKey.pk, bytes(msg), sig)),
    ),
  nist: (parsed) =>
    (parsed as NistFile).testGroups
      .filter(({ curve, preHash }) => curve === 'ED-25519' && !preHash)
      .flatMap(({ tests }) =>
        tests.map(({ q, message, signature }) => itemOf(q, bytes(message), signature)),
      ),
}

interface WycheproofFile {
  readonly testGroups: readonly {
    readonly publicKey: Strings<'pk'>
    readonly tests: readonly Strings<'msg' | 'sig'>[]
  }[]
}

interface NistFile {
  readonly testGroups: readonly {
    readonly curve: string
    readonly preHash: boolean
    readonly tests: readonly Strings<'q' | 'message' | 'signature'>[]
  }[]
}

function itemOf(publicKey: string, message: Uint8Array, signature: string): VectorItem {
  return { publicKey: bytes(publicKey), message, signature: bytes(signature) }
}

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
