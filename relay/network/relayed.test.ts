/**
 * Pairs without a direct path, and peers that break the rules: NET-5, NET-6 and NET-12 over real
 * libp2p.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testClock, testRandom } from '../../e2e/network/platform.ts'
import { assembleTransport } from '../../src/adapters/network/assemble.ts'
import { withCircuitStore } from '../../src/adapters/network/circuit.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import { protocolName } from '../../src/adapters/network/protocols.ts'
import { u32be } from '../../src/core/base/bytes.ts'
import { transportLimits } from '../../src/ports/transport.ts'
import { createRelayNode } from './relayNode.ts'

const chainId = 'test-2'
const bytes = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))
const text = (value: Uint8Array): string => Buffer.from(value).toString()

async function until(what: string, isTrue: () => boolean, timeoutMs = 60_000): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!isTrue()) {
    if (Date.now() > endMs) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

let dataDir = ''
let relay: NetworkTransport
const relayAddress = (): string => relay.addresses().find((each) => each.includes('/ws')) ?? ''

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emo-relayed-'))
  relay = await createRelayNode({
    chainId,
    dataDir,
    host: '127.0.0.1',
    wsPort: 0,
    clock: testClock,
    random: testRandom,
  })
})

afterAll(async () => {
  await relay.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** A node that nobody can reach but through a relay: no listening port, no WebRTC. */
function unreachableNode(peersTarget = 12, relays = [relayAddress()]): Promise<NetworkTransport> {
  const circuit = withCircuitStore(circuitRelayTransport())
  return assembleTransport(
    {
      chainId,
      peerSeed: randomBytes(32),
      relays,
      clock: testClock,
      random: testRandom,
    },
    {
      host: {
        transports: [webSockets(), circuit.transport],
        listen: ['/p2p-circuit'],
        connectionManager: {},
      },
      circuit,
      verdictWithoutHandler: 'ignore',
      peersTarget,
      asksForPeers: peersTarget > 0,
    },
  )
}

describe('NET-12 two nodes without a direct path', { timeout: 120_000 }, () => {
  it('run gossip, direct streams and requests through the relay', async () => {
    const [left, right] = await Promise.all([unreachableNode(), unreachableNode()])
    const gossip: string[] = []
    const direct: string[] = []
    right.onGossip((message) => {
      gossip.push(text(message.bytes))
      return 'accept'
    })
    right.onDirect((_, message) => direct.push(text(message)))
    right.onRequest('sync', (_, request) => Promise.resolve(request))
    const path = (): string | undefined =>
      left.peers().find(({ peer }) => peer === right.self)?.path
    await until('a relayed path', () => path() === 'relayed')

    const page = randomBytes(60 * 1024)
    const answer = await left.request(right.self, 'sync', page, { timeoutMs: 10_000 })
    expect(answer.ok && Buffer.compare(answer.value, page)).toBe(0)
    for (let index = 0; index < 20; index += 1) left.send(right.self, bytes(String(index)))
    await until('direct messages', () => direct.length === 20)
    await until('gossip', () => {
      left.publish('ready', bytes(`ready ${String(Date.now())}`))
      return gossip.length > 0
    })
    await Promise.all([left.stop(), right.stop()])
  })
})

describe(
  'NET-3 NET-5 a request to a peer of which only the id is known',
  { timeout: 120_000 },
  () => {
    it('reaches it through the relay, and the connection does not stay', async () => {
      const [left, right] = await Promise.all([unreachableNode(0), unreachableNode(0)])
      right.onRequest('checkpoint', (_, request) => Promise.resolve(request))
      const isConnected = (): boolean => left.peers().some(({ peer }) => peer === right.self)
      let answered = ''
      await until('an answer', () => {
        void left
          .request(right.self, 'checkpoint', bytes('vote'), { timeoutMs: 5_000 })
          .then((answer) => {
            if (answer.ok) answered = text(answer.value)
          })
        return answered === 'vote'
      })
      await until('the end of the connection', () => !isConnected())
      await Promise.all([left.stop(), right.stop()])
    })
  },
)

describe('NET-3 CKPT-1 a request through a relay that is said', { timeout: 120_000 }, () => {
  it('reaches a peer at another relay, stays with neither, reserves nothing there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emo-foreign-'))
    const role = { chainId, dataDir: folder, host: '127.0.0.1', wsPort: 0 }
    const foreign = await createRelayNode({ ...role, clock: testClock, random: testRandom })
    const via = foreign.addresses().filter((each) => each.includes('/ws'))
    const [left, right] = await Promise.all([unreachableNode(0), unreachableNode(0, via)])
    right.onRequest('checkpoint', (_, request) => Promise.resolve(request))
    await until('a reservation', () => right.addresses().some((each) => each.includes('circuit')))
    const ask = async (options: { readonly via?: readonly string[] }): Promise<boolean> => {
      const timeoutMs = 5_000
      const vote = bytes('vote')
      const answer = await left.request(right.self, 'checkpoint', vote, { timeoutMs, ...options })
      return answer.ok && text(answer.value) === 'vote'
    }
    expect(await ask({})).toBe(false)
    // What is no address, or of the peer itself, is passed over.
    expect(await ask({ via: ['', 'x', `/ip4/127.0.0.1/tcp/1/ws/p2p/${right.self}`] })).toBe(false)
    expect(await ask({ via })).toBe(true)
    const isAt = (peer: string): boolean => left.peers().some((one) => one.peer === peer)
    const names = (): boolean => left.addresses().some((each) => each.includes(foreign.self))
    let isNamed = false
    await until('the end of both', () => {
      isNamed ||= names()
      return !isAt(right.self) && !isAt(foreign.self)
    })
    expect([isNamed, isAt(relay.self)]).toEqual([false, true])
    await Promise.all([left.stop(), right.stop()])
    await foreign.stop()
    await rm(folder, { recursive: true, force: true })
  })
})

describe('NET-5 NET-6 a peer that breaks the framing', { timeout: 120_000 }, () => {
  it('is dropped, and refused when it comes back', async () => {
    const stranger = await createLibp2p({
      transports: [webSockets()],
      connectionEncrypters: [noise()],
      streamMuxers: [yamux()],
      connectionGater: { denyDialMultiaddr: () => false },
    })
    const target = multiaddr(relayAddress())
    const tooLong = u32be(transportLimits.directBytesMax + 1)
    const tell = async (): Promise<void> => {
      const connection = await stranger.dial(target)
      const stream = await connection.newStream(protocolName(chainId, 'direct'))
      stream.send(tooLong)
    }
    const before = relay.counters().peersBlocked
    await until('the block', () => {
      tell().catch(() => undefined)
      return relay.counters().peersBlocked > before
    })
    expect(relay.counters().framesInvalid).toBeGreaterThanOrEqual(3)
    await until('the connection to end', () => stranger.getConnections().length === 0)
    await stranger
      .dial(target)
      .then((connection) => connection.newStream(protocolName(chainId, 'direct')))
      .then(
        () => expect.unreachable('a blocked peer was let in'),
        () => undefined,
      )
    await stranger.stop()
  })
})
