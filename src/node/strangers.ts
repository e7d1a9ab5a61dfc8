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
  readonly #met = new Map<PeerId, Met>()

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

  /** Undefined: it is of this chain. Whether that is news. */
  note(peer: PeerId, code: StrangerCode | undefined): boolean {
    const known = this.#met.get(peer)?.code
    this.#met.delete(peer)
    if (code !== undefined) this.#met.set(peer, { code, atMs: this.#clock.nowMs() })
    const [oldest] = this.#met.keys()
    if (this.#met.size > rememberedMax && oldest !== undefined) this.#met.delete(oldest)
    return code !== undefined && code !== known
  }

  /** More than half of what this node met, `own` peers of this chain among them. */
  elsewhere(own: number): Elsewhere | undefined {
    const nowMs = this.#clock.nowMs()
    for (const [peer, { atMs }] of this.#met) {
      if (Math.abs(nowMs - atMs) > rememberedMs) this.#met.delete(peer)
    }
    const met = this.#met.size + own
    for (const code of ['PEER_NEWER', 'PEER_OTHER_GENESIS', 'PEER_OLDER'] as const) {
      const peers = [...this.#met.values()].filter((one) => one.code === code).length
      if (2 * peers > met) return { code, peers, met }
    }
    return undefined
  }
}
