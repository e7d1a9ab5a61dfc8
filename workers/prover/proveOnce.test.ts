/** A proof is made, whatever the second thread does: on threads of Node, checked as ever. */

import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../circuits/tests/artifacts.fixture.ts'
import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { err, ok } from '../../src/core/base/result.ts'
import { decodeProof, encodeProof } from '../../src/core/emotion/proofCodec.ts'
import { publicSignals } from '../../src/core/emotion/publicSignals.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import type { Acceleration } from '../../src/ports/prover.ts'
import { startSumThread, type Sabotage } from '../../test/support/sumThread.ts'
import type { ProofWork } from './attempt.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'
import { createPairingKernel } from './pairing/pairingKernel.ts'
import { loadVerifyingKey, type VerifyingKey } from './pairing/verifyingKey.ts'
import { verifyProofs } from './pairing/verifyProofs.ts'
import { proveOnce } from './proveOnce.ts'
import type { ProverOutcome } from './protocol.ts'
import type { ThreadChannel } from './threads/protocol.ts'
import { Threads } from './threads/threads.ts'

vi.setConfig({ testTimeout: 180_000 })

const blinding = { r: 11n, s: 12n }
const made = buildStatement(testScenario({ seed: 5 }))
if (!made.ok) throw new Error(made.error.code)
const statement = made.value
const released: (() => void)[] = []
let prover: Groth16Prover
let key: VerifyingKey
let witness: Uint32Array
let expected: Uint8Array

beforeAll(async () => {
  await ensureArtifacts()
  const loaded = await Groth16Prover.load(
    new Uint8Array(readArtifact('wasm')),
    readArtifact('zkey'),
  )
  const loadedKey = loadVerifyingKey(createPairingKernel(), readArtifact('vkey'))
  if (!loaded.ok || !loadedKey.ok) throw new Error('the circuit cannot be loaded')
  prover = loaded.value
  key = loadedKey.value
  const found = prover.witness(statement.circuitInput)
  if (!found.ok) throw new Error(found.error.reason)
  witness = found.value
  expected = encodeProof(prover.prove(witness, blinding, () => undefined)!)
}, ensureTimeoutMs)

afterEach(() => {
  asked = 0
  for (const release of released.splice(0)) release()
})

/** How often any thread was asked for sums. */
let asked = 0

function threadsOf(sabotage: Sabotage): Threads {
  const platform = { isShared: true, cores: 2, files: () => Promise.resolve(undefined) }
  const open = (): ThreadChannel => {
    const channel = startSumThread(sabotage)
    const post: typeof channel.post = (message, handedOver) => {
      if (message.kind === 'sums') asked += 1
      channel.post(message, handedOver)
    }
    return { ...channel, post }
  }
  const threads = new Threads('forced', webRandom, { ...platform, open })
  released.push(() => threads.release())
  return threads
}

interface Made {
  readonly outcome: ProverOutcome
  /** By whom the last step was made. */
  readonly by: Acceleration | undefined
  /** How many proofs were checked. */
  readonly checked: number
}

async function prove(threads: Threads | undefined, of = witness): Promise<Made> {
  let [by, checked]: [Acceleration | undefined, number] = [undefined, 0]
  const work: ProofWork = {
    prover,
    witness: of,
    blinding,
    onShare: (_, now) => (by = now),
    accept(bytes) {
      checked += 1
      const proof = decodeProof(bytes)
      if (!proof.ok) return Promise.resolve(proof)
      const signals = publicSignals(statement.publicInputs)
      const [fault] = verifyProofs(key, [{ proof: proof.value, signals }], webRandom)
      return Promise.resolve(fault === undefined ? ok(bytes) : err({ code: fault }))
    },
  }
  const outcome = await proveOnce(work, { acceleration: undefined, threads })
  return { outcome, by, checked }
}

describe('ZK-12 a proof with a second thread', () => {
  it('says who made it, and nothing where nothing was to be chosen', async () => {
    expect(await prove(threadsOf('none'))).toEqual({
      outcome: ok(expected),
      by: { by: 'threads' },
      checked: 1,
    })
    expect(await prove(undefined)).toEqual({ outcome: ok(expected), by: undefined, checked: 1 })
  })

  it.each([
    ['exit', 'THREAD_FAILED'],
    ['off the curve', 'THREAD_MALFORMED'],
  ] as const)('is the same by one thread after %s, and after that', async (sabotage, thread) => {
    const threads = threadsOf(sabotage)
    for (let proof = 0; proof < 2; proof += 1) {
      expect(await prove(threads)).toEqual({
        outcome: ok(expected),
        by: { by: 'cpu', thread },
        checked: 1,
      })
    }
    expect(asked).toBe(1)
  })

  it('is made again when it does not hold, and the thread that erred is used no more', async () => {
    const threads = threadsOf('wrong')
    const by = { by: 'cpu', thread: 'THREAD_WRONG' } as const
    expect(await prove(threads)).toEqual({ outcome: ok(expected), by, checked: 2 })
    expect(await prove(threads)).toEqual({ outcome: ok(expected), by, checked: 1 })
  })

  it('does not hold of a false statement by any number, and no thread is blamed', async () => {
    const threads = threadsOf('none')
    const wrong = witness.slice()
    wrong[8 * 2000] = (wrong[8 * 2000] ?? 0) ^ 1
    const refused = { ok: false, error: { code: 'PROOF_INVALID' } }
    expect(await prove(threads, wrong)).toMatchObject({ outcome: refused, checked: 2 })
    expect(await prove(threads)).toMatchObject({ outcome: ok(expected), by: { by: 'threads' } })
    // One thread made it already: there is nothing to compare.
    expect(await prove(threadsOf('exit'), wrong)).toMatchObject({ outcome: refused, checked: 1 })
  })
})
