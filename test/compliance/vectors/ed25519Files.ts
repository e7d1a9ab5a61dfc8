/** Files of Ed25519 (SIG-1): what ZIP-215 makes of each vector. */

import {
  lower,
  stated,
  textHex,
  type Acvp,
  type Stated,
  type VectorFiles,
  type Wycheproof,
} from './stated.ts'

type Strings<K extends string> = Readonly<Record<K, string>>

/** "Taming the many EdDSAs", table 5, row ZIP215: cofactored, any encoding, S below the order. */
const speccheckRow = [true, true, true, true, true, true, false, false, false, true, true, true]

/** R encodes y = 1 with the sign of x set: RFC 8032 refuses it, ZIP-215 reads the identity. */
const wycheproofByZip215 = 151

export const ed25519Files: VectorFiles = {
  'noble-curves/zip215.json': { read: zip215, questions: 196 },
  'noble-curves/edge-cases.json': { read: speccheck, questions: 12 },
  'noble-curves/vectors.txt': { read: signInput, questions: 2048 },
  'cctv/ed25519_ed25519vectors.json': { read: cctv, questions: 914 },
  'ed25519-speccheck/cases.json': { read: speccheck, questions: 12 },
  'ed25519-speccheck/cases.txt': { read: speccheckText, questions: 12 },
  'wycheproof/ed25519_test.json': { read: wycheproof, questions: 151 },
  'nist-acvp/EDDSA-SigVer-1.0__internalProjection.json.gz': { read: sigVer, questions: 10 },
  'nist-acvp/EDDSA-SigGen-1.0__internalProjection.json.gz': { read: sigGen, questions: 126 },
  'nist-acvp/EDDSA-KeyVer-1.0__internalProjection.json.gz': { read: keyVer, questions: 4 },
}

function verifies(signature: string, message: string, key: string, isValid: boolean): Stated {
  return stated('ed25519', [signature, message, key], String(isValid))
}

function zip215(text: string): readonly Stated[] {
  const all = JSON.parse(text) as readonly (Strings<'vk_bytes' | 'sig_bytes'> & {
    readonly valid_zip215: boolean
  })[]
  return all.map((one) => verifies(one.sig_bytes, textHex('Zcash'), one.vk_bytes, one.valid_zip215))
}

/**
 * A re-encoded challenge is a wrong one, and it matters unless 8·A is the identity, which takes the
 * challenge out of the cofactored equation.
 */
function cctv(text: string): readonly Stated[] {
  const all = JSON.parse(text) as readonly (Strings<'key' | 'sig' | 'msg'> & {
    readonly flags: readonly string[] | null
  })[]
  return all.map(({ sig, msg, key, flags }) => {
    const isWrong = flags?.includes('reencoded_k') === true && !flags.includes('low_order_A')
    return verifies(sig, textHex(msg), key, !isWrong)
  })
}

/** The file of @noble/curves has the same cases. */
function speccheck(text: string): readonly Stated[] {
  const all = JSON.parse(text) as readonly Strings<'message' | 'pub_key' | 'signature'>[]
  return all.map(({ signature, message, pub_key }, index) =>
    verifies(signature, message, pub_key, speccheckRow[index] === true),
  )
}

function speccheckText(text: string): readonly Stated[] {
  const cases = text.matchAll(/msg=(\w*)\s+pbk=(\w*)\s+sig=(\w*)/g)
  return Array.from(cases, ([, message = '', key = '', signature = ''], index) =>
    verifies(signature, message, key, speccheckRow[index] === true),
  )
}

function wycheproof(text: string): readonly Stated[] {
  const file = JSON.parse(text) as Wycheproof<
    { readonly publicKey: Strings<'pk'> },
    Strings<'msg' | 'sig'>
  >
  return file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ tcId, msg, sig, result }) =>
      verifies(sig, msg, publicKey.pk, result === 'valid' || tcId === wycheproofByZip215),
    ),
  )
}

/** `seed and key : key : message : signature and message :`, the sign.input of its authors. */
function signInput(text: string): readonly Stated[] {
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [secret = '', key = '', message = '', signed = ''] = line.split(':')
      const [seed, signature] = [secret.slice(0, 64), signed.slice(0, 128)]
      return [
        stated('ed25519Sign', [seed, message], `${key} ${signature}`),
        verifies(signature, message, key, true),
      ]
    })
}

interface Group {
  readonly curve: string
  readonly preHash: boolean
  /** Seed and key of what is signed. */
  readonly d?: string
  readonly q?: string
}

function groupsOf<T>(text: string): Acvp<Group, T>['testGroups'] {
  const file = JSON.parse(text) as Acvp<Group, T>
  return file.testGroups.filter(({ curve }) => curve === 'ED-25519')
}

/** A signature of Ed25519ph is one for another use: here it counts as none. */
function sigVer(text: string): readonly Stated[] {
  type Test = Strings<'q' | 'message' | 'signature'> & { readonly testPassed: boolean }
  return groupsOf<Test>(text).flatMap(({ preHash, tests }) =>
    tests.map(({ signature, message, q, testPassed }) =>
      verifies(signature, message, q, testPassed && !preHash),
    ),
  )
}

function sigGen(text: string): readonly Stated[] {
  type Test = Strings<'message' | 'context' | 'signature'>
  return groupsOf<Test>(text).flatMap(({ d = '', q = '', preHash, tests }) =>
    tests.flatMap(({ message, signature }) => {
      const verified = verifies(signature, message, q, !preHash)
      if (preHash) return [verified]
      const made = stated('ed25519Sign', [d, message], `${lower(q)} ${lower(signature)}`)
      return [made, verified]
    }),
  )
}

/**
 * Keys beside the curve are refused by ZIP-215 as by FIPS 186-5. Where they differ, ZIP-215 reads
 * non-canonical encodings, and the file has none.
 */
function keyVer(text: string): readonly Stated[] {
  type Test = Strings<'d' | 'q'> & { readonly testPassed: boolean }
  return groupsOf<Test>(text).flatMap(({ tests }) =>
    tests.map(({ d, q, testPassed }) => stated('ed25519Key', [d, q], String(testPassed))),
  )
}
