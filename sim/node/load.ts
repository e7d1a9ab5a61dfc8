/**
 * Payments in a run (BATCH-1 … BATCH-3): every seat collects its share of a steady stream, sends it
 * to the others in batches by the production pool, and leaders name what is ready. Bodies are made
 * and expanded by the production code; what executing a payment costs is charged to the processor.
 */
import { BatchPool, type HeldBatch } from '../../src/core/batch/batchPool.ts'
import { compactBody } from '../../src/core/batch/compactBody.ts'
import { expandBody } from '../../src/core/batch/expandBody.ts'
import { batchLimits } from '../../src/core/batch/limits.ts'
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import type { BuildRequest } from '../../src/core/bft/types.ts'
import { Batch, Body, HeldBatches, type Proposal } from '../../src/core/codec/chain.ts'
import { decodeBody } from '../../src/core/codec/decodeBody.ts'
import type { Instance } from './instance.ts'
import type { Message } from './message.ts'
import type { Network, Payments } from './network.ts'

export interface LoadOptions {
  /** Payments a second, over all seats. */
  readonly tps: number
  readonly transactionBytes: number
  readonly blockBytesMax: number
  readonly blockTransactionsMax: number
  /** Executing one payment, µs of the processor that also runs the agreement. */
  readonly executeEachUs: number
  /** Whether a batch of `from` reaches `to` at all. */
  readonly reaches: (from: Instance, to: Instance) => boolean
  /** Whether a leader takes batches of the seat `author` into its block. */
  readonly takes: (leader: Instance, author: number) => boolean
}

/** A batch on its way from being sent to being final at the first node. */
export interface FinishedBatch {
  readonly finalUs: number
  readonly latencyMs: number
  /** Its payments. */
  readonly count: number
}

interface Seat {
  readonly pool: BatchPool
  readonly batches: HeldBatch[]
  /** Keys of batches in blocks that are final here. */
  readonly final: Set<string>
  /** Payments collected so far, and sent. */
  collected: number
  sent: number
}

type ProposalMessage = Extract<Message, { type: 'proposal' }>

/** A request for batches by digest. */
const askBytes = 200

export class Load implements Payments {
  readonly #sim: Network
  readonly #options: LoadOptions
  readonly #seats = new Map<number, Seat>()
  /** Batches that a block includes, by the block's key. */
  readonly #included = new Map<string, readonly string[]>()
  /** When a batch was sent, µs, and its payments. */
  readonly #begun = new Map<string, { readonly atUs: number; readonly count: number }>()
  readonly #done = new Set<string>()
  /** Batch of each payment, by what makes it different. */
  readonly #keys = new Map<string, string>()
  /** Batches that are final somewhere. */
  readonly finished: FinishedBatch[] = []
  /** Batches that a seat lacked when a proposal named them. */
  fetched = 0

  constructor(sim: Network, options: LoadOptions) {
    this.#sim = sim
    this.#options = options
  }

