/**
 * Topics and their validators (NET-2): a message is forwarded only after the node's verdict.
 *
 * The validator hands the message to the node and waits for what it says, for a bounded time and a
 * bounded number of messages at once; without an answer the message is neither forwarded nor held
 * against the sender.
 */
import type { GossipSub, Message, TopicValidatorResult } from '@libp2p/gossipsub'
import {
  transportLimits,
  type GossipMessage,
  type Topic,
  type Verdict,
} from '../../ports/transport.ts'
import type { Clock } from '../../ports/clock.ts'
import type { NetworkCounters } from './counters.ts'
import { gossipLimits, results } from './gossipOptions.ts'
import { peerName } from './peerTable.ts'
import { topicName } from './protocols.ts'

export type GossipHandler = (message: GossipMessage) => Promise<Verdict> | Verdict

export interface GossipContext {
  readonly pubsub: GossipSub
  readonly chainId: string
  readonly topics: readonly Topic[]
  readonly clock: Clock
  readonly counters: NetworkCounters
  /** Of messages that nobody here judges: a bare relay forwards, a node does not. */
  readonly verdictWithoutHandler: Verdict
}

export class Gossip {
  readonly #context: GossipContext
  #handler: GossipHandler | undefined
  #pending = 0

  constructor(context: GossipContext) {
    this.#context = context
  }

  start(): void {
    const { pubsub, chainId, topics } = this.#context
    for (const topic of topics) {
      const name = topicName(chainId, topic)
      pubsub.topicValidators.set(name, (peer, message) => this.#validate(topic, peer, message))
      pubsub.subscribe(name)
    }
  }

  onMessage(handler: GossipHandler): void {
    this.#handler = handler
  }

  publish(topic: Topic, bytes: Uint8Array): void {
    const { pubsub, chainId, counters } = this.#context
    if (bytes.length > transportLimits.gossipBytesMax) {
      counters.gossipDropped += 1
      return
    }
    counters.gossipOut += 1
    counters.bytesOut += bytes.length
    pubsub.publish(topicName(chainId, topic), bytes).catch(() => {
      counters.gossipDropped += 1
    })
  }

  async #validate(
    topic: Topic,
    from: { toString(): string },
    message: Message,
  ): Promise<TopicValidatorResult> {
    const { counters } = this.#context
    const verdict = await this.#judge(topic, from, message)
    if (verdict === 'ignore') counters.gossipIgnored += 1
    if (verdict === 'reject') counters.gossipRejected += 1
    return results[verdict]
  }

  async #judge(topic: Topic, from: { toString(): string }, envelope: Message): Promise<Verdict> {
    const { data } = envelope
    const { counters, clock, verdictWithoutHandler } = this.#context
    counters.gossipIn += 1
    counters.bytesIn += data.length
    if (data.length > transportLimits.gossipBytesMax) return 'reject'
    if (this.#handler === undefined) return verdictWithoutHandler
    if (this.#pending >= gossipLimits.pendingVerdictsMax) {
      counters.gossipDropped += 1
      return 'ignore'
    }
    this.#pending += 1
    let cancel = (): void => undefined
    const late = new Promise<Verdict>((resolve) => {
      cancel = clock.after(gossipLimits.verdictTimeoutMs, () => {
        resolve('ignore')
      })
    })
    try {
      // A copy: the bytes are a view into the stream's buffer.
      const message = { topic, from: peerName(from), ...authorOf(envelope), bytes: data.slice() }
      return await Promise.race([this.#handler(message), late])
    } catch {
      return 'ignore'
    } finally {
      cancel()
      this.#pending -= 1
    }
  }
}

/** The library has checked the envelope's signature. */
function authorOf(envelope: Message): Pick<GossipMessage, 'author'> {
  return envelope.type === 'signed' ? { author: peerName(envelope.from) } : {}
}
