/**
 * What each connected peer says that it has. Claims are held by peer and go with it: who is gone,
 * or turned out to be of another chain (ENC-2), has claimed nothing.
 */

import type { PeerId } from '../../src/ports/transport.ts'

interface Claim {
  /** Its newest block, as it says; undefined once it gave nothing of what it claimed. */
  readonly height?: number | undefined
  /** The lowest block that it holds, as it said when it gave nothing. */
  readonly lowest?: number | undefined
  /** It was asked for blocks from this height on, and gave none. */
  readonly noneFrom?: number | undefined
  /** It did not answer when it was asked last. */
  readonly isSilent?: boolean
}

export class PeerClaims {
  readonly #connected: () => readonly PeerId[]
  readonly #claims = new Map<PeerId, Claim>()
  readonly #strangers = new Set<PeerId>()

  constructor(connected: () => readonly PeerId[]) {
    this.#connected = connected
  }

  /** Connected peers that are not known to be of another chain. */
  members(): readonly PeerId[] {
    const connected = new Set(this.#connected())
    for (const peer of this.#claims.keys()) if (!connected.has(peer)) this.#claims.delete(peer)
    for (const peer of this.#strangers) if (!connected.has(peer)) this.#strangers.delete(peer)
    return [...connected].filter((peer) => !this.#strangers.has(peer))
  }

  noteStranger(peer: PeerId, isOne: boolean): void {
    if (!isOne) this.#strangers.delete(peer)
    else {
      this.#strangers.add(peer)
      this.#claims.delete(peer)
    }
  }

  /** It says, or shows by gossip, that it has a block of this height. */
  claims(peer: PeerId, height: number): void {
    const known = this.#claims.get(peer)
    this.#note(peer, { ...known, height: Math.max(height, known?.height ?? 0), isSilent: false })
  }

  /** It was asked for blocks and gave some, up to `tipHeight` as it says. */
  gave(peer: PeerId, tipHeight: number): void {
    this.#note(peer, { height: tipHeight })
  }

  /** It was asked for blocks and gave none: it has nothing for us, whatever it claimed. */
  gaveNone(peer: PeerId, noneFrom: number, lowest: number): void {
    this.#note(peer, { noneFrom, lowest })
  }

  didNotAnswer(peer: PeerId): void {
    this.#note(peer, { ...this.#claims.get(peer), height: undefined, isSilent: true })
  }

  /** Who says to have the block of this height. */
  having(height: number): readonly PeerId[] {
    return this.members().filter((peer) => (this.#claims.get(peer)?.height ?? -1) >= height)
  }

  highest(): number | undefined {
    const heights = this.members().flatMap((peer) => this.#claims.get(peer)?.height ?? [])
    return heights.length === 0 ? undefined : Math.max(...heights)
  }

  /**
   * SYNC-4: the lowest block that anybody holds, when everybody who answers has forgotten the one
   * of this height or has none. Who has not been asked for it yet may have it.
   */
  prunedBelow(height: number): number | undefined {
    let lowest: number | undefined
    for (const peer of this.members()) {
      const claim = this.#claims.get(peer)
      if (claim?.lowest !== undefined && claim.lowest > height) {
        lowest = Math.min(claim.lowest, lowest ?? claim.lowest)
      } else if (!hasNone(claim, height)) return undefined
    }
    return lowest
  }

  #note(peer: PeerId, claim: Claim): void {
    if (this.members().includes(peer)) this.#claims.set(peer, claim)
  }
}

function hasNone(claim: Claim | undefined, height: number): boolean {
  if (claim === undefined) return false
  if (claim.isSilent === true || claim.noneFrom === height) return true
  return claim.height !== undefined && claim.height < height
}
