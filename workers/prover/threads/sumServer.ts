/** The second thread's side of the conversation (ZK-12): a kernel with three tables of a key. */

import type { PointTable } from '../groth16/provingKey.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import type { FromThread, HandedTable, LoadTables, ToThread } from './protocol.ts'
import { answerSums, type WitnessTables } from './witnessSums.ts'

interface Loaded {
  readonly kernel: Kernel
  readonly tables: WitnessTables
}

export class SumServer {
  readonly #reply: (reply: FromThread) => void
  readonly #makeKernel: () => Kernel
  #loaded: Loaded | undefined

  constructor(reply: (reply: FromThread) => void, makeKernel = createKernel) {
    this.#reply = reply
    this.#makeKernel = makeKernel
  }

  /** What it cannot do it throws: the thread ends, and the first one makes these sums. */
  take(message: ToThread): void {
    const { id } = message
    if (message.kind === 'load') {
      // Before the next one is made: a key's memory is given back with its kernel.
      this.#loaded = undefined
      this.#loaded = loadTables(this.#makeKernel(), message)
      this.#reply({ kind: 'ready', id })
      return
    }
    if (this.#loaded === undefined) throw new Error('sums were asked for before a key came')
    const { kernel, tables } = this.#loaded
    const { witness, pointsMax } = message
    this.#reply({ kind: 'sums', id, bytes: answerSums(kernel, tables, witness, pointsMax) })
    // It is secret, and here for this one proof.
    if (isOwn(witness)) witness.fill(0)
  }
}

/** Shared memory is the first thread's, which wipes it itself. */
function isOwn({ buffer }: Uint32Array): boolean {
  return buffer instanceof ArrayBuffer
}

function loadTables(kernel: Kernel, { a, b1, b2 }: LoadTables): Loaded {
  const load = ({ words, scalarIndexes }: HandedTable): PointTable => {
    const address = kernel.memory.take(4 * words.length)
    kernel.memory.words.set(words, address / 4)
    return { address, scalarIndexes }
  }
  return { kernel, tables: { a: load(a), b1: load(b1), b2: load(b2) } }
}
