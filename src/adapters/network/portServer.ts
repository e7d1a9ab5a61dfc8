/** The window's end of the port: offers its transport to the node in the worker. */
import type { Clock } from '../../ports/clock.ts'
import type { RequestProtocol, Transport, Verdict } from '../../ports/transport.ts'
import { Pending } from './pending.ts'
import { PortLink } from './portLink.ts'
import { portLimits, type PortLike, type ToWindow, type ToWorker } from './portProtocol.ts'

export interface PortServerOptions {
  readonly clock: Clock
  /** The worker has said nothing for 15 s: it is dead or stuck. Called once. */
  readonly onSilent?: () => void
}

export interface PortServer {
  /** Messages that did not fit into the queue to the worker. */
  dropped(): number
  close(): void
}

export function servePort(
  transport: Transport,
  port: PortLike,
  options: PortServerOptions,
): PortServer {
  const verdicts = new Pending<Verdict>(options.clock)
  const answers = new Pending<Uint8Array | undefined>(options.clock)
  const link = new PortLink<ToWorker, ToWindow>(port, (message) => {
    receive(message)
  })
  const tellState = (): void => {
    const [peers, addresses] = [transport.peers(), transport.addresses()]
    link.post({ kind: 'state', self: transport.self, peers, addresses })
  }

  function receive(message: ToWindow): void {
    switch (message.kind) {
      case 'publish':
        transport.publish(message.topic, message.bytes)
        break
      case 'send':
        transport.send(message.peer, message.bytes)
        break
      case 'request':
        void transport
          .request(message.peer, message.protocol, message.bytes, message)
          .then((result) => link.post({ kind: 'result', id: message.id, result }))
        break
      case 'keep':
        transport.keep(message.peers)
        break
      case 'penalise':
        transport.penalise(message.peer, message.reason)
        break
      case 'listenGossip':
        listenGossip()
        break
      case 'serve':
        serve(message.protocol)
        break
      case 'verdict':
        verdicts.resolve(message.id, message.verdict)
        break
      case 'answer':
        answers.resolve(message.id, message.bytes)
        break
      case 'ping':
        tellState()
        break
      case 'stop':
        close()
        void transport.stop().finally(() => link.post({ kind: 'stopped' }))
        break
    }
  }

  function listenGossip(): void {
    transport.onGossip(({ topic, from, bytes }) => {
      const { id, promise } = verdicts.open(portLimits.answerTimeoutMs, 'ignore')
      if (!link.post({ kind: 'gossip', id, topic, from, bytes })) verdicts.resolve(id, 'ignore')
      return promise
    })
  }

  function serve(protocol: RequestProtocol): void {
    transport.onRequest(protocol, async (peer, bytes) => {
      const { id, promise } = answers.open(portLimits.answerTimeoutMs, undefined)
      if (!link.post({ kind: 'incoming', id, protocol, peer, bytes }))
        answers.resolve(id, undefined)
      const answer = await promise
      if (answer === undefined) throw new Error('the node did not answer')
      return answer
    })
  }

  transport.onDirect((peer, bytes) => {
    link.post({ kind: 'direct', peer, bytes })
  })
  transport.onPeersChanged(tellState)
  const close = watchSilence(link, options.clock, options.onSilent)
  tellState()
  return { dropped: () => link.dropped, close }
}

/** Calls back once when the other end has been silent for too long; returns how to stop watching. */
export function watchSilence(
  link: { readonly heard: number },
  clock: Clock,
  onSilent: (() => void) | undefined,
): () => void {
  let heard = link.heard
  let heardMs = clock.nowMs()
  let cancel = (): void => undefined
  const look = (): void => {
    if (link.heard !== heard) {
      heard = link.heard
      heardMs = clock.nowMs()
    }
    if (clock.nowMs() - heardMs >= portLimits.silentMs) onSilent?.()
    else cancel = clock.after(portLimits.pingMs, look)
  }
  cancel = clock.after(portLimits.pingMs, look)
  return () => {
    cancel()
  }
}
