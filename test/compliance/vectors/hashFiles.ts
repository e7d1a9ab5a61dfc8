/**
 * Files of what `@noble/hashes` and `@noble/ciphers` compute here: SHA-256 and HKDF of BLS secrets,
 * SHA-512 of batches of Ed25519, AES-256-GCM of sealed secrets (BFT-10) and of the vault.
 */

import {
  lower,
  stated,
  type Acvp,
  type Stated,
  type VectorFiles,
  type Wycheproof,
} from './stated.ts'

export const hashFiles: VectorFiles = {
  'nist-acvp/SHA2-256-1.0__internalProjection.json.gz': { read: sha('sha256'), questions: 513 },
  'nist-acvp/SHA2-512-1.0__internalProjection.json.gz': { read: sha('sha512'), questions: 1025 },
  'wycheproof/hmac_sha256_test.json': { read: hmac, questions: 174 },
  'wycheproof/hkdf_sha256_test.json': { read: hkdf, questions: 86 },
  'wycheproof/aes_gcm_test.json': { read: aesGcm, questions: 105 },
}

interface ShaTest {
  readonly msg: string
  readonly md: string
  readonly resultsArray: readonly { readonly md: string }[]
}

/** Without the large messages of 1 to 8 GiB: nothing here hashes more than a few megabytes. */
function sha(name: 'sha256' | 'sha512'): (text: string) => readonly Stated[] {
  return (text) => {
    const file = JSON.parse(text) as Acvp<{ readonly testType: string }, ShaTest>
    return file.testGroups
      .filter(({ testType }) => testType !== 'LDT')
      .flatMap(({ testType, tests }) =>
        tests.map(({ msg, md, resultsArray }) =>
          testType === 'MCT'
            ? stated(`${name}Chain`, [msg], resultsArray.map((one) => lower(one.md)).join(' '))
            : stated(name, [msg], lower(md)),
        ),
      )
  }
}

function hmac(text: string): readonly Stated[] {
  type Test = Readonly<Record<'key' | 'msg' | 'tag', string>>
  return (JSON.parse(text) as Wycheproof<unknown, Test>).testGroups.flatMap(({ tests }) =>
    tests.map(({ key, msg, tag, result }) =>
      stated('hmac', [key, msg, tag], String(result === 'valid')),
    ),
  )
}

function hkdf(text: string): readonly Stated[] {
  type Test = Readonly<Record<'ikm' | 'salt' | 'info' | 'okm', string>> & { readonly size: number }
  return (JSON.parse(text) as Wycheproof<unknown, Test>).testGroups.flatMap(({ tests }) =>
    tests.map(({ ikm, salt, info, size, okm, result }) => ({
      question: { what: 'hkdf', values: [ikm, salt, info], length: size },
      outcome: result === 'valid' ? okm : 'refused',
    })),
  )
}

interface GcmGroup {
  readonly keySize: number
  readonly ivSize: number
  readonly tagSize: number
}

type GcmTest = Readonly<Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>>

/** Keys of 256, nonces of 96 and tags of 128 bits: there are no others here. */
function aesGcm(text: string): readonly Stated[] {
  return (JSON.parse(text) as Wycheproof<GcmGroup, GcmTest>).testGroups
    .filter(({ keySize, ivSize, tagSize }) => keySize === 256 && ivSize === 96 && tagSize === 128)
    .flatMap(({ tests }) =>
      tests.flatMap(({ key, iv, aad, msg, ct, tag, result }) => {
        const opened = (outcome: string): Stated =>
          stated('unseal', [key, iv, aad, ct + tag], outcome)
        if (result !== 'valid') return [opened('refused')]
        return [opened(msg), stated('seal', [key, iv, aad, msg], iv + ct + tag)]
      }),
    )
}
