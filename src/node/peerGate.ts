/**
 * What stands between a node and its transport: peers of another chain stay outside (ENC-2), and
 * what is refused is counted by code.
 */
import { StatusRequest } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { protocol } from '../core/params.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { NodeEvents } from './nodeEvents.ts'
import { passTransport } from './passTransport.ts'
import { RefusedCounters } from './refusedCounters.ts'
import { strangerCode, type ChainClaim, type StrangerCode } from './sameChain.ts'
import { Strangers, type Elsewhere } from './strangers.ts'

const statusBytesMax = 1024

export class PeerGate {
  readonly transport: Transport
  readonly refused = new RefusedCounters()
  readonly #strangers: Strangers
  readonly #outside: Transport
  readonly #own: ChainClaim
  readonly #events: NodeEvents

  constructor(options: {
    readonly transport: Transport
    readonly clock: Clock
    readonly chain: { readonly chainId: string; readonly genesisHash: Uint8Array }
    readonly events: NodeEvents
  }) {
    const { transport, clock, chain, events } = options
    const counted = passTransport(transport, {
      penalise: (peer, reason) => {
        this.refused.count(reason)
        transport.penalise(peer, reason)
      },
      onGossip: (handler) => {
        transport.onGossip(async (message) => {
          const verdict = await handler(message)
          if (verdict === 'reject') this.refused.count('GOSSIP_REJECTED')
          return verdict
        })
      },
    })
    this.#strangers = new Strangers(counted, clock)
    this.#outside = transport
    const { chainId, genesisHash: genesis } = chain
    this.#own = { version: protocol.version, chainId, genesis }
    this.#events = events
    this.transport = this.#strangers.transport
    events.on((event) => {
      // A notice that begins with a code: what follows the colon is for a person.
      const code = event.type === 'notice' ? /^[A-Z0-9_]+(?=:|$)/.exec(event.text)?.[0] : undefined
      if (code !== undefined) this.refused.count(code)
    })
  }

  /** Everybody who is connected, strangers too. */
  connected(): readonly PeerId[] {
    return this.#strangers.connected().map(({ peer }) => peer)
  }

  get hasStrangers(): boolean {
    return this.#strangers.hasCounted
  }

  /** `own`: peers of this chain that answered. */
  elsewhere(own: number): Elsewhere | undefined {
    return this.#strangers.elsewhere(own)
  }

  /** For the log, and counted when it begins with a code. */
  notice(text: string): void {
    this.#events.emit({ type: 'notice', text })
  }

  /** A `status` request: its sender may be a stranger, and is answered all the same. */
  asked(peer: PeerId, bytes: Uint8Array): void {
    const decoded = decodeStrict(StatusRequest, bytes, statusBytesMax)
    if (decoded.ok) this.#note(peer, decoded.value, false)
    else this.transport.penalise(peer, decoded.error.code)
  }

  /** Whether the peer is of this chain, by its answer to `status`; a stranger is let go. */
  judge(peer: PeerId, claim: ChainClaim): boolean {
    const code = this.#note(peer, claim, true)
    // Counted with its notice, once.
    if (code !== undefined) this.#outside.penalise(peer, code)
    return code === undefined
  }

  #note(peer: PeerId, claim: ChainClaim, isAnswer: boolean): StrangerCode | undefined {
    const code = strangerCode(this.#own, claim)
    if (this.#strangers.note(peer, code, isAnswer) && code !== undefined) {
      this.notice(`${code}:${peer}`)
      this.#events.emit({ type: 'peers' })
    }
    return code
  }
}
