/** The bridge between window and worker, over a real MessageChannel. */
import { afterEach, describe, expect, it } from 'vitest'
import { ok } from '../../core/base/result.ts'
import {
  transportLimits,
  type GossipMessage,
  type PeerId,
  type PeerInfo,
  type Transport,
  type Verdict,
} from '../../ports/transport.ts'
import { PortLink } from './portLink.ts'
import { portLimits, type PortLike, type ToWindow, type ToWorker } from './portProtocol.ts'
import { servePort } from './portServer.ts'
import { createPortTransport } from './portTransport.ts'
import { ManualClock } from './testPlatform.ts'

const other = 'other' as PeerId
const connected: PeerInfo = { peer: other, path: 'webrtc', isRelay: false }
const channels: MessageChannel[] = []

function channel(): { readonly window: PortLike; readonly worker: PortLike } {
  const made = new MessageChannel()
  channels.push(made)
  return { window: made.port1, worker: made.port2 }
}

afterEach(() => {
  for (const { port1, port2 } of channels.splice(0)) {
    port1.close()
    port2.close()
  }
})

async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !isTrue(); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  expect(isTrue()).toBe(true)
}

/**
 * The transport that a window would have, recording what reaches it and letting the test speak for
 * the network.
 */
class WindowTransport implements Transport {
  readonly self = 'self' as PeerId
  readonly said: string[] = []
  readonly sent: Uint8Array[] = []
  list: readonly PeerInfo[] = [connected]
  gossip: ((message: GossipMessage) => Promise<Verdict> | Verdict) | undefined
  direct: ((peer: PeerId, bytes: Uint8Array) => void) | undefined
  serve: ((peer: PeerId, bytes: Uint8Array) => Promise<Uint8Array>) | undefined
  changed: ((peers: readonly PeerInfo[]) => void) | undefined

  peers(): readonly PeerInfo[] {
    return this.list
  }
  addresses(): readonly string[] {
    return ['/webrtc/p2p/self']
  }
  publish(topic: string, bytes: Uint8Array): void {
    this.said.push(`publish ${topic} ${String(bytes.length)}`)
  }
  send(peer: PeerId, bytes: Uint8Array): boolean {
    this.said.push(`send ${peer}`)
    this.sent.push(bytes)
    return true
  }
  request(peer: PeerId, protocol: string, bytes: Uint8Array): ReturnType<Transport['request']> {
    this.said.push(`request ${peer} ${protocol}`)
    return Promise.resolve(ok(Uint8Array.from([...bytes, 1])))
  }
  keep(peers: readonly PeerId[]): void {
    this.said.push(`keep ${peers.join()}`)
  }
  penalise(peer: PeerId, reason: string): void {
    this.said.push(`penalise ${peer} ${reason}`)
  }
  onGossip(handler: NonNullable<typeof this.gossip>): void {
    this.gossip = handler
  }
  onDirect(handler: NonNullable<typeof this.direct>): void {
    this.direct = handler
  }
  onRequest(_: string, handler: NonNullable<typeof this.serve>): void {
    this.serve = handler
  }
  onPeersChanged(handler: NonNullable<typeof this.changed>): void {
    this.changed = handler
  }
  stop(): Promise<void> {
    this.said.push('stop')
    return Promise.resolve()
  }
}

async function bridge(): Promise<{
  readonly behind: WindowTransport
  readonly node: Transport
  readonly clock: ManualClock
}> {
  const { window, worker } = channel()
  const clock = new ManualClock()
  const behind = new WindowTransport()
  const ready = createPortTransport(worker, { clock })
  servePort(behind, window, { clock })
  return { behind, node: await ready, clock }
}

