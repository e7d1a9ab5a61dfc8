/**
 * Keeps this node connected (NET-1, NET-5, NET-12): relays always, kept peers always, others up to
 * a target; a pair that only has a relayed path keeps trying for a direct one, and gives the
 * relayed one up once it has it.
 *
 * libp2p does not re-dial on its own, so everything that must come back comes back from here.
 */
import type { Libp2p } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { PeerId } from '../../ports/transport.ts'
import { randomBelow } from './backoff.ts'
import type { NetworkCounters } from './counters.ts'
import { planDial, planVisit, type DialStep } from './dialPlan.ts'
import { isRelayed } from './paths.ts'
import type { BookEntry, PeerBook } from './peerBook.ts'
import { parsePeer, peerOfAddress } from './peerRecords.ts'
import type { PeerTable } from './peerTable.ts'

export const meshTimes = {
  /**
   * Of two peers that learn of each other, the one with the greater id dials this much later: a
   * WebRTC handshake through a relay on busy devices is over by then, and not made twice.
   */
  yieldMs: 3_000,
  /** A relayed path beside a direct one is closed after this. */
  redundantMs: 2_000,
  /** A peer that was only asked something stays connected for so long: it may be asked again. */
  visitMs: 10_000,
} as const

export const meshLimits = { diallingMax: 4, viaMax: 2 } as const

export interface MeshContext {
  readonly host: Libp2p
  readonly self: PeerId
  readonly peers: PeerTable
  readonly book: PeerBook
  readonly clock: Clock
  readonly random: Random
  readonly counters: NetworkCounters
  readonly isBlocked: (peer: PeerId) => boolean
  readonly peersTarget: number
}

export class Mesh {
  readonly #context: MeshContext
  /** Relays of others, connected for a visit alone, by how many visits there are. */
  readonly #visited = new Map<PeerId, number>()
  #dialling = 0

  constructor(context: MeshContext) {
    this.#context = context
  }

  tick(): void {
    const nowMs = this.#context.clock.nowMs()
    for (const entry of this.#due(nowMs)) {
      if (this.#dialling >= meshLimits.diallingMax) break
      void this.#dial(entry)
    }
    this.#closeRedundant(nowMs)
  }

  /** Dials one peer now, whatever the back-off says; true when a connection is open afterwards. */
  async reach(peer: PeerId): Promise<boolean> {
    const entry = this.#context.book.get(peer)
    if (entry === undefined || entry.dialling) return this.#context.peers.best(peer) !== undefined
    await this.#dial(entry)
    return this.#context.peers.best(peer) !== undefined
  }

  /** Whether this node is at that relay for a visit alone: it asks for no reservation there. */
  isVisited(relay: PeerId): boolean {
    return this.#visited.has(relay)
  }

  /**
   * Dials a peer that somebody wants to ask something, also one of which only the id is known: its
   * own relay may be ours too, or it is said to be reached `via` others. Through relays first: a
   * question is over before a direct path is made. Above the target of peers the connection ends
   * after a while, and so do those to relays of others.
   */
  async visit(peer: PeerId, via: readonly string[] = []): Promise<void> {
    const { book, peers, clock, isBlocked, self } = this.#context
    if (parsePeer(peer) === undefined || peer === self || isBlocked(peer)) return
    const said = via.slice(0, meshLimits.viaMax).flatMap((address) => {
      const relay = peerOfAddress(address)
      const isRelay = relay !== undefined && relay !== peer && relay !== self
      return isRelay && address.endsWith(`/p2p/${relay}`) ? [{ relay, address }] : []
    })
    const foreign = said.map(({ relay }) => relay).filter((relay) => this.#isForeign(relay))
    for (const relay of foreign) this.#visited.set(relay, (this.#visited.get(relay) ?? 0) + 1)
    book.learn(peer, [])
    const relays = [...this.#relayAddresses(peer), ...said.map(({ address }) => address)]
    const step = planVisit(peer, relays)
    const isReached = step !== undefined && (await this.#dialStep(step))
    if (!isReached) await this.reach(peer)
    if (peers.best(peer) === undefined) this.#endVisit(peer, foreign)
    else clock.after(meshTimes.visitMs, () => this.#endVisit(peer, foreign))
  }

  /** Not connected for a reason of its own. */
  #isForeign(relay: PeerId): boolean {
    const { peers, book } = this.#context
    const entry = book.get(relay)
    const isOwn = entry?.isBootstrap === true || entry?.isKept === true
    return !isOwn && (this.#visited.has(relay) || peers.best(relay) === undefined)
  }

  #endVisit(peer: PeerId, foreign: readonly PeerId[]): void {
    this.#leave(peer)
    for (const relay of foreign) {
      const visits = (this.#visited.get(relay) ?? 1) - 1
      if (visits > 0) {
        this.#visited.set(relay, visits)
        continue
      }
      this.#visited.delete(relay)
      for (const connection of this.#context.peers.connections(relay)) {
        void connection.close().catch(ignore)
      }
    }
  }

  #leave(peer: PeerId): void {
    const { book, peers, peersTarget } = this.#context
    const entry = book.get(peer)
    if (entry?.isKept === true || entry?.isBootstrap === true || peers.isRelay(peer)) return
    const members = peers.connected().filter((one) => !peers.isRelay(one)).length
    if (members <= peersTarget) return
    for (const connection of peers.connections(peer)) void connection.close().catch(ignore)
  }

  /** Relays and kept peers first; then peers to improve; then new ones, in random order. */
  #due(nowMs: number): readonly BookEntry[] {
    const { book, peers, self, isBlocked } = this.#context
    const due = book
      .entries()
      .filter(
        (entry) =>
          entry.peer !== self &&
          !entry.dialling &&
          entry.nextDialMs <= nowMs &&
          !isBlocked(entry.peer) &&
          !this.#hasDirect(entry.peer) &&
          nowMs - entry.sinceMs >= this.#yieldMs(entry),
      )
    const wanted = due.filter((entry) => entry.isBootstrap || entry.isKept)
    const relayed = due.filter((entry) => !wanted.includes(entry) && peers.best(entry.peer))
    const others = due.filter((entry) => !wanted.includes(entry) && !relayed.includes(entry))
    return [...wanted, ...relayed, ...this.#choose(others)]
  }

  #choose(entries: readonly BookEntry[]): readonly BookEntry[] {
    const { peers, peersTarget, random } = this.#context
    const members = peers.connected().filter((peer) => !peers.isRelay(peer)).length
    const pool = [...entries]
    const chosen: BookEntry[] = []
    while (pool.length > 0 && members + chosen.length < peersTarget) {
      chosen.push(...pool.splice(randomBelow(random, pool.length), 1))
    }
    return chosen
  }

  #yieldMs(entry: BookEntry): number {
    return entry.isBootstrap || this.#context.self < entry.peer ? 0 : meshTimes.yieldMs
  }

  #hasDirect(peer: PeerId): boolean {
    const best = this.#context.peers.best(peer)
    return best !== undefined && !isRelayed(best)
  }

  async #dial(entry: BookEntry): Promise<void> {
    const { clock } = this.#context
    entry.dialling = true
    this.#dialling += 1
    try {
      await this.#runPlan(entry)
    } finally {
      entry.dialling = false
      this.#dialling -= 1
    }
    if (this.#hasDirect(entry.peer)) {
      entry.backoff.reset()
      // Lost at once, it is not dialled in a tight loop.
      entry.nextDialMs = clock.nowMs() + 500
    } else {
      entry.nextDialMs = clock.nowMs() + entry.backoff.nextMs()
    }
  }

