/**
 * Final blocks to followers (NET-7): the proposer publishes its block with the certificate; the
 * other seats step in one after the other when nobody did, so that one copy travels, not n.
 */
import type { CertifiedBlock } from '../core/codec/chain.ts'
import type { Clock } from '../ports/clock.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import { certifiedOf } from './chain.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { encodeMessage } from './wire.ts'

/** Distance between two seats that stand by. */
const standbyMs = 300

export class BlockFeed {
  readonly #clock: Clock
  readonly #transport: Transport
  /** Highest height seen on the topic. */
  #seenHeight = 0

  constructor(clock: Clock, transport: Transport) {
    this.#clock = clock
    this.#transport = transport
  }

  saw(height: number): void {
    this.#seenHeight = Math.max(this.#seenHeight, height)
  }

  /** By a seat, its own and those that others proposed. */
  offerAll(
    blocks: readonly StoredBlock[],
    proposers: readonly number[],
    running: Pick<RunningEpoch, 'seat' | 'committee'> | undefined,
  ): void {
    if (running?.seat === undefined) return
    const place = { seat: running.seat, seatCount: running.committee.seats.length }
    for (const [index, block] of blocks.entries()) {
      const proposer = proposers[index]
      if (proposer === undefined) continue
      this.#offer(certifiedOf(block), { ...place, height: block.height, proposer })
    }
  }

  #offer(
    block: CertifiedBlock,
    options: {
      readonly height: number
      readonly proposer: number
      readonly seat: number
      readonly seatCount: number
    },
  ): void {
    const { height, proposer, seat, seatCount } = options
    const rank = (seat - proposer + seatCount) % seatCount
    this.#clock.after(rank * standbyMs, () => {
      if (this.#seenHeight >= height) return
      this.saw(height)
      this.#transport.publish('blocks', encodeMessage({ type: 'block', block }))
    })
  }
}
