/** Files of BLS12-381 with signatures in G2 (SIG-1). */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { g2Bytes, type G2Coordinates } from './g2Bytes.ts'
import {
  stated,
  type Question,
  type Stated,
  type VectorFile,
  type VectorFiles,
  type Wycheproof,
} from './stated.ts'

/** The basic scheme, which has no proofs of possession: ours with another domain. */
const basicDomain = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_NUL_'

export const blsFiles: VectorFiles = {
  'bls-eth/bls_tests_sign.txt': ethereum('blsSign', ['sec', 'msg'], 9),
  'bls-eth/bls_tests_verify.txt': ethereum('blsVerify', ['pub', 'msg', 'sig'], 28),
  'bls-eth/bls_tests_fast_aggregate_verify.txt': ethereum(
    'blsFastAggregateVerify',
    ['msg', 'sig'],
    11,
    'pub',
  ),
  'bls-eth/bls_tests_aggregate.txt': ethereum('blsAggregate', [], 3, 'sig'),
  'eth-keystore/ERCS_erc-2333.md': { read: masterSecrets, questions: 5 },
  'noble-curves/bls12-381-g2-test-vectors.txt': { read: basicSignatures, questions: 559 },
  'rfc9380-h2c/BLS12381G2_XMD:SHA-256_SSWU_RO_.json': { read: hashToCurve, questions: 5 },
  'wycheproof/bls_hash_to_g2_test.json': { read: wycheproofHash, questions: 34 },
  'wycheproof/bls_sig_g2_pop_verify_test.json': { read: wycheproofPossession, questions: 26 },
  'wycheproof/bls_sig_g2_basic_verify_test.json': { read: wycheproofBasic, questions: 176 },
}

function inDomain(domain: string, one: Stated): Stated {
  return { ...one, question: { ...one.question, domain } }
}

type Case = readonly (readonly [name: string, value: string])[]

/** Blocks of `name value` lines, each closed by its `out` line. */
function casesOf(text: string): readonly Case[] {
  const cases: [string, string][][] = [[]]
  for (const line of text.split('\n')) {
    const [name, value = ''] = line.trim().split(' ')
    if (name === undefined || name === '') continue
    cases.at(-1)?.push([name, value])
    if (name === 'out') cases.push([])
  }
  return cases.filter((one) => one.length > 0)
}

function ethereum(
  what: Question['what'],
  names: readonly string[],
  questions: number,
  listed?: string,
): VectorFile {
  const read = (text: string): readonly Stated[] =>
    casesOf(text).map((one) => {
      const valuesOf = (name: string): string[] =>
        one.filter((line) => line[0] === name).map(([, value]) => value)
      const values = names.map((name) => valuesOf(name)[0] ?? '')
      const list = listed === undefined ? [] : valuesOf(listed)
      return { question: { what, values, list }, outcome: one.at(-1)?.[1] ?? '' }
    })
  return { read, questions }
}

/** The seeds and `master_SK` of ERC-2333; the keys of its children have no use here. */
function masterSecrets(text: string): readonly Stated[] {
  const cases = text.matchAll(/^\s*seed = 0x(\w+)\s+master_SK = (\d+)/gm)
  return Array.from(cases, ([, seed = '', secret = '0']) =>
    stated('blsSecret', [seed], BigInt(secret).toString(16).padStart(64, '0')),
  )
}

/** `secret:message:signature`, with secrets that count modulo the group order. */
function basicSignatures(text: string): readonly Stated[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [secret = '', message = '', signature = ''] = line.split(':')
      const scalar = BigInt(`0x${secret}`) % bls12_381.fields.Fr.ORDER
      const values = [scalar.toString(16).padStart(64, '0'), message]
      return inDomain(basicDomain, stated('blsSignIn', values, signature))
    })
}

function hashToCurve(text: string): readonly Stated[] {
  const { dst, vectors } = JSON.parse(text) as {
    readonly dst: string
    readonly vectors: readonly { readonly msg: string; readonly P: G2Coordinates }[]
  }
  return vectors.map(({ msg, P }) => {
    const message = Buffer.from(msg).toString('hex')
    return inDomain(dst, stated('blsHashIn', [message], g2Bytes(P)))
  })
}

function wycheproofHash(text: string): readonly Stated[] {
  const file = JSON.parse(text) as Wycheproof<
    { readonly dst: string },
    Readonly<Record<'msg' | 'expected', string>>
  >
  return file.testGroups.flatMap(({ dst, tests }) =>
    tests.map(({ msg, expected }) => inDomain(dst, stated('blsHashIn', [msg], expected))),
  )
}

interface VerifyGroup {
  readonly publicKey: { readonly pk: string }
}

type VerifyTest = Readonly<Record<'msg' | 'sig', string>>

function wycheproofPossession(text: string): readonly Stated[] {
  const file = JSON.parse(text) as Wycheproof<VerifyGroup, VerifyTest>
  return file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ msg, sig, result }) =>
      stated('blsVerify', [publicKey.pk, msg, sig], String(result === 'valid')),
    ),
  )
}

/** In its own domain each has the stated outcome; in ours none is a signature. */
function wycheproofBasic(text: string): readonly Stated[] {
  const file = JSON.parse(text) as Wycheproof<VerifyGroup, VerifyTest>
  return file.testGroups.flatMap(({ publicKey, tests }) =>
    tests.flatMap(({ msg, sig, result }) => {
      const values = [publicKey.pk, msg, sig]
      const isValid = String(result === 'valid')
      return [
        inDomain(basicDomain, stated('blsVerifyIn', values, isValid)),
        stated('blsVerify', values, 'false'),
      ]
    }),
  )
}