  /** The seat collects and sends from now on. */
  begin(instance: Instance): void {
    const { env, seat: own } = instance
    if (own === undefined) return
    const powers = env.seats.map(({ power }) => power)
    const { epoch, attempt, quorumPower } = env
    const pool = new BatchPool({ epoch, attempt, powers, quorumPower, own })
    const seat = { pool, batches: [], final: new Set<string>(), collected: 0, sent: 0 }
    this.#seats.set(instance.id, seat)
    // Not all at once.
    const firstUs = (own * batchLimits.intervalMs * 1000) / powers.length
    this.#sim.queue.after(Math.floor(firstUs), () => {
      this.#tick(instance, seat)
    })
  }

  body(instance: Instance, request: BuildRequest): Uint8Array {
    const seat = this.#seats.get(instance.id)
    const taken = this.#takenBelow(instance, request.parent)
    const transactions: Uint8Array[] = []
    let sizeBytes = 0
    for (const batch of seat?.batches ?? []) {
      if (seat?.final.has(batch.key) === true || taken.has(batch.key)) continue
      if (seat?.pool.isReady(batch) !== true) continue
      if (!this.#options.takes(instance, batch.seat)) continue
      const isOver =
        sizeBytes + batch.sizeBytes > this.#options.blockBytesMax ||
        transactions.length + batch.transactions.length > this.#options.blockTransactionsMax
      if (isOver) break
      sizeBytes += batch.sizeBytes
      transactions.push(...batch.transactions)
    }
    return Body.encode({ transactions: request.isTail ? [] : transactions })
  }

  /** What executing or building the body costs, µs. */
  executeUs(body: Uint8Array): number {
    const decoded = decodeBody(body, bodyBytesMax)
    return decoded.ok ? decoded.value.transactions.length * this.#options.executeEachUs : 0
  }

  /** The proposal as it travels. */
  outgoing(from: Instance, message: ProposalMessage): ProposalMessage {
    const seat = this.#seats.get(from.id)
    const body = decodeBody(message.proposal.body, bodyBytesMax)
    if (seat === undefined || !body.ok) return message
    const parts = compactBody(body.value.transactions, (bytes) => seat.pool.placeOf(bytes))
    return { ...message, parts: [...parts] }
  }

  /** Calls `take` with the whole proposal when its batches are here. */
  arrived(
    from: Instance,
    to: Instance,
    message: ProposalMessage,
    take: (proposal: Proposal) => void,
  ): void {
    const seat = this.#seats.get(to.id)
    if (seat === undefined || message.parts === undefined) {
      take(message.proposal)
      return
    }
    const batchOf = (digest: Uint8Array): readonly Uint8Array[] | undefined =>
      seat.pool.get(digest)?.transactions
    const expanded = expandBody(message.parts, batchOf, bodyBytesMax)
    if (expanded.ok) {
      take({ ...message.proposal, body: expanded.value })
      return
    }
    if (expanded.error.code !== 'BATCHES_MISSING') return
    const { digests } = expanded.error
    this.fetched += digests.length
    // Of whom says to hold them, each seat of another.
    const holders = digests.map((digest) => this.#holder(seat, digest, to, from))
    let missing = digests.length
    for (const [index, digest] of digests.entries()) {
      const holder = holders[index] ?? from
      this.#fetch(to, holder, digest, () => {
        missing -= 1
        if (missing === 0) this.arrived(from, to, message, take)
      })
    }
  }

  /** A block that the node holds: which batches it includes. */
  note(key: string, bytes: Uint8Array): void {
    if (this.#included.has(key)) return
    const body = decodeBody(bytes, bodyBytesMax)
    if (!body.ok) return
    const keys = body.value.transactions.flatMap((bytes) => this.#keys.get(keyOf(bytes)) ?? [])
    this.#included.set(key, [...new Set(keys)])
  }

  final(instance: Instance, key: string): void {
    for (const batch of this.#included.get(key) ?? []) {
      this.#seats.get(instance.id)?.final.add(batch)
      const begun = this.#begun.get(batch)
      if (begun === undefined || this.#done.has(batch)) continue
      this.#done.add(batch)
      const finalUs = this.#sim.queue.nowUs
      const { atUs, count } = begun
      this.finished.push({ finalUs, latencyMs: (finalUs - atUs) / 1000, count })
    }
  }

  #takenBelow(instance: Instance, parent: string): ReadonlySet<string> {
    const taken = new Set<string>()
    let node = instance.state.blocks.get(parent as never)
    while (node !== undefined) {
      for (const key of this.#included.get(node.key) ?? []) taken.add(key)
      node = instance.state.blocks.get(node.parentKey)
    }
    return taken
  }

  #tick(instance: Instance, seat: Seat): void {
    const { queue, instances } = this.#sim
    if (instance.isUp) {
      seat.collected += (this.#options.tps / instances.length) * (batchLimits.intervalMs / 1000)
      this.#send(instance, seat)
      this.#say(instance, seat)
    }
    queue.after(batchLimits.intervalMs * 1000, () => {
      this.#tick(instance, seat)
    })
  }

  #send(instance: Instance, seat: Seat): void {
    const most = Math.floor(batchLimits.bytesMax / this.#options.transactionBytes)
    while (Math.floor(seat.collected) > seat.sent) {
      const count = Math.min(Math.floor(seat.collected) - seat.sent, most)
      const batch = this.#batch(seat, count)
      seat.sent += count
      const added = seat.pool.add(batch)
      if (added.type !== 'added') return
      seat.batches.push(added.batch)
      this.#begun.set(added.batch.key, { atUs: this.#sim.queue.nowUs, count })
      for (const bytes of batch.transactions) this.#keys.set(keyOf(bytes), added.batch.key)
      const { length } = Batch.encode(batch)
      for (const to of this.#others(instance)) {
        if (!this.#options.reaches(instance, to)) continue
        this.#sim.carry(instance, to, length, () => {
          this.#take(to, batch)
        })
      }
    }
  }

  /** What the seat holds of others, to everybody. */
  #say(instance: Instance, seat: Seat): void {
    const digests = [...seat.pool.takeUnsaid()]
    if (digests.length === 0) return
    const { length } = HeldBatches.encode({ epoch: seat.pool.epoch, digests })
    for (const to of this.#others(instance)) {
      this.#sim.carry(instance, to, length, () => {
        this.#seats.get(to.id)?.pool.noteHeld(seat.pool.own, digests)
      })
    }
  }

  #take(to: Instance, batch: Batch, how: 'authored' | 'fetched' = 'authored'): void {
    const seat = this.#seats.get(to.id)
    const added = seat?.pool.add(batch, how)
    if (added?.type === 'added') seat?.batches.push(added.batch)
  }

  #fetch(to: Instance, holder: Instance, digest: Uint8Array, done: () => void): void {
    this.#sim.carry(to, holder, askBytes, () => {
      const pool = this.#seats.get(holder.id)?.pool
      const held = pool?.get(digest)
      if (pool === undefined || held === undefined) return
      const { epoch, attempt } = pool
      const { seat, transactions } = held
      const batch = { epoch, attempt, seat, transactions: [...transactions] }
      this.#sim.carry(holder, to, held.sizeBytes, () => {
        this.#take(to, batch, 'fetched')
        done()
      })
    })
  }

  #holder(seat: Seat, digest: Uint8Array, to: Instance, from: Instance): Instance {
    const holders = seat.pool.holdersOf(digest).flatMap((own) => {
      return this.#sim.instances.filter((one) => one.seat === own && one.isUp)
    })
    const all = [from, ...holders]
    return all[to.id % all.length] ?? from
  }

  #others(instance: Instance): readonly Instance[] {
    return this.#sim.instances.filter((one) => one.id !== instance.id && one.seat !== undefined)
  }

  /** Payments that differ in their author and number alone. */
  #batch(seat: Seat, count: number): Batch {
    const transactions = Array.from({ length: count }, (_none, index) => {
      const bytes = new Uint8Array(this.#options.transactionBytes)
      const view = new DataView(bytes.buffer)
      view.setUint32(0, seat.pool.own)
      view.setUint32(4, seat.sent + index)
      return bytes
    })
    const { epoch, attempt, own } = seat.pool
    return { epoch, attempt, seat: own, transactions }
  }
}

function keyOf(transaction: Uint8Array): string {
  const view = new DataView(transaction.buffer, transaction.byteOffset)
  return `${String(view.getUint32(0))}:${String(view.getUint32(4))}`
}
