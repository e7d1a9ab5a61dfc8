/** The worker's end of the port: a `Transport` for the node, carried by the window. */
import { err, type Result } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type {
  GossipMessage,
  PeerId,
  PeerInfo,
  RequestOptions,
  RequestProtocol,
  Transport,
  TransportError,
  Verdict,
} from '../../ports/transport.ts'
import { Pending } from './pending.ts'
import { PortLink } from './portLink.ts'
import { portLimits, type PortLike, type ToWindow, type ToWorker } from './portProtocol.ts'
import { watchSilence } from './silence.ts'

export interface PortTransportOptions {
  readonly clock: Clock
  /** The window has said nothing for 15 s. Called once. */
  readonly onSilent?: () => void
}

type State = Extract<ToWorker, { kind: 'state' }>
type Gossip = Extract<ToWorker, { kind: 'gossip' }>
type Incoming = Extract<ToWorker, { kind: 'incoming' }>

interface Handlers {
  gossip?: (message: GossipMessage) => Promise<Verdict> | Verdict
  direct?: (peer: PeerId, bytes: Uint8Array) => void
  readonly request: Map<RequestProtocol, (peer: PeerId, bytes: Uint8Array) => Promise<Uint8Array>>
  readonly peers: ((peers: readonly PeerInfo[]) => void)[]
}

/** Ready once the window has said who it is. */
export function createPortTransport(
  port: PortLike,
  options: PortTransportOptions,
): Promise<Transport> {
  return new Promise((resolve) => {
    const end = new WorkerEnd(port, options, () => {
      resolve(end.transport())
    })
  })
}

class WorkerEnd {
  readonly #link: PortLink<ToWindow, ToWorker>
  readonly #clock: Clock
  readonly #results: Pending<Result<Uint8Array, TransportError> | undefined>
  readonly #handlers: Handlers = { request: new Map(), peers: [] }
  readonly #onReady: () => void
  readonly #stopWatching: () => void
  #state: State | undefined
  #stopPing = (): void => undefined
  #onStopped = (): void => undefined

  constructor(port: PortLike, options: PortTransportOptions, onReady: () => void) {
    this.#clock = options.clock
    this.#onReady = onReady
    this.#results = new Pending(options.clock)
    this.#link = new PortLink(port, (message) => {
      this.#receive(message)
    })
    this.#stopWatching = watchSilence(this.#link, options.clock, options.onSilent)
    this.#ping()
  }

  transport(): Transport {
    const post = (message: ToWindow): boolean => this.#link.post(message)
    return {
      self: this.#known().self,
      peers: () => this.#known().peers,
      addresses: () => this.#known().addresses,
      publish: (topic, bytes) => {
        post({ kind: 'publish', topic, bytes })
      },
      send: (peer, bytes) => this.#isConnected(peer) && post({ kind: 'send', peer, bytes }),
      request: (peer, protocol, bytes, options) => this.#request(peer, protocol, bytes, options),
      keep: (peers) => {
        post({ kind: 'keep', peers })
      },
      penalise: (peer, reason) => {
        post({ kind: 'penalise', peer, reason })
      },
      onGossip: (handler) => {
        this.#handlers.gossip = handler
        post({ kind: 'listenGossip' })
      },
      onDirect: (handler) => {
        this.#handlers.direct = handler
      },
      onRequest: (protocol, handler) => {
        this.#handlers.request.set(protocol, handler)
        post({ kind: 'serve', protocol })
      },
      onPeersChanged: (handler) => {
        this.#handlers.peers.push(handler)
      },
      stop: () => this.#stop(),
    }
  }

  #receive(message: ToWorker): void {
    switch (message.kind) {
      case 'state':
        this.#learn(message)
        break
      case 'gossip':
        void this.#judge(message)
        break
      case 'direct':
        this.#handlers.direct?.(message.peer, message.bytes)
        break
      case 'incoming':
        void this.#answer(message)
        break
      case 'result':
        this.#results.resolve(message.id, message.result)
        break
      case 'stopped':
        this.#onStopped()
        break
    }
  }

  #learn(state: State): void {
    const before = this.#state
    this.#state = state
    if (before === undefined) {
      this.#onReady()
    } else if (!samePeers(before.peers, state.peers)) {
      for (const handler of this.#handlers.peers) handler(state.peers)
    }
  }

  async #judge({ kind: _kind, id, ...message }: Gossip): Promise<void> {
    let verdict: Verdict | undefined
    try {
      verdict = await this.#handlers.gossip?.(message)
    } catch {
      // A node that fails on a message says nothing about whoever forwarded it.
    }
    this.#link.post({ kind: 'verdict', id, verdict: verdict ?? 'ignore' })
  }

  async #answer({ id, protocol, peer, bytes }: Incoming): Promise<void> {
    const handler = this.#handlers.request.get(protocol)
    const answer = await handler?.(peer, bytes).catch(() => undefined)
    const isPosted = answer !== undefined && this.#link.post({ kind: 'answer', id, bytes: answer })
    if (!isPosted) this.#link.post({ kind: 'answer', id })
  }

  async #request(
    peer: PeerId,
    protocol: RequestProtocol,
    bytes: Uint8Array,
    { timeoutMs, via }: RequestOptions,
  ): Promise<Result<Uint8Array, TransportError>> {
    // The window keeps the time; this end only waits a little longer than it promised.
    const { id, promise } = this.#results.open(timeoutMs + portLimits.pingMs, undefined)
    const asked = { peer, protocol, timeoutMs, bytes, ...(via && { via }) }
    const isPosted = this.#link.post({ kind: 'request', id, ...asked })
    if (!isPosted) this.#results.resolve(id, err({ code: 'PEER_UNREACHABLE', peer }))
    return (await promise) ?? err({ code: 'REQUEST_TIMEOUT', peer })
  }

  #known(): State {
    return this.#state ?? { kind: 'state', self: '' as PeerId, peers: [], addresses: [] }
  }

  #isConnected(peer: PeerId): boolean {
    return this.#known().peers.some((info) => info.peer === peer)
  }

  #ping(): void {
    this.#link.post({ kind: 'ping' })
    this.#stopPing = this.#clock.after(portLimits.pingMs, () => {
      this.#ping()
    })
  }

  async #stop(): Promise<void> {
    this.#stopWatching()
    this.#stopPing()
    await new Promise<void>((resolve) => {
      const cancel = this.#clock.after(portLimits.answerTimeoutMs, resolve)
      this.#onStopped = () => {
        cancel()
        resolve()
      }
      this.#link.post({ kind: 'stop' })
    })
  }
}

function samePeers(left: readonly PeerInfo[], right: readonly PeerInfo[]): boolean {
  return (
    left.length === right.length &&
    left.every((info, index) => {
      const other = right[index]
      return info.peer === other?.peer && info.path === other.path && info.isRelay === other.isRelay
    })
  )
}
