/** Whole proofs of the circuit against stock snarkjs: same key, same witness, same r and s. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { ok } from '../../../src/core/base/result.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import { publicSignals } from '../../../src/core/emotion/publicSignals.ts'
import { testScenario, type ScenarioOptions } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement, type EmotionalStatement } from '../../../src/core/emotion/statement.ts'
import { testWindow } from '../../../src/core/emotion/testWindows.fixture.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { createPairingKernel } from '../pairing/pairingKernel.ts'
import { loadVerifyingKey, type VerifyingKey } from '../pairing/verifyingKey.ts'
import { verifyProofs } from '../pairing/verifyProofs.ts'
import { limbCount } from '../kernel/limbs.ts'
import type { Accelerator } from './accelerator.ts'
import { Groth16Prover } from './groth16Prover.ts'
import { multiplyPoints } from './multiScalar.ts'
import { quotientOf } from './quotient.ts'
import { snarkProve, snarkVerifies, snarkWitness, wordsOfWitness } from './snarkjs.fixture.ts'

let [wasm, zkey, vkey] = [0, 0, 0].map(() => new Uint8Array()) as [
  Uint8Array<ArrayBuffer>,
  Uint8Array,
  Uint8Array,
]
let prover: Groth16Prover
let key: VerifyingKey

beforeAll(async () => {
  await ensureArtifacts()
  wasm = new Uint8Array(readArtifact('wasm'))
  zkey = readArtifact('zkey')
  vkey = readArtifact('vkey')
  const loaded = await Groth16Prover.load(wasm, zkey)
  const loadedKey = loadVerifyingKey(createPairingKernel(), vkey)
  if (!loaded.ok || !loadedKey.ok) throw new Error('the circuit cannot be loaded')
  prover = loaded.value
  key = loadedKey.value
}, ensureTimeoutMs)

vi.setConfig({ testTimeout: 180_000 })

function statementOf(options: ScenarioOptions): EmotionalStatement {
  const statement = buildStatement(testScenario(options))
  if (!statement.ok) throw new Error(statement.error.code)
  return statement.value
}

/** Whether our verifier takes it. */
function holds(proof: EmotionalProof, signals: readonly bigint[]): boolean {
  return verifyProofs(key, [{ proof, signals }], webRandom)[0] === undefined
}

function witnessOf(statement: EmotionalStatement): Uint32Array {
  const witness = prover.witness(statement.circuitInput)
  if (!witness.ok) throw new Error(witness.error.reason)
  return witness.value
}

const scenarios: readonly ScenarioOptions[] = [
  { seed: 5 },
  { seed: 6, provenance: 'strap', epoch: 0 },
  { seed: 7, window: testWindow({ seed: 70, meanTicks: 900 }), thresholdBp: 0 },
]

