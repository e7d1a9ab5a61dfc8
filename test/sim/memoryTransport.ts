/** The transport port in one process: every node reaches every other one after a short delay. */
import type {
  GossipMessage,
  PeerId,
  PeerInfo,
  RequestProtocol,
  Transport,
  Verdict,
} from '../../src/ports/transport.ts'

interface Attached {
  direct: (peer: PeerId, bytes: Uint8Array) => void
  gossip: (message: GossipMessage) => Promise<Verdict> | Verdict
  readonly requests: Map<RequestProtocol, (peer: PeerId, bytes: Uint8Array) => Promise<Uint8Array>>
  peersChanged: (peers: readonly PeerInfo[]) => void
}

interface Asked {
  readonly from: PeerId
  readonly peer: PeerId
  readonly protocol: RequestProtocol
  readonly bytes: Uint8Array
  readonly timeoutMs: number
}

export class MemoryNetwork {
  readonly #nodes = new Map<PeerId, Attached>()
  readonly penalties: string[] = []
  delayMs = 2
  isLinked: (from: PeerId, to: PeerId) => boolean = () => true
  /** Whether the other one made the connection. */
  isInbound: (self: PeerId, other: PeerId) => boolean = () => false
  /** What a peer does not answer, as a frozen tab does: who asked gives up when this resolves. */
  silence: (asked: Asked) => Promise<void> | undefined = () => undefined

  attach(name: string): Transport {
    const self = name as PeerId
    const attached: Attached = {
      direct: () => undefined,
      gossip: () => 'ignore',
      requests: new Map(),
      peersChanged: () => undefined,
    }
    this.#nodes.set(self, attached)
    const others = (): readonly PeerInfo[] =>
      [...this.#nodes.keys()]
        .filter((peer) => peer !== self && this.isLinked(self, peer))
        .map((peer) => ({
          ...{ peer, path: 'webrtc', isRelay: false },
          isInbound: this.isInbound(self, peer),
        }))
    return {
      self,
      peers: others,
      addresses: () => [],
      publish: (topic, bytes) => {
        for (const { peer } of others()) {
          this.#later(() => void this.#gossip(peer, { topic, from: self, author: self, bytes }))
        }
      },
      send: (peer, bytes) => {
        if (!this.#nodes.has(peer) || !this.isLinked(self, peer)) return false
        this.#later(() => this.#nodes.get(peer)?.direct(self, bytes))
        return true
      },
      request: async (peer, protocol, bytes, { timeoutMs }) => {
        const silence = this.silence({ from: self, peer, protocol, bytes, timeoutMs })
        if (silence !== undefined) {
          await silence
          return { ok: false, error: { code: 'REQUEST_TIMEOUT', peer } }
        }
        await new Promise((resolve) => setTimeout(resolve, this.delayMs))
        const answer = this.isLinked(self, peer) && this.#nodes.get(peer)?.requests.get(protocol)
        if (!answer) return { ok: false, error: { code: 'PEER_UNREACHABLE', peer } }
        return { ok: true, value: await answer(self, bytes) }
      },
      keep: () => undefined,
      penalise: (peer, reason) => this.penalties.push(`${self} of ${peer}: ${reason}`),
      onDirect: (handler) => (attached.direct = handler),
      onGossip: (handler) => (attached.gossip = handler),
      onRequest: (protocol, handler) => attached.requests.set(protocol, handler),
      onPeersChanged: (handler) => (attached.peersChanged = handler),
      stop: () => {
        this.#nodes.delete(self)
        return Promise.resolve()
      },
    }
  }

  /** What a node rejects costs its forwarder (NET-2). */
  async #gossip(to: PeerId, message: GossipMessage): Promise<void> {
    const verdict = await this.#nodes.get(to)?.gossip(message)
    if (verdict !== 'reject') return
    this.penalties.push(`${to} of ${message.from}: GOSSIP_REJECTED`)
  }

  #later(run: () => void): void {
    setTimeout(run, this.delayMs)
  }
}
