/** Our verifier against stock snarkjs, one by one and in batches. */

import { bn254 } from '@noble/curves/bn254.js'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder, decodeProof, encodeProof } from '../../../src/core/emotion/proofCodec.ts'
import { publicSignals } from '../../../src/core/emotion/publicSignals.ts'
import { testScenario } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../../src/core/emotion/statement.ts'
import type { Random } from '../../../src/ports/random.ts'
import { Groth16Prover } from '../groth16/groth16Prover.ts'
import { snarkVerifies } from '../groth16/snarkjs.fixture.ts'
import { seededIntegers } from '../kernel/memory.fixture.ts'
import { createPairingKernel } from './pairingKernel.ts'
import { rerandomised, type Delta } from './rerandomised.fixture.ts'
import { coordinatesOf, pointOutside } from './twistPoints.fixture.ts'
import { verifyProofs, type Claim, type ClaimFault } from './verifyProofs.ts'
import { loadVerifyingKey, type VerifyingKey } from './verifyingKey.ts'

const { G1 } = bn254
const next = seededIntegers(51)
let vkey = new Uint8Array()
let key: VerifyingKey
let delta: Delta
let good: Claim
let many: readonly Claim[]

beforeAll(async () => {
  await ensureArtifacts()
  vkey = new Uint8Array(readArtifact('vkey'))
  const loadedKey = loadVerifyingKey(createPairingKernel(), vkey)
  const prover = await Groth16Prover.load(readArtifact('wasm').slice(), readArtifact('zkey'))
  const statement = buildStatement(testScenario({ seed: 5 }))
  if (!loadedKey.ok || !prover.ok || !statement.ok) throw new Error('the circuit cannot be loaded')
  key = loadedKey.value
  const witness = prover.value.witness(statement.value.circuitInput)
  if (!witness.ok) throw new Error(witness.error.reason)
  const proof = prover.value.prove(witness.value, { r: 5n, s: 7n }, () => undefined)
  if (proof === undefined) throw new Error('a point at infinity')
  good = { proof, signals: publicSignals(statement.value.publicInputs) }
  delta = (JSON.parse(new TextDecoder().decode(vkey)) as { vk_delta_2: Delta }).vk_delta_2
  many = Array.from({ length: 64 }, () => ({ ...good, proof: rerandomised(proof, delta, random) }))
}, ensureTimeoutMs)

vi.setConfig({ testTimeout: 180_000 })

const random = (): bigint => next(fieldOrder - 1n) + 1n

function faultsOf(claims: readonly Claim[]): readonly (ClaimFault | undefined)[] {
  return verifyProofs(key, claims, webRandom)
}

function withSignal(claim: Claim, index: number, value: bigint): Claim {
  return { ...claim, signals: claim.signals.map((signal, at) => (at === index ? value : signal)) }
}

type G1Coordinates = Claim['proof']['a']

function added([x, y]: G1Coordinates, factor: bigint): G1Coordinates {
  const sum = G1.Point.fromAffine({ x, y }).add(G1.Point.BASE.multiplyUnsafe(factor)).toAffine()
  return [sum.x, sum.y]
}

function negated([x, y]: G1Coordinates): G1Coordinates {
  return [x, baseFieldOrder - y]
}

/** Valid ones and all that is not: points moved, negated, exchanged, signals changed. */
function variants(): readonly Claim[] {
  const { proof } = good
  const { a, b, c } = proof
  const minusB: typeof b = [b[0], [baseFieldOrder - b[1][0], baseFieldOrder - b[1][1]]]
  const other = many[1]?.proof ?? proof
  return [
    good,
    { ...good, proof: { ...proof, a: negated(a), b: minusB } },
    ...many.slice(0, 3),
    { ...good, proof: { ...proof, a: negated(a) } },
    { ...good, proof: { ...proof, b: minusB } },
    { ...good, proof: { ...proof, c: negated(c) } },
    { ...good, proof: { ...proof, a: c, c: a } },
    { ...good, proof: { ...proof, a: added(a, 1n) } },
    { ...good, proof: { ...proof, c: added(c, 1n) } },
    { ...good, proof: { ...proof, b: other.b } },
    { ...good, proof: { ...other, c } },
    ...good.signals.flatMap((signal, index) => [
      withSignal(good, index, (signal + 1n) % fieldOrder),
      withSignal(good, index, signal === 0n ? 2n : 0n),
    ]),
  ]
}

