/** The window's end of the port: offers its transport to the node in the worker. */
import type { Clock } from '../../ports/clock.ts'
import type { RequestProtocol, Transport, Verdict } from '../../ports/transport.ts'
import { Pending } from './pending.ts'
import { PortLink } from './portLink.ts'
import { portLimits, type PortLike, type ToWindow, type ToWorker } from './portProtocol.ts'
import { watchSilence } from './silence.ts'

export interface PortServerOptions {
  readonly clock: Clock
  /** The worker has said nothing for 15 s: it is dead or stuck. Called once. */
  readonly onSilent?: () => void
}

export interface PortServer {
  /** Messages that did not fit into the queue to the worker. */
  dropped(): number
  /** Stops watching the worker; the transport goes on. */
  close(): void
}

export function servePort(
  transport: Transport,
  port: PortLike,
  options: PortServerOptions,
): PortServer {
  const end = new WindowEnd(transport, port, options)
  return {
    dropped: () => end.dropped,
    close: () => {
      end.close()
    },
  }
}

class WindowEnd {
  readonly #transport: Transport
  readonly #link: PortLink<ToWorker, ToWindow>
  readonly #verdicts: Pending<Verdict>
  readonly #answers: Pending<Uint8Array | undefined>
  readonly close: () => void

  constructor(transport: Transport, port: PortLike, { clock, onSilent }: PortServerOptions) {
    this.#transport = transport
    this.#verdicts = new Pending(clock)
    this.#answers = new Pending(clock)
    this.#link = new PortLink(port, (message) => {
      this.#receive(message)
    })
    this.close = watchSilence(this.#link, clock, onSilent)
    transport.onDirect((peer, bytes) => {
      this.#link.post({ kind: 'direct', peer, bytes })
    })
    transport.onPeersChanged(() => {
      this.#tellState()
    })
    this.#tellState()
  }

  get dropped(): number {
    return this.#link.dropped
  }

  #receive(message: ToWindow): void {
    const transport = this.#transport
    switch (message.kind) {
      case 'publish':
        transport.publish(message.topic, message.bytes)
        break
      case 'send':
        transport.send(message.peer, message.bytes)
        break
      case 'request':
        void this.#request(message)
        break
      case 'keep':
        transport.keep(message.peers)
        break
      case 'penalise':
        transport.penalise(message.peer, message.reason)
        break
      case 'listenGossip':
        this.#listenGossip()
        break
      case 'serve':
        this.#serve(message.protocol)
        break
      case 'verdict':
        this.#verdicts.resolve(message.id, message.verdict)
        break
      case 'answer':
        this.#answers.resolve(message.id, message.bytes)
        break
      case 'ping':
        this.#tellState()
        break
      case 'stop':
        this.close()
        void transport.stop().finally(() => this.#link.post({ kind: 'stopped' }))
        break
    }
  }

  async #request(message: Extract<ToWindow, { kind: 'request' }>): Promise<void> {
    const { id, peer, protocol, bytes } = message
    const result = await this.#transport.request(peer, protocol, bytes, message)
    this.#link.post({ kind: 'result', id, result })
  }

  #tellState(): void {
    const { self } = this.#transport
    const [peers, addresses] = [this.#transport.peers(), this.#transport.addresses()]
    this.#link.post({ kind: 'state', self, peers, addresses })
  }

  #listenGossip(): void {
    this.#transport.onGossip((message) => {
      const { id, promise } = this.#verdicts.open(portLimits.answerTimeoutMs, 'ignore')
      const isPosted = this.#link.post({ kind: 'gossip', id, ...message })
      if (!isPosted) this.#verdicts.resolve(id, 'ignore')
      return promise
    })
  }

  #serve(protocol: RequestProtocol): void {
    this.#transport.onRequest(protocol, async (peer, bytes) => {
      const { id, promise } = this.#answers.open(portLimits.answerTimeoutMs, undefined)
      const isPosted = this.#link.post({ kind: 'incoming', id, protocol, peer, bytes })
      if (!isPosted) this.#answers.resolve(id, undefined)
      const answer = await promise
      if (answer === undefined) throw new Error('the node did not answer')
      return answer
    })
  }
}
