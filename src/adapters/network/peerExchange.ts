/**
 * Peers tell each other whom they are connected to (NET-1): up to 64 members of the chain with
 * their addresses.
 *
 * A relay's answer matters most, because whoever is connected to it can be reached through it.
 */
import type { Libp2p } from '@libp2p/interface'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'
import type { PeerId } from '../../ports/transport.ts'
import { randomBelow } from './backoff.ts'
import type { PeerBook } from './peerBook.ts'
import { decodeRecords, encodeRecords, recordLimits, type PeerRecord } from './peerRecords.ts'
import { peerName, type PeerTable } from './peerTable.ts'
import type { Requests } from './requests.ts'

export const exchangeTimes = {
  /** While fewer than `fewPeers` members are connected. */
  eagerMs: 2_000,
  calmMs: 12_000,
  timeoutMs: 5_000,
  fewPeers: 4,
  askedPeers: 2,
} as const

export interface ExchangeContext {
  readonly host: Libp2p
  readonly self: PeerId
  readonly protocol: string
  readonly peers: PeerTable
  readonly book: PeerBook
  readonly requests: Requests
  readonly clock: Clock
  readonly random: Random
  readonly onViolation: (peer: PeerId) => void
  /** Whether this node asks at all; a relay only answers. */
  readonly asks: boolean
}

export class PeerExchange {
  readonly #context: ExchangeContext
  #nextMs = 0
  #askedRelays = new Set<PeerId>()

  constructor(context: ExchangeContext) {
    this.#context = context
  }

  async start(): Promise<void> {
    const { requests, protocol } = this.#context
    await requests.serve(protocol, async (peer) => encodeRecords(await this.#records(peer)))
  }

  /** Asks when it is time, and each relay as soon as it is connected. */
  tick(): void {
    const { asks, peers, clock } = this.#context
    if (!asks) return
    const relays = peers.connected().filter((peer) => peers.isRelay(peer))
    const fresh = relays.filter((relay) => !this.#askedRelays.has(relay))
    this.#askedRelays = new Set(relays)
    const nowMs = clock.nowMs()
    if (nowMs < this.#nextMs) {
      for (const relay of fresh) void this.#ask(relay)
      return
    }
    const members = peers.connected().filter((peer) => peers.isMember(peer) && !peers.isRelay(peer))
    const isEager = members.length < exchangeTimes.fewPeers
    this.#nextMs = nowMs + (isEager ? exchangeTimes.eagerMs : exchangeTimes.calmMs)
    for (const peer of [...relays, ...this.#some(members)]) void this.#ask(peer)
  }

  #some(members: readonly PeerId[]): readonly PeerId[] {
    const pool = [...members]
    const chosen: PeerId[] = []
    while (pool.length > 0 && chosen.length < exchangeTimes.askedPeers) {
      chosen.push(...pool.splice(randomBelow(this.#context.random, pool.length), 1))
    }
    return chosen
  }

  async #ask(peer: PeerId): Promise<void> {
    const { requests, protocol, peers, book, self, onViolation } = this.#context
    if (!peers.speaks(peer, protocol)) return
    const answer = await requests.request(
      peer,
      protocol,
      new Uint8Array(0),
      exchangeTimes.timeoutMs,
    )
    if (!answer.ok) return
    const records = decodeRecords(answer.value)
    if (!records.ok) {
      onViolation(peer)
      return
    }
    for (const record of records.value) {
      if (record.peer !== self) book.learn(record.peer, record.addresses)
    }
  }

  async #records(asker: PeerId): Promise<readonly PeerRecord[]> {
    const { host, peers } = this.#context
    const records: PeerRecord[] = []
    for (const connection of host.getConnections()) {
      const peer = peerName(connection.remotePeer)
      if (records.length >= recordLimits.peersMax) break
      if (peer === asker || !peers.isMember(peer)) continue
      if (records.some((record) => record.peer === peer)) continue
      const stored = await host.peerStore.get(connection.remotePeer).catch(() => undefined)
      const addresses = (stored?.addresses ?? []).map(({ multiaddr }) => multiaddr.toString())
      records.push({ peer, addresses })
    }
    return records
  }
}
