/**
 * Where transactions wait that came before this node could judge them: apart by kind, and little of
 * one sender, so that no flood keeps others out. Who gets so far has signed what waits here, or
 * what accuses it.
 */
import { decodeTransaction } from '../core/ledger/transactionBytes.ts'
import { roomOf } from './mempoolKey.ts'

export type EarlyRoom = 'sharing' | 'reviews' | 'proofs'

const heldMax = 64

/** A reviewer has 16 an epoch (ZK-4); of a validator 4 proofs wait for a block or a verifier. */
const heldOfOneMax: Readonly<Record<EarlyRoom, number>> = { sharing: 64, reviews: 16, proofs: 4 }

export class EarlyRooms {
  readonly #held = new Map<string, number>()

  /** Undefined when there is no place, else what gives it back. */
  enter(room: EarlyRoom, bytes: Uint8Array): (() => void) | undefined {
    const decoded = decodeTransaction(bytes, bytes.length)
    if (!decoded.ok) return undefined
    const ofOne = `${room}:${roomOf(decoded.value)}`
    if (this.#count(room) >= heldMax || this.#count(ofOne) >= heldOfOneMax[room]) return undefined
    this.#add(room, 1)
    this.#add(ofOne, 1)
    return () => {
      this.#add(room, -1)
      this.#add(ofOne, -1)
    }
  }

  #count(name: string): number {
    return this.#held.get(name) ?? 0
  }

  #add(name: string, change: 1 | -1): void {
    const count = this.#count(name) + change
    if (count > 0) this.#held.set(name, count)
    else this.#held.delete(name)
  }
}
