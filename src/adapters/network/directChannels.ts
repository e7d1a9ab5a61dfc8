/**
 * One-way messages on a persistent stream for each peer: one hop, no gossip in between (NET-2,
 * NET-6).
 *
 * The outbound stream opens at the first message and moves when a better connection appears. What
 * does not fit into the bounded queue is dropped and counted: consensus repeats itself, a queue
 * without bound does not help it.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { transportLimits, type PeerId } from '../../ports/transport.ts'
import type { NetworkCounters } from './counters.ts'
import { frame } from './framing.ts'
import { bestConnection, isRelayed } from './paths.ts'
import { peerName, type PeerTable } from './peerTable.ts'
import { listenFrames } from './streamFrames.ts'

export const directLimits = {
  queueBytesMax: 4 * 1024 * 1024,
  openTimeoutMs: 5_000,
  drainTimeoutMs: 10_000,
  inboundStreamsPerConnectionMax: 4,
} as const

interface Link {
  readonly queue: Uint8Array[]
  queuedBytes: number
  stream: Stream | undefined
  connection: Connection | undefined
  pumping: boolean
}

export interface DirectContext {
  readonly host: Libp2p
  readonly peers: PeerTable
  readonly protocol: string
  readonly counters: NetworkCounters
  readonly onViolation: (peer: PeerId) => void
}

export class DirectChannels {
  readonly #context: DirectContext
  readonly #links = new Map<PeerId, Link>()
  #handler: ((peer: PeerId, bytes: Uint8Array) => void) | undefined

  constructor(context: DirectContext) {
    this.#context = context
  }

  async start(): Promise<void> {
    const { host, protocol } = this.#context
    await host.handle(protocol, this.#accept, {
      runOnLimitedConnection: true,
      maxInboundStreams: directLimits.inboundStreamsPerConnectionMax,
    })
  }

  onMessage(handler: (peer: PeerId, bytes: Uint8Array) => void): void {
    this.#handler = handler
  }

  send(peer: PeerId, bytes: Uint8Array): boolean {
    const { counters, peers } = this.#context
    const link = this.#link(peer)
    const tooMuch = link.queuedBytes + bytes.length > directLimits.queueBytesMax
    if (tooMuch || bytes.length > transportLimits.directBytesMax || !peers.best(peer)) {
      counters.directDropped += 1
      return false
    }
    link.queue.push(frame(bytes))
    link.queuedBytes += bytes.length
    if (!link.pumping) void this.#pump(peer, link)
    return true
  }

  /** The peer's connections changed: move to the better one, forget a peer that is gone. */
  connectionsChanged(peer: PeerId): void {
    const link = this.#links.get(peer)
    if (link === undefined) return
    const best = this.#context.peers.best(peer)
    if (best === undefined) {
      this.#context.counters.directDropped += link.queue.length
      this.#links.delete(peer)
      return
    }
    if (link.connection === undefined || link.connection === best) return
    if (link.connection.status === 'open' && !isRelayed(link.connection)) return
    closeStream(link)
    if (!link.pumping) void this.#pump(peer, link)
  }

  #link(peer: PeerId): Link {
    let link = this.#links.get(peer)
    if (link === undefined) {
      link = {
        queue: [],
        queuedBytes: 0,
        stream: undefined,
        connection: undefined,
        pumping: false,
      }
      // Only connected peers keep an entry; the others never get past the check in `send`.
      if (this.#context.peers.best(peer)) this.#links.set(peer, link)
    }
    return link
  }

  /** Sends what is queued, in order; runs once at a time for each peer. */
  async #pump(peer: PeerId, link: Link): Promise<void> {
    link.pumping = true
    try {
      do {
        const stream = this.#usable(link) ?? (await this.#open(peer, link))
        if (stream === undefined) break
        const bytes = link.queue[0]
        if (bytes === undefined) break
        if (!this.#push(link, stream, bytes)) {
          await stream.onDrain({ signal: AbortSignal.timeout(directLimits.drainTimeoutMs) })
        }
      } while (link.queue.length > 0)
    } catch {
      closeStream(link)
      this.#dropQueue(link)
    } finally {
      link.pumping = false
    }
  }

  #push(link: Link, stream: Stream, bytes: Uint8Array): boolean {
    const { counters } = this.#context
    link.queue.shift()
    link.queuedBytes -= bytes.length - 4
    counters.directOut += 1
    counters.bytesOut += bytes.length
    return stream.send(bytes)
  }

  #usable(link: Link): Stream | undefined {
    return link.stream?.writeStatus === 'writable' && link.stream.status === 'open'
      ? link.stream
      : undefined
  }

  async #open(peer: PeerId, link: Link): Promise<Stream | undefined> {
    closeStream(link)
    // Twice, over another connection where there is one: the best may be just going away, or open
    // at this end alone (a WebRTC connection is, until the other end has taken it).
    const tried: Connection[] = []
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const connection = this.#untried(peer, tried)
      if (connection === undefined) break
      tried.push(connection)
      try {
        link.stream = await connection.newStream(this.#context.protocol, {
          runOnLimitedConnection: true,
          signal: AbortSignal.timeout(directLimits.openTimeoutMs),
        })
        link.connection = connection
        return link.stream
      } catch {
        // The next attempt or the drop below answers it.
      }
    }
    this.#dropQueue(link)
    return undefined
  }

  #untried(peer: PeerId, tried: readonly Connection[]): Connection | undefined {
    const { peers } = this.#context
    const others = peers.connections(peer).filter((connection) => !tried.includes(connection))
    return bestConnection(others) ?? peers.best(peer)
  }

  #dropQueue(link: Link): void {
    this.#context.counters.directDropped += link.queue.length
    link.queue.length = 0
    link.queuedBytes = 0
  }

  readonly #accept = (stream: Stream, connection: Connection): void => {
    const { counters, onViolation } = this.#context
    const peer = peerName(connection.remotePeer)
    listenFrames(stream, transportLimits.directBytesMax, {
      onFrame: (bytes) => {
        counters.directIn += 1
        counters.bytesIn += bytes.length
        this.#handler?.(peer, bytes)
      },
      onViolation: () => {
        counters.framesInvalid += 1
        onViolation(peer)
      },
      onEnd: () => {
        closeQuietly(stream)
      },
    })
  }
}

function closeStream(link: Link): void {
  if (link.stream !== undefined) closeQuietly(link.stream)
  link.stream = undefined
  link.connection = undefined
}

function closeQuietly(stream: Stream): void {
  stream.close().catch(() => {
    stream.abort(new Error('stream did not close'))
  })
}
