/**
 * Whom to ask for blocks: peers in turn, so that no few of them are always the first, and last
 * those that lately gave nothing. Who owes an answer is not asked again.
 */
import type { PeerId } from '../ports/transport.ts'

export class SyncPeers {
  readonly #pending = new Set<PeerId>()
  readonly #last = new Set<PeerId>()
  #turn = 0

  /** `first` is somebody who is said to be ahead. */
  next(connected: readonly PeerId[], first: PeerId | undefined, countMax: number): PeerId[] {
    for (const peer of this.#last) if (!connected.includes(peer)) this.#last.delete(peer)
    const free = connected.filter((peer) => !this.#pending.has(peer))
    const at = this.#turn % Math.max(1, free.length)
    const inTurn = [...free.slice(at), ...free.slice(0, at)]
    const rank = (peer: PeerId): number => (this.#last.has(peer) ? 2 : peer === first ? 0 : 1)
    const chosen = inTurn.toSorted((left, right) => rank(left) - rank(right)).slice(0, countMax)
    this.#turn += chosen.length
    return chosen
  }

  asked(peer: PeerId): void {
    this.#pending.add(peer)
  }

  /** `isUseful` unless it was late, failed, or says that it is ahead and shows nothing of it. */
  answered(peer: PeerId, isUseful: boolean): void {
    this.#pending.delete(peer)
    if (isUseful) this.#last.delete(peer)
    else this.#last.add(peer)
  }
}
