/** Receipts of the newest blocks that had any, for proofs (SYNC-2); older ones are not kept. */
import type { Receipt } from '../core/codec/state.ts'

/** Blocks with transactions: hours of a quiet chain, minutes of a full one. */
const blocksMax = 256

export class RecentReceipts {
  readonly #byHeight = new Map<number, readonly Receipt[]>()

  note(height: number, receipts: readonly Receipt[]): void {
    if (receipts.length === 0) return
    this.#byHeight.set(height, receipts)
    if (this.#byHeight.size <= blocksMax) return
    for (const oldest of this.#byHeight.keys()) {
      this.#byHeight.delete(oldest)
      return
    }
  }

  at(height: number): readonly Receipt[] | undefined {
    return this.#byHeight.get(height)
  }
}
