/**
 * The second thread as the first one sees it (ZK-12): it is handed the tables of a key, then sums
 * for one witness after the other. After a fault it is ended, and says that fault to every request.
 */

import { err, ok } from '../../../src/core/base/result.ts'
import type { ThreadFault } from '../../../src/ports/prover.ts'
import type { PointTable, ProvingKey } from '../groth16/provingKey.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes } from '../kernel/limbs.ts'
import {
  decodeReply,
  type HandedTable,
  type OpenThread,
  type ThreadChannel,
  type ThreadResult,
} from './protocol.ts'

/** What it takes its tables from. */
export interface KeyInKernel {
  readonly kernel: Kernel
  readonly key: ProvingKey
}

/** Waits for an answer no longer than this, in milliseconds. */
export type Waiting<T> = (silentMs: number) => Promise<ThreadResult<T>>

type Settle = (answer: ThreadResult<Uint8Array>) => void

export class SecondThread {
  readonly #channel: ThreadChannel
  readonly #isShared: boolean
  /** By the number of the request. */
  readonly #pending = new Map<number, Settle>()
  #key: ProvingKey | undefined
  /** One for all proofs of a key, in shared memory; wiped after each. */
  #witness: Uint32Array | undefined
  #lastId = 0
  #fault: ThreadFault | undefined

  private constructor(channel: ThreadChannel, isShared: boolean) {
    this.#channel = channel
    this.#isShared = isShared
    channel.listen(
      (reply) => this.#receive(reply),
      () => this.close('THREAD_FAILED'),
    )
  }

  /** `isShared`: words go over in memory that both threads have, and are not handed over. */
  static start(open: OpenThread, isShared: boolean): ThreadResult<SecondThread> {
    const channel = open()
    if (channel === undefined) return err({ code: 'THREAD_ABSENT' })
    return ok(new SecondThread(channel, isShared))
  }

  get fault(): ThreadFault | undefined {
    return this.#fault
  }

  has(key: ProvingKey): boolean {
    return this.#key === key
  }

  /** Hands a key's tables over. Requests after it may be made before it is answered. */
  load({ kernel, key }: KeyInKernel): Waiting<void> {
    this.#key = key
    this.#witness = undefined
    const table = (points: PointTable, coordinates: number): HandedTable => {
      const from = points.address / 4
      const count = (points.scalarIndexes.length * coordinates * elementBytes) / 4
      return {
        words: this.#copy(kernel.memory.words.subarray(from, from + count)),
        scalarIndexes: this.#copy(points.scalarIndexes),
      }
    }
    const [a, b1, b2] = [table(key.a, 2), table(key.b1, 2), table(key.b2, 4)]
    const parts = [a, b1, b2].flatMap(({ words, scalarIndexes }) => [words, scalarIndexes])
    const answer = this.#ask(parts, (id) => ({ kind: 'load', id, a, b1, b2 }))
    return async (silentMs) => {
      const ready = await answer(silentMs)
      return ready.ok ? ok(undefined) : ready
    }
  }

  /** Begins the sums of the key that was loaded last, of which the answer has the bytes. */
  sums(witness: Uint32Array, pointsMax?: number): Waiting<Uint8Array> {
    const given = this.#give(witness)
    const limit = pointsMax === undefined ? {} : { pointsMax }
    const answer = this.#ask([given], (id) => ({ kind: 'sums', id, witness: given, ...limit }))
    return async (silentMs) => {
      const sums = await answer(silentMs)
      // By now the thread has read it, or is ended.
      if (given.length > 0) given.fill(0)
      return sums
    }
  }

  /** Ends the thread: who waits is answered with this code, as is every later request. */
  close(code: ThreadFault = 'THREAD_FAILED'): void {
    if (this.#fault !== undefined) return
    this.#fault = code
    this.#channel.terminate()
    const waiting = [...this.#pending.values()]
    this.#pending.clear()
    for (const settle of waiting) settle(err({ code }))
  }

  #ask(
    parts: readonly Uint32Array[],
    messageOf: (id: number) => Parameters<ThreadChannel['post']>[0],
  ): Waiting<Uint8Array> {
    if (this.#fault !== undefined) {
      const refused = err({ code: this.#fault })
      return () => Promise.resolve(refused)
    }
    this.#lastId += 1
    const id = this.#lastId
    const answer = new Promise<ThreadResult<Uint8Array>>((resolve) => {
      this.#pending.set(id, resolve)
    })
    const buffers = parts.map(({ buffer }) => buffer)
    this.#channel.post(
      messageOf(id),
      buffers.filter((buffer) => buffer instanceof ArrayBuffer),
    )
    return async (silentMs) => {
      const timer = setTimeout(() => {
        if (this.#pending.has(id)) this.close('THREAD_SILENT')
      }, silentMs)
      const settled = await answer
      clearTimeout(timer)
      return settled
    }
  }

  #receive(data: unknown): void {
    const reply = decodeReply(data)
    const settle = reply === undefined ? undefined : this.#pending.get(reply.id)
    if (reply === undefined || settle === undefined) {
      this.close('THREAD_MALFORMED')
      return
    }
    this.#pending.delete(reply.id)
    settle(ok(reply.kind === 'ready' ? new Uint8Array() : reply.bytes))
  }

  #give(witness: Uint32Array): Uint32Array {
    if (!this.#isShared) return witness.slice()
    if (this.#witness?.length !== witness.length) this.#witness = this.#allocate(witness.length)
    this.#witness.set(witness)
    return this.#witness
  }

  #copy(words: Uint32Array): Uint32Array {
    const copy = this.#allocate(words.length)
    copy.set(words)
    return copy
  }

  #allocate(count: number): Uint32Array {
    const bytes = 4 * count
    return new Uint32Array(this.#isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes))
  }
}
