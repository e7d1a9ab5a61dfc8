/** Published vectors as questions to a page, with the outcome that their authors state. */
import { gunzipSync } from 'node:zlib'
import { readRecording, readRecordingBytes } from '../../test/compliance/recordings.ts'

export interface Question {
  readonly what:
    | 'ed25519'
    | 'mlDsa87'
    | 'mlDsa87Keys'
    | 'blsSign'
    | 'blsVerify'
    | 'blsFastAggregateVerify'
    | 'blsAggregate'
  /** Hexadecimal. */
  readonly values: readonly string[]
  readonly list?: readonly string[]
}

export interface Stated {
  readonly question: Question
  readonly outcome: string
}

const acvp = (name: string): string =>
  `vectors/nist-acvp/ML-DSA-${name}-FIPS204__internalProjection.json.gz`
const ethereum = (operation: string): string => `vectors/bls-eth/bls_tests_${operation}.txt`

export const paths = {
  zip215: 'vectors/noble-curves/zip215.json',
  sigVer: acvp('sigVer'),
  keyGen: acvp('keyGen'),
  blsSign: ethereum('sign'),
  blsVerify: ethereum('verify'),
  blsFast: ethereum('fast_aggregate_verify'),
  blsAggregate: ethereum('aggregate'),
  blsWycheproof: 'vectors/wycheproof/bls_sig_g2_pop_verify_test.json',
} as const

export function ed25519Questions(): readonly Stated[] {
  const vectors = JSON.parse(readRecording(paths.zip215)) as {
    readonly vk_bytes: string
    readonly sig_bytes: string
    readonly valid_zip215: boolean
  }[]
  const zcash = Buffer.from('Zcash').toString('hex')
  return vectors.map(({ vk_bytes, sig_bytes, valid_zip215 }) => ({
    question: { what: 'ed25519', values: [sig_bytes, zcash, vk_bytes] },
    outcome: String(valid_zip215),
  }))
}

interface AcvpCase {
  readonly testPassed?: boolean
  readonly pk: string
  readonly sk: string
  readonly seed: string
  readonly message: string
  readonly context?: string
  readonly signature: string
}

function acvpCases(path: string, preHash?: string): readonly AcvpCase[] {
  const text = gunzipSync(readRecordingBytes(path)).toString('utf8')
  const { testGroups } = JSON.parse(text) as {
    readonly testGroups: readonly {
      readonly parameterSet: string
      readonly preHash?: string
      readonly tests: readonly AcvpCase[]
    }[]
  }
  return testGroups
    .filter((group) => group.parameterSet === 'ML-DSA-87')
    .filter((group) => preHash === undefined || group.preHash === preHash)
    .flatMap(({ tests }) => tests)
}

/** Our use has no context: a signature for another use does not count. */
export function mlDsaQuestions(): readonly Stated[] {
  const verified = acvpCases(paths.sigVer, 'pure').map(
    ({ signature, message, pk, context = '', testPassed = false }): Stated => ({
      question: { what: 'mlDsa87', values: [signature, message, pk].map(lower) },
      outcome: String(testPassed && context === ''),
    }),
  )
  const made = acvpCases(paths.keyGen).map(({ seed, pk, sk }): Stated => ({
    question: { what: 'mlDsa87Keys', values: [lower(seed)] },
    outcome: `${lower(pk)} ${lower(sk)}`,
  }))
  return [...verified, ...made]
}

export function blsQuestions(): readonly Stated[] {
  return [
    ...readCases(paths.blsSign).map((one) => stated('blsSign', one, ['sec', 'msg'])),
    ...readCases(paths.blsVerify).map((one) => stated('blsVerify', one, ['pub', 'msg', 'sig'])),
    ...readCases(paths.blsFast).map((one) =>
      stated('blsFastAggregateVerify', one, ['msg', 'sig'], 'pub'),
    ),
    ...readCases(paths.blsAggregate).map((one) => stated('blsAggregate', one, [], 'sig')),
    ...wycheproof(),
  ]
}

function wycheproof(): readonly Stated[] {
  const { testGroups } = JSON.parse(readRecording(paths.blsWycheproof)) as {
    readonly testGroups: readonly {
      readonly publicKey: { readonly pk: string }
      readonly tests: readonly {
        readonly msg: string
        readonly sig: string
        readonly result: string
      }[]
    }[]
  }
  return testGroups.flatMap(({ publicKey, tests }) =>
    tests.map(({ msg, sig, result }) => ({
      question: { what: 'blsVerify', values: [publicKey.pk, msg, sig].map(lower) },
      outcome: String(result === 'valid'),
    })),
  )
}

type Case = readonly (readonly [name: string, value: string])[]

/** Blocks of `name value` lines, each closed by its `out` line. */
function readCases(path: string): readonly Case[] {
  const cases: [string, string][][] = [[]]
  for (const line of readRecording(path).split('\n')) {
    const [name, value = ''] = line.trim().split(' ')
    if (name === undefined || name === '') continue
    cases.at(-1)?.push([name, value])
    if (name === 'out') cases.push([])
  }
  return cases.filter((one) => one.length > 0)
}

function stated(
  what: Question['what'],
  one: Case,
  names: readonly string[],
  listed?: string,
): Stated {
  const valuesOf = (name: string): string[] =>
    one.filter((line) => line[0] === name).map(([, value]) => value)
  const values = names.map((name) => valuesOf(name)[0] ?? '')
  const list = listed === undefined ? [] : valuesOf(listed)
  return { question: { what, values, list }, outcome: one.at(-1)?.[1] ?? '' }
}

function lower(text: string): string {
  return text.toLowerCase()
}
