/**
 * Peers of another genesis or version (ENC-2): they are asked for their status and for nothing
 * else, until they say that they are of this chain. What they claim hurts nobody but themselves.
 */
import { err } from '../core/base/result.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, PeerInfo, Transport } from '../ports/transport.ts'
import { passTransport } from './passTransport.ts'
import type { StrangerCode } from './sameChain.ts'

/** Of those met lately; who is gone for longer says nothing about the network of now. */
const rememberedMax = 256
const rememberedMs = 10 * 60_000

/** Fewer say nothing about a network. */
const toldMin = 3

/** What most peers are that this node met lately, when that is not its own chain. */
export interface Elsewhere {
  readonly code: StrangerCode
  readonly peers: number
  /** All that were met, those of this chain among them. */
  readonly met: number
}

interface Met {
  readonly code: StrangerCode
  readonly atMs: number
}

export class Strangers {
  /** The transport without strangers; requests to them are not sent. */
  readonly transport: Transport
  readonly #outside: Transport
  readonly #clock: Clock
  /** By their own word, however it came: they are asked nothing. */
  readonly #met = new Map<PeerId, Met>()
  /** Those of which the owner may hear: this node chose them, and they answered its question. */
  readonly #counted = new Map<PeerId, Met>()

  constructor(outside: Transport, clock: Clock) {
    this.#outside = outside
    this.#clock = clock
    this.transport = passTransport(outside, {
      peers: () => outside.peers().filter(({ peer }) => !this.#met.has(peer)),
      request: (peer, protocol, bytes, options) =>
        this.#met.has(peer) && protocol !== 'status'
          ? Promise.resolve(err({ code: 'PEER_UNREACHABLE', peer }))
          : outside.request(peer, protocol, bytes, options),
      onPeersChanged: (handler) => {
        outside.onPeersChanged(() => {
          handler(this.transport.peers())
        })
      },
    })
  }

  /** Everybody who is connected. */
  connected(): readonly PeerInfo[] {
    return this.#outside.peers()
  }

  /**
   * Undefined: it is of this chain. Whether that is news. Only what it answers is counted, and only
   * of a peer that this node chose to connect to: identities cost nothing, so one that comes again
   * and again under other names would be many.
   */
  note(peer: PeerId, code: StrangerCode | undefined, isAnswer: boolean): boolean {
    const known = this.#met.get(peer)?.code
    const met = code && { code, atMs: this.#clock.nowMs() }
    remember(this.#met, peer, met)
    const info = this.#outside.peers().find((one) => one.peer === peer)
    const isChosen = info !== undefined && info.isInbound !== true
    if (met === undefined || (isAnswer && isChosen)) remember(this.#counted, peer, met)
    return code !== undefined && code !== known
  }

  /** Whether anybody who counts was met lately. */
  get hasCounted(): boolean {
    return this.#counted.size > 0
  }

  /** More than half of what this node met, and three at least; `own` peers are of this chain. */
  elsewhere(own: number): Elsewhere | undefined {
    const nowMs = this.#clock.nowMs()
    for (const all of [this.#met, this.#counted]) {
      for (const [peer, { atMs }] of all) {
        if (Math.abs(nowMs - atMs) > rememberedMs) all.delete(peer)
      }
    }
    const met = this.#counted.size + own
    for (const code of ['PEER_NEWER', 'PEER_OTHER_GENESIS', 'PEER_OLDER'] as const) {
      const peers = [...this.#counted.values()].filter((one) => one.code === code).length
      if (peers >= toldMin && 2 * peers > met) return { code, peers, met }
    }
    return undefined
  }
}

function remember(all: Map<PeerId, Met>, peer: PeerId, met: Met | undefined): void {
  all.delete(peer)
  if (met !== undefined) all.set(peer, met)
  const [oldest] = all.keys()
  if (all.size > rememberedMax && oldest !== undefined) all.delete(oldest)
}
