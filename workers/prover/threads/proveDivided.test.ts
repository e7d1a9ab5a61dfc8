/** Proofs by two threads of Node against those of one, and what a bad second thread costs. */

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import { testScenario } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../../src/core/emotion/statement.ts'
import { startSumThread, type Sabotage } from '../../../test/support/sumThread.ts'
import { Groth16Prover } from '../groth16/groth16Prover.ts'
import { proveDivided } from './proveDivided.ts'
import { SecondThread } from './secondThread.ts'

vi.setConfig({ testTimeout: 180_000 })

const blinding = { r: fieldOrder - 7n, s: 3n ** 150n % fieldOrder }
let prover: Groth16Prover
let witness: Uint32Array
let expected: EmotionalProof | undefined
const started: SecondThread[] = []

beforeAll(async () => {
  await ensureArtifacts()
  const loaded = await Groth16Prover.load(
    new Uint8Array(readArtifact('wasm')),
    readArtifact('zkey'),
  )
  const statement = buildStatement(testScenario({ seed: 5 }))
  if (!loaded.ok || !statement.ok) throw new Error('the circuit cannot be loaded')
  prover = loaded.value
  const made = prover.witness(statement.value.circuitInput)
  if (!made.ok) throw new Error(made.error.reason)
  witness = made.value
  expected = prover.prove(witness, blinding, () => undefined)
}, ensureTimeoutMs)

afterEach(() => {
  for (const thread of started.splice(0)) thread.close()
})

async function threadOf(sabotage: Sabotage, isShared = true): Promise<SecondThread> {
  const thread = SecondThread.start(() => startSumThread(sabotage), isShared)
  if (!thread.ok) throw new Error(thread.error.code)
  started.push(thread.value)
  expect(await thread.value.load(prover.loaded)(60_000)).toMatchObject({ ok: true })
  return thread.value
}

async function prove(thread: SecondThread): Promise<{
  readonly proof: EmotionalProof | undefined
  readonly faults: readonly string[]
  readonly shares: readonly number[]
}> {
  const faults: string[] = []
  const shares: number[] = []
  const { kernel, key, domain } = prover.loaded
  const before = kernel.memory.mark()
  const proof = await proveDivided(kernel, {
    key,
    domain,
    witness,
    blinding,
    thread,
    onShare: (share) => shares.push(share),
    onFault: (code) => faults.push(code),
  })
  expect(kernel.memory.mark()).toBe(before)
  return { proof, faults, shares }
}

describe('ZK-12 two threads for one proof', () => {
  it.each([true, false])('give the proof of one, shared memory %s', async (isShared) => {
    const thread = await threadOf('none', isShared)
    for (let run = 0; run < 2; run += 1) {
      const { proof, faults, shares } = await prove(thread)
      expect(proof).toEqual(expected)
      expect(faults).toEqual([])
      expect(shares).toEqual([...shares].sort((left, right) => left - right))
      expect([shares[0], shares.at(-1)]).toEqual([0, 1])
    }
    expect(witness.some((word) => word !== 0)).toBe(true)
  })

  it.each([
    ['exit', 'THREAD_FAILED'],
    ['throw', 'THREAD_FAILED'],
    ['silent', 'THREAD_SILENT'],
    ['infinity', 'THREAD_MALFORMED'],
    ['off the curve', 'THREAD_MALFORMED'],
    ['above the order', 'THREAD_MALFORMED'],
    ['too short', 'THREAD_MALFORMED'],
    ['no reply', 'THREAD_MALFORMED'],
    ['another number', 'THREAD_MALFORMED'],
  ] as const)('a thread with %s costs no proof', async (sabotage, code) => {
    const { proof, faults } = await prove(await threadOf(sabotage))
    expect(faults).toEqual([code])
    expect(proof).toEqual(expected)
  })
})
