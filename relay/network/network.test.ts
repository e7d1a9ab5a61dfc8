/**
 * A real relay process and three Node validators over real libp2p: what NET-1 … NET-3, NET-12 and
 * NET-13 promise.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../e2e/network/freePort.ts'
import { testClock, testRandom } from '../../e2e/network/platform.ts'
import { startRelay, type RunningRelay } from '../../e2e/network/startRelay.ts'
import { createNodeTransport } from '../../src/adapters/network/nodeTransport.ts'
import type { NetworkTransport } from '../../src/adapters/network/options.ts'
import type { PeerId } from '../../src/ports/transport.ts'

const chainId = 'test-1'
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const bytes = (value: string): Uint8Array => new Uint8Array(Buffer.from(value))

async function until(what: string, isTrue: () => boolean, timeoutMs = 60_000): Promise<void> {
  const endMs = Date.now() + timeoutMs
  while (!isTrue()) {
    if (Date.now() > endMs) throw new Error(`waited in vain for: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

interface Inbox {
  readonly gossip: string[]
  readonly direct: string[]
}

// Processes start and connections form: on a loaded machine that takes its time.
describe('a relay and three validators', { timeout: 120_000 }, () => {
  let dataDir = ''
  let relay: RunningRelay
  const nodes: NetworkTransport[] = []
  const inboxes: Inbox[] = []

  async function addNode(): Promise<NetworkTransport> {
    const inbox: Inbox = { gossip: [], direct: [] }
    const node = await createNodeTransport({
      chainId,
      peerSeed: randomBytes(32),
      relays: [relay.wsAddress],
      clock: testClock,
      random: testRandom,
    })
    node.onGossip((message) => {
      inbox.gossip.push(text(message.bytes))
      return text(message.bytes).startsWith('bad') ? 'reject' : 'accept'
    })
    node.onDirect((peer, message) => inbox.direct.push(`${peer} ${text(message)}`))
    node.onRequest('status', (peer, request) =>
      Promise.resolve(bytes(`${text(request)} for ${peer}`)),
    )
    nodes.push(node)
    inboxes.push(inbox)
    return node
  }

  const paths = (node: NetworkTransport): string[] =>
    node
      .peers()
      .filter((peer) => !peer.isRelay)
      .map((peer) => peer.path)
  const seesAll = (node: NetworkTransport): boolean =>
    paths(node).length === nodes.length - 1 && !paths(node).includes('relayed')
  const hasRelay = (node: NetworkTransport): boolean => node.peers().some((peer) => peer.isRelay)

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'emo-relay-'))
    relay = await startRelay(dataDir, await freePort(), chainId)
    for (let count = 0; count < 3; count += 1) await addNode()
  })

  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    await relay.kill()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function gossipArrives(label: string): Promise<void> {
    // The mesh forms within a heartbeat or two; what is published before that need not arrive.
    await until(`${label} by gossip`, () => {
      nodes.forEach((node, index) => {
        node.publish('blocks', bytes(`${label} ${String(index)} ${String(Date.now())}`))
      })
      return inboxes.every((inbox, index) =>
        nodes.every(
          (_, from) =>
            from === index ||
            inbox.gossip.some((each) => each.startsWith(`${label} ${String(from)}`)),
        ),
      )
    })
  }

  async function directArrives(label: string, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      for (const from of nodes) {
        for (const to of nodes) {
          if (from !== to) expect(from.send(to.self, bytes(`${label} ${String(index)}`))).toBe(true)
        }
      }
    }
    const arrived = (inbox: Inbox): number =>
      inbox.direct.filter((each) => each.includes(` ${label} `)).length
    await until(`${label} by direct streams`, () =>
      inboxes.every((inbox) => arrived(inbox) === count * (nodes.length - 1)),
    )
  }

  it('NET-1 find each other through the relay and connect directly', async () => {
    await until('all pairs', () => nodes.every(seesAll))
    expect(nodes.every(hasRelay)).toBe(true)
  })

  it('NET-2 gossip reaches everyone, and what is rejected is not forwarded', async () => {
    await gossipArrives('first')
    nodes[0]?.publish('tx', bytes('bad one'))
    await until('the bad one', () => nodes.some((node) => node.counters().gossipRejected > 0))
  })

  it('NET-2 direct messages arrive, in order, and exactly once', async () => {
    await directArrives('early', 50)
    const from = nodes[1]?.self ?? ''
    const got = inboxes[0]?.direct.filter((each) => each.startsWith(`${from} early`)) ?? []
    expect(got).toEqual(Array.from({ length: 50 }, (_, index) => `${from} early ${String(index)}`))
  })

  it('NET-3 a request gets its answer, a stranger is unreachable', async () => {
    const [first, second] = nodes
    const answer = await first?.request(second?.self ?? ('' as PeerId), 'status', bytes('head'), {
      timeoutMs: 5_000,
    })
    expect(answer).toMatchObject({ ok: true })
    if (answer?.ok === true) expect(text(answer.value)).toBe(`head for ${first?.self ?? ''}`)
    const unserved = await first?.request(second?.self ?? ('' as PeerId), 'recover', bytes(''), {
      timeoutMs: 5_000,
    })
    expect(unserved).toMatchObject({ ok: false, error: { code: 'RESPONSE_INVALID' } })
    const stranger = '12D3KooWJsaHyTRb1DoBGodSiD4mBmm92qMs1ZoAbA1cKLA9V3Us' as PeerId
    const missing = await first?.request(stranger, 'status', bytes(''), { timeoutMs: 500 })
    expect(missing).toMatchObject({ ok: false, error: { code: 'PEER_UNREACHABLE' } })
    expect(first?.send(stranger, bytes('x'))).toBe(false)
  })

  it('ENC-2 who made the first connection is known at both ends', () => {
    const infos = nodes.flatMap((node) => node.peers())
    const relays = infos.filter(({ isRelay }) => isRelay)
    expect(relays.map(({ isInbound }) => isInbound)).toEqual([false, false, false])
    const inbound = infos.filter(({ isInbound }) => isInbound === true)
    expect(inbound.length).toBeGreaterThan(0)
    // Of a pair that dialled at once both may have been first.
    expect(infos.length - inbound.length).toBeGreaterThan(relays.length)
  })

  it('NET-11 a validator keeps its peer id, a follower gets a new one', async () => {
    const ids: string[] = []
    for (const seed of [1, 1, 2]) {
      const node = await createNodeTransport({
        chainId: 'elsewhere',
        peerSeed: new Uint8Array(32).fill(seed),
        relays: [],
        clock: testClock,
        random: testRandom,
      })
      ids.push(node.self)
      await node.stop()
    }
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })

  it('NET-12 the relay is killed: gossip, direct streams and requests go on', async () => {
    await relay.kill()
    await until('the relay to be gone', () => !nodes.some(hasRelay))
    expect(nodes.every(seesAll)).toBe(true)
    await directArrives('orphaned', 50)
    await gossipArrives('orphaned')
  })

  it('NET-13 the relay restarts with the same addresses, and everyone is back', async () => {
    const before = relay
    relay = await startRelay(dataDir, before.wsPort, chainId)
    expect(relay.peer).toBe(before.peer)
    expect(relay.addresses).toEqual(before.addresses)
    expect(relay.addresses.join(' ')).toContain('/certhash/')
    await until('the relay to be back', () => nodes.every(hasRelay))
    const isReserved = (node: NetworkTransport): boolean =>
      node.addresses().some((address) => address.includes(`${relay.peer}/p2p-circuit`))
    await until('reservations', () => nodes.every(isReserved))
    const late = await addNode()
    await until('the late joiner to see all', () => seesAll(late) && nodes.every(seesAll))
    await gossipArrives('rejoined')
  })
})