describe('NET-3 a transport through a port', () => {
  it('knows who and where it is as soon as it is there', async () => {
    const { node } = await bridge()
    expect(node.self).toBe('self')
    expect(node.peers()).toEqual([connected])
    expect(node.addresses()).toEqual(['/webrtc/p2p/self'])
  })

  it('passes on what the node says, in order, and leaves the node its bytes', async () => {
    const { behind, node } = await bridge()
    const bytes = Uint8Array.of(5, 6, 7)
    node.publish('blocks', bytes)
    expect(node.send(other, bytes)).toBe(true)
    expect(node.send('stranger' as PeerId, bytes)).toBe(false)
    node.keep([other])
    node.penalise(other, 'rude')
    await until(() => behind.said.length >= 4)
    expect(behind.said).toEqual([
      'publish blocks 3',
      'send other',
      'keep other',
      'penalise other rude',
    ])
    expect(bytes).toEqual(Uint8Array.of(5, 6, 7))
    expect(behind.sent).toEqual([bytes])
  })

  it('brings answers to requests in both directions', async () => {
    const { behind, node } = await bridge()
    const answer = await node.request(other, 'sync', Uint8Array.of(9), { timeoutMs: 1_000 })
    expect(answer).toEqual(ok(Uint8Array.of(9, 1)))
    node.onRequest('status', (peer, bytes) =>
      bytes.length === 0 ? Promise.reject(new Error(peer)) : Promise.resolve(bytes),
    )
    await until(() => behind.serve !== undefined)
    expect(await behind.serve?.(other, Uint8Array.of(3))).toEqual(Uint8Array.of(3))
    await expect(behind.serve?.(other, new Uint8Array(0))).rejects.toThrow()
  })

  it('waits for the verdict of the node on gossip, and for none when the node fails', async () => {
    const { behind, node } = await bridge()
    const authors: unknown[] = []
    node.onGossip(({ bytes, author }) => {
      authors.push(author)
      if (bytes[0] === 0) throw new Error('mistake')
      return bytes[0] === 1 ? 'accept' : 'reject'
    })
    await until(() => behind.gossip !== undefined)
    const ask = (first: number): Promise<Verdict> | Verdict | undefined =>
      behind.gossip?.({
        topic: 'tx',
        from: other,
        author: behind.self,
        bytes: Uint8Array.of(first),
      })
    expect(await Promise.all([ask(1), ask(2), ask(0)])).toEqual(['accept', 'reject', 'ignore'])
    expect(authors).toEqual([behind.self, behind.self, behind.self])
  })

  it('brings direct messages and changes of peers', async () => {
    const { behind, node } = await bridge()
    const direct: Uint8Array[] = []
    const changes: (readonly PeerInfo[])[] = []
    node.onDirect((_, bytes) => direct.push(bytes))
    node.onPeersChanged((peers) => changes.push(peers))
    behind.direct?.(other, Uint8Array.of(4))
    behind.list = []
    behind.changed?.([])
    await until(() => direct.length === 1 && changes.length === 1)
    expect(direct).toEqual([Uint8Array.of(4)])
    expect(node.peers()).toEqual([])
  })

  it('carries the longest answer', async () => {
    const { behind, node } = await bridge()
    const length = transportLimits.responseBytesMax
    node.onRequest('sync', () => Promise.resolve(new Uint8Array(length)))
    await until(() => behind.serve !== undefined)
    expect((await behind.serve?.(other, Uint8Array.of(1)))?.length).toBe(length)
  })

  it('stops the transport in the window', async () => {
    const { behind, node } = await bridge()
    await node.stop()
    expect(behind.said).toEqual(['stop'])
  })
})

describe('NET-6 the port is bounded', () => {
  it('sends one batch for all that is said in one turn', async () => {
    const { window, worker } = channel()
    const link = new PortLink<ToWorker, ToWindow>(window, () => undefined)
    const got: number[] = []
    let batches = 0
    worker.addEventListener('message', () => (batches += 1))
    new PortLink<ToWindow, ToWorker>(worker, (message) => {
      got.push(message.kind === 'direct' ? message.bytes.length : 0)
    })
    for (let index = 1; index <= 100; index += 1) {
      link.post({ kind: 'direct', peer: other, bytes: new Uint8Array(index) })
    }
    await until(() => got.length === 100)
    expect(got).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    expect(batches).toBe(1)
  })

  it('drops what a busy end cannot take, counts it, and goes on when it can', async () => {
    const { window, worker } = channel()
    const link = new PortLink<ToWorker, ToWindow>(window, () => undefined)
    const mebibyte = new Uint8Array(1024 * 1024)
    let posted = 0
    for (let count = 0; count < 64; count += 1) {
      if (link.post({ kind: 'direct', peer: other, bytes: mebibyte })) posted += 1
      // Without a listener at the other end nothing gives credit back.
      await Promise.resolve()
    }
    const bound = (portLimits.creditBytes + portLimits.queueBytesMax) / mebibyte.length
    expect(posted).toBeLessThanOrEqual(bound)
    expect(link.dropped).toBe(64 - posted)
    let got = 0
    new PortLink<ToWindow, ToWorker>(worker, () => {
      got += 1
    })
    await until(() => got === posted)
    expect(link.post({ kind: 'direct', peer: other, bytes: mebibyte })).toBe(true)
    await until(() => got === posted + 1)
  })

  it('notices a dead end, and does not mistake a quiet one for dead', async () => {
    const { window, worker } = channel()
    const clock = new ManualClock()
    let silent = 0
    const ready = createPortTransport(worker, { clock, onSilent: () => (silent += 1) })
    servePort(new WindowTransport(), window, { clock })
    await ready
    for (let count = 0; count < 20; count += 1) {
      clock.advance(portLimits.pingMs)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    expect(silent).toBe(0)
    channels[0]?.port1.close()
    clock.advance(portLimits.silentMs + 2 * portLimits.pingMs)
    expect(silent).toBe(1)
  })
})
