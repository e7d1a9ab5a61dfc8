/** What is left of a witness in the two threads once its sums are there. */

import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { startSumThread, type Sabotage } from '../../../test/support/sumThread.ts'
import { Groth16Prover } from '../groth16/groth16Prover.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import { decodeSums, type FromThread, type ToThread } from './protocol.ts'
import { SecondThread } from './secondThread.ts'
import { SumServer } from './sumServer.ts'
import { answerSums } from './witnessSums.ts'

let prover: Groth16Prover
let witness: Uint32Array
const started: SecondThread[] = []

beforeAll(async () => {
  await ensureArtifacts()
  const loaded = await Groth16Prover.load(
    new Uint8Array(readArtifact('wasm')),
    readArtifact('zkey'),
  )
  if (!loaded.ok) throw new Error(loaded.error.code)
  prover = loaded.value
  // Its sums are what is asked for, and no proof.
  witness = new Uint32Array(8 * prover.loaded.key.signalCount).map((_, at) => at % 8)
}, ensureTimeoutMs)

afterEach(() => {
  for (const thread of started.splice(0)) thread.close()
})

/** A thread of which the messages are seen. */
async function watched(
  isShared: boolean,
  sabotage: Sabotage = 'none',
): Promise<{ readonly thread: SecondThread; readonly posted: readonly ToThread[] }> {
  const posted: ToThread[] = []
  const channel = startSumThread(sabotage)
  const post: typeof channel.post = (message, handedOver) => {
    channel.post(message, handedOver)
    posted.push(message)
  }
  const thread = SecondThread.start(() => ({ ...channel, post }), isShared)
  if (!thread.ok) throw new Error(thread.error.code)
  started.push(thread.value)
  expect(await thread.value.load(prover.loaded)(60_000)).toMatchObject({ ok: true })
  return { thread: thread.value, posted }
}

function witnessIn(posted: readonly ToThread[]): Uint32Array {
  const last = posted.at(-1)
  if (last?.kind !== 'sums') throw new Error('no sums were asked for')
  return last.witness
}

describe('ZK-12 the witness', () => {
  it.each(['none', 'silent', 'exit'] as const)(
    'is wiped from shared memory, thread: %s',
    async (sabotage) => {
      const { thread, posted } = await watched(true, sabotage)
      const sums = thread.sums(witness)
      expect(witnessIn(posted)).toEqual(witness)
      expect(witnessIn(posted).buffer).toBeInstanceOf(SharedArrayBuffer)
      expect(await sums(sabotage === 'silent' ? 100 : 60_000)).toMatchObject({
        ok: sabotage === 'none',
      })
      expect(witnessIn(posted).length).toBe(witness.length)
      expect(witnessIn(posted).every((word) => word === 0)).toBe(true)
    },
  )

  it('is handed over where no memory is shared, and no copy stays here', async () => {
    const { thread, posted } = await watched(false)
    const sums = await thread.sums(witness)(60_000)
    expect(sums).toMatchObject({ ok: true })
    expect(witnessIn(posted).length).toBe(0)
  })

  it('is wiped in the thread: what was handed over, and all that was made of it', () => {
    const kernels: Kernel[] = []
    const replies: FromThread[] = []
    const server = new SumServer(
      (reply) => replies.push(reply),
      () => {
        kernels.push(createKernel())
        return kernels.at(-1)!
      },
    )
    const { kernel, key } = prover.loaded
    const table = (name: 'a' | 'b1' | 'b2'): { words: Uint32Array; scalarIndexes: Uint32Array } => {
      const { address, scalarIndexes } = key[name]
      const count = scalarIndexes.length * (name === 'b2' ? 36 : 18)
      return { words: kernel.memory.words.slice(address / 4, address / 4 + count), scalarIndexes }
    }
    server.take({ kind: 'load', id: 1, a: table('a'), b1: table('b1'), b2: table('b2') })
    const shared = new Uint32Array(new SharedArrayBuffer(witness.byteLength))
    shared.set(witness)
    const own = witness.slice()
    server.take({ kind: 'sums', id: 2, witness: own })
    expect(own.every((word) => word === 0)).toBe(true)
    server.take({ kind: 'sums', id: 3, witness: shared })
    expect(shared).toEqual(witness)
    const bytes = answerSums(kernel, key, witness)
    expect(decodeSums(bytes)).toMatchObject({ ok: true })
    expect(replies).toEqual([
      { kind: 'ready', id: 1 },
      { kind: 'sums', id: 2, bytes },
      { kind: 'sums', id: 3, bytes },
    ])
    const { memory } = kernels[0]!
    const rest = memory.words.subarray(memory.mark() / 4)
    expect(rest.length).toBeGreaterThan(witness.length)
    expect(rest.every((word) => word === 0)).toBe(true)
  })

  it('is taken by no thread that has no key', () => {
    const server = new SumServer(() => undefined)
    expect(() => server.take({ kind: 'sums', id: 1, witness })).toThrow('before a key')
  })
})