  async #runPlan(entry: BookEntry): Promise<void> {
    const { peers } = this.#context
    const steps = planDial({
      peer: entry.peer,
      addresses: entry.addresses,
      relays: entry.isBootstrap ? [] : this.#relayAddresses(entry.peer),
      hasRelayedPath: peers.best(entry.peer) !== undefined,
    })
    for (const step of steps) {
      for (let attempt = 0; attempt < step.attempts; attempt += 1) {
        if (this.#hasDirect(entry.peer)) return
        if (await this.#dialStep(step)) return
      }
    }
  }

  async #dialStep(step: DialStep): Promise<boolean> {
    const { host, counters } = this.#context
    try {
      await host.dial(
        step.addresses.map((address) => multiaddr(address)),
        { signal: AbortSignal.timeout(step.timeoutMs) },
      )
      counters.dialsOk += 1
      return true
    } catch {
      counters.dialsFailed += 1
      return false
    }
  }

  #relayAddresses(target: PeerId): readonly string[] {
    const { peers, book } = this.#context
    const addresses: string[] = []
    for (const relay of peers.connected()) {
      if (relay === target || !peers.isRelay(relay)) continue
      const connection = peers.best(relay)
      if (connection === undefined || isRelayed(connection)) continue
      // The address that we dialled; of a relay that dialled us, one that it told us.
      const outbound = connection.direction === 'outbound' ? connection.remoteAddr.toString() : ''
      const address = outbound === '' ? book.get(relay)?.addresses[0] : outbound
      if (address === undefined) continue
      addresses.push(address.endsWith(`/p2p/${relay}`) ? address : `${address}/p2p/${relay}`)
    }
    return addresses
  }

  /** The smaller id closes relayed connections beside a direct one, so that only one end does. */
  #closeRedundant(nowMs: number): void {
    const { peers, self } = this.#context
    for (const peer of peers.connected()) {
      if (self > peer || !this.#hasDirect(peer)) continue
      const best = peers.best(peer)
      if (best === undefined || nowMs - best.timeline.open < meshTimes.redundantMs) continue
      for (const connection of peers.connections(peer)) {
        if (connection !== best && isRelayed(connection)) void connection.close().catch(ignore)
      }
    }
  }
}

function ignore(): void {
  // A connection that does not close cleanly is gone all the same.
}