describe('ZK-4 a proof against stock snarkjs', () => {
  it('says what snarkjs says of valid and of changed proofs, alone and together', async () => {
    const claims = variants()
    const expected: boolean[] = []
    for (const { proof, signals } of claims) {
      expected.push(await snarkVerifies(vkey, signals, proof))
    }
    expect(expected.filter((isValid) => isValid)).toHaveLength(5)
    expect(claims.map((claim) => faultsOf([claim])[0] === undefined)).toEqual(expected)
    expect(faultsOf(claims).map((fault) => fault === undefined)).toEqual(expected)
  })

  it('refuses signals that are not canonical, too few, or too many', () => {
    const { signals } = good
    for (const index of signals.keys()) {
      const signal = signals[index] ?? 0n
      expect(faultsOf([withSignal(good, index, signal + fieldOrder)])).toEqual(['PROOF_INVALID'])
      expect(faultsOf([withSignal(good, index, signal - fieldOrder)])).toEqual(['PROOF_INVALID'])
    }
    expect(faultsOf([{ ...good, signals: signals.slice(1) }])).toEqual(['PROOF_INVALID'])
    expect(faultsOf([{ ...good, signals: [...signals, 0n] }])).toEqual(['PROOF_INVALID'])
  })

  it('takes whatever randomisation others put on a proof: its bytes are no name for it', () => {
    const bytes = new Set(many.map(({ proof }) => encodeProof(proof).join()))
    expect(bytes.size).toBe(many.length)
    const decoded = decodeProof(encodeProof(many[0]?.proof ?? good.proof))
    expect(decoded).toEqual({ ok: true, value: many[0]?.proof })
  })
})

describe('ZK-7 proofs in a batch', () => {
  const faulty = (count: number, places: readonly number[]): readonly (ClaimFault | undefined)[] =>
    Array.from({ length: count }, (_, index) =>
      places.includes(index) ? 'PROOF_INVALID' : undefined,
    )

  it('holds for none, for one and for 64', () => {
    expect(faultsOf([])).toEqual([])
    expect(faultsOf([good])).toEqual([undefined])
    expect(faultsOf(many)).toEqual(faulty(64, []))
  })

  it.each([[[0]], [[37]], [[63]], [[0, 1]], [[31, 32, 60]]])(
    'finds the false ones among 64: %j',
    (places) => {
      const claims = many.map((claim, index) =>
        places.includes(index) ? withSignal(claim, 3, 1n) : claim,
      )
      expect(faultsOf(claims)).toEqual(faulty(64, places))
    },
  )

  it('names each when all are false', () => {
    const claims = many.slice(0, 9).map((claim) => withSignal(claim, 3, 1n))
    expect(faultsOf(claims)).toEqual(faulty(9, [...claims.keys()]))
  })

  it('names B outside of the subgroup, and judges the others', () => {
    const outside = { ...good, proof: { ...good.proof, b: coordinatesOf(pointOutside(1n)) } }
    const claims = [good, outside, withSignal(good, 0, 1n), good]
    expect(faultsOf(claims)).toEqual([undefined, 'PROOF_SUBGROUP', 'PROOF_INVALID', undefined])
    expect(faultsOf([outside])).toEqual(['PROOF_SUBGROUP'])
  })

  it('refuses two whose errors cancel in a sum without weights', () => {
    const shift = random()
    const pair = [shift, fieldOrder - shift].map((factor) => ({
      ...good,
      proof: { ...good.proof, c: added(good.proof.c, factor) },
    }))
    // What the crafted pair is made for: equal weights let it through.
    const equal = { bytes: (length: number) => new Uint8Array(length).fill(1) }
    expect(verifyProofs(key, pair, equal)).toEqual([undefined, undefined])

    expect(faultsOf(pair)).toEqual(['PROOF_INVALID', 'PROOF_INVALID'])
    const [left, right] = pair
    if (left === undefined || right === undefined) throw new Error('a pair has two')
    const claims = [left, ...many.slice(0, 62), right]
    expect(faultsOf(claims)).toEqual(faulty(64, [0, 63]))
  })

  it('leaves its memory as it was', () => {
    const before = key.kernel.memory.mark()
    faultsOf([good, withSignal(good, 3, 1n)])
    expect(key.kernel.memory.mark()).toBe(before)
    const broken: Random = {
      bytes: () => {
        throw new Error('no entropy')
      },
    }
    expect(() => verifyProofs(key, [good, good], broken)).toThrow('no entropy')
    expect(key.kernel.memory.mark()).toBe(before)
  })
})