describe('ZK-6 the prover against stock snarkjs', () => {
  it.each(scenarios)('witness and proof of heart $seed', async (scenario) => {
    const statement = statementOf(scenario)
    const witness = witnessOf(statement)
    const reference = await snarkWitness(statement.circuitInput, wasm)
    expect(witness).toEqual(wordsOfWitness(reference))

    const blinding = { r: fieldOrder - 1n - BigInt(scenario.seed), s: 3n ** 150n % fieldOrder }
    const shares: number[] = []
    const proof = prover.prove(witness, blinding, (share) => shares.push(share))
    expect(proof).toEqual(await snarkProve(zkey, reference, blinding))
    expect(shares).toEqual([...shares].sort((left, right) => left - right))
    expect([shares[0], shares.at(-1)]).toEqual([0, 1])

    const signals = publicSignals(statement.publicInputs)
    expect(await snarkVerifies(vkey, signals, proof!)).toBe(true)
    expect(holds(proof!, signals)).toBe(true)
  })

  it('gives its memory back wiped, also when a proof breaks off, so that the next is made', () => {
    const statement = statementOf({ seed: 5 })
    const witness = witnessOf(statement)
    const { memory } = prover.loaded.kernel
    const before = memory.mark()
    const breakOff = (share: number): void => {
      if (share > 0.5) throw new Error('memory gave out')
    }
    expect(() => prover.prove(witness, { r: 3n, s: 4n }, breakOff)).toThrow('gave out')
    expect(memory.mark()).toBe(before)
    const isWiped = (): boolean => memory.words.subarray(before / 4).every((word) => word === 0)
    expect(isWiped()).toBe(true)
    // So that this test can fail: while it works, the witness stands there.
    let wasWiped = true
    const look = (share: number): void => {
      if (share > 0.2 && share < 1) wasWiped &&= isWiped()
    }
    const proof = prover.prove(witness, { r: 3n, s: 4n }, look)
    expect(wasWiped).toBe(false)
    expect(isWiped()).toBe(true)
    expect(holds(proof!, publicSignals(statement.publicInputs))).toBe(true)
  })

  it('ZK-11 an accelerator has whole scalars, and gives the same proof', async () => {
    const witness = witnessOf(statementOf({ seed: 5 }))
    const blinding = { r: 3n, s: fieldOrder - 4n }
    const { kernel, domain } = prover.loaded
    // The processor in its place, by the whole scalars that it is given.
    const accelerator: Accelerator = {
      quotient({ a, b, out }) {
        const from = quotientOf(kernel, domain, { a, b }) / 4
        kernel.memory.words.copyWithin(out / 4, from, from + domain.size * limbCount)
        return Promise.resolve(ok(undefined))
      },
      sums(groups, outs) {
        groups.forEach(([first, ...others], group) => {
          multiplyPoints(kernel, kernel.g1, [first!, ...others], outs[group]!)
        })
        return Promise.resolve(ok(undefined))
      },
      release: () => undefined,
    }
    const alone = prover.prove(witness, blinding, () => undefined)
    const proof = await prover.proveBy(accelerator, witness, blinding, () => undefined)
    expect(proof).toEqual(ok(alone))
    expect(kernel.memory.words.subarray(kernel.memory.mark() / 4).every((word) => word === 0)).toBe(
      true,
    )
  })

  it('r = s = 0 is the bare sum, and other blinding gives another valid proof', () => {
    const statement = statementOf({ seed: 5 })
    const witness = witnessOf(statement)
    const signals = publicSignals(statement.publicInputs)
    const proofs = [
      { r: 0n, s: 0n },
      { r: 0n, s: 1n },
      { r: 1n, s: 0n },
    ].map((blinding) => prover.prove(witness, blinding, () => undefined)!)
    for (const proof of proofs) expect(holds(proof, signals)).toBe(true)
    expect(new Set(proofs.map(({ c }) => c[0])).size).toBe(3)
  })

  it('a wrong witness gives a proof that neither verifier takes', async () => {
    const statement = statementOf({ seed: 5 })
    const signals = publicSignals(statement.publicInputs)
    const witness = witnessOf(statement)
    // The last public signal, one of the window, and one late in the circuit; the very last is the
    // inverse of a state that there is not, which stands nowhere else (ZK-8).
    for (const signal of [signals.length, 2000, witness.length / 8 - 2]) {
      const wrong = witness.slice()
      wrong[signal * 8] = (wrong[signal * 8] ?? 0) ^ 1
      const proof = prover.prove(wrong, { r: 5n, s: 6n }, () => undefined)!
      expect(holds(proof, signals)).toBe(false)
      expect(await snarkVerifies(vkey, signals, proof)).toBe(false)
    }
  })

  it('leaves its memory as it was: the fifth proof is the first', () => {
    const witness = witnessOf(statementOf({ seed: 5 }))
    const blinding = { r: 11n, s: 12n }
    const first = prover.prove(witness, blinding, () => undefined)
    for (let repeat = 0; repeat < 3; repeat += 1) prover.prove(witness, blinding, () => undefined)
    expect(prover.prove(witness, blinding, () => undefined)).toEqual(first)
  })
})
