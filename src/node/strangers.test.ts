import { afterEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { StatusRequest, StatusResponse } from '../core/codec/chain.ts'
import { protocol } from '../core/params.ts'
import type { PeerId } from '../ports/transport.ts'
import { Node } from './node.ts'
import { strangerCode } from './sameChain.ts'
import { noProver, TestNodes, troublesOf, until } from './testNodes.fixture.ts'

let nodes: TestNodes | undefined
let other: Node | undefined

afterEach(async () => {
  await other?.stop()
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
  other = undefined
})

async function started(): Promise<TestNodes> {
  const net = new TestNodes(60_000)
  nodes = net
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  await until(() => Math.min(...net.heights) >= 2)
  return net
}

async function goesOn(net: TestNodes): Promise<void> {
  const goal = Math.max(...net.heights) + 3
  await until(() => Math.min(...net.heights) >= goal)
  expect(troublesOf(net.running)).toEqual([])
}

function first({ running }: TestNodes): Node {
  const node = running[0]?.node
  if (node === undefined) throw new Error('the first node runs')
  return node
}

describe('ENC-2: a node of another genesis', () => {
  it('is told from the own chain on both sides, counted, and asked nothing more', async () => {
    const net = await started()
    const { genesis } = new TestNodes(30_000)
    const opened = await Node.open({
      ...{ genesis, bls, clock: nodeClock, store: openMemoryStore(), prover: noProver },
      transport: net.network.attach('elsewhere'),
    })
    const node = unwrap(opened)
    other = node
    await node.start()
    await until(() => node.gate.refused.totals()['PEER_OTHER_GENESIS'] === 4)
    // What they asked was heard too: their answers count.
    await until(() => node.peers.elsewhere?.peers === 4)
    expect(node.peers.elsewhere).toEqual({ code: 'PEER_OTHER_GENESIS', peers: 4, met: 4 })
    expect(node.transport.peers()).toEqual([])
    await until(() =>
      net.running.every(({ node: own }) => own.gate.refused.totals()['PEER_OTHER_GENESIS'] === 1),
    )
    // Three of the own chain and one stranger: nothing to tell the owner.
    expect(first(net).peers.elsewhere).toBeUndefined()
    expect(net.network.penalties).toContain('elsewhere of peer0: PEER_OTHER_GENESIS')
    const asked: string[] = []
    net.network.silence = ({ from, peer, protocol: name }) => {
      if ((from === 'elsewhere') !== (peer === 'elsewhere')) asked.push(name)
      return undefined
    }
    await goesOn(net)
    const options = { timeoutMs: 1000 }
    const known = await node.transport.request(
      'peer0' as PeerId,
      'sync',
      new Uint8Array(0),
      options,
    )
    expect(known.ok).toBe(false)
    expect(asked.filter((name) => name !== 'status')).toEqual([])
    expect(node.chain.tip.height).toBe(0)
  })
})

describe('ENC-2, ENC-1: what a peer says of itself', () => {
  const status = { height: 9, hash: new Uint8Array(32), epoch: 3, timeMs: 1 }
  const genesis = new Uint8Array(32)
  const own = { version: protocol.version, chainId: 'emo-test', genesis }

  it.each([
    ['a newer version', { version: protocol.version + 1 }, 'PEER_NEWER'],
    ['an older version', { version: 0 }, 'PEER_OLDER'],
    ['another name', { chainId: 'emo-other' }, 'PEER_OTHER_GENESIS'],
    ['another genesis', { genesis: new Uint8Array(32).fill(1) }, 'PEER_OTHER_GENESIS'],
    ['a genesis of another length', { genesis: new Uint8Array(0) }, 'PEER_OTHER_GENESIS'],
    ['the same', {}, undefined],
  ])('%s', (_, change, code) => {
    expect(strangerCode(own, { ...own, ...change })).toBe(code)
  })

  it.each([
    ['nothing', new Uint8Array(0), 'PEER_OLDER'],
    ['garbage', Uint8Array.of(255, 255, 255, 7), 'DECODE_MALFORMED'],
    ['too much', new Uint8Array(2000), 'DECODE_TOO_LARGE'],
    ['a field twice', Uint8Array.of(8, 2, 8, 2), 'DECODE_NOT_CANONICAL'],
    [
      'a genesis of 900 bytes',
      StatusResponse.encode({ ...status, ...own, genesis: new Uint8Array(900) }),
      'PEER_OTHER_GENESIS',
    ],
    [
      'a time beyond all clocks',
      StatusResponse.encode({ ...status, ...own, version: 99, timeMs: Number.MAX_SAFE_INTEGER }),
      'PEER_NEWER',
    ],
  ])('costs nobody but its sender: %s', async (_, bytes, code) => {
    const net = await started()
    const liar = net.network.attach('liar')
    liar.onRequest('status', () => Promise.resolve(bytes))
    const node = first(net)
    await node.peers.askAll()
    expect(node.gate.refused.totals()[code]).toBeGreaterThanOrEqual(1)
    const asking = { timeoutMs: 5000 }
    const answered = await liar.request('peer0' as PeerId, 'status', bytes, asking)
    const told = answered.ok ? StatusResponse.decode(answered.value) : undefined
    expect(told?.genesis).toEqual(node.chain.genesisHash)
    // The lag of a slow machine, and nothing of what a stranger says.
    expect(Math.abs(node.peers.clockOffsetMs)).toBeLessThan(9000)
    await goesOn(net)
  })

  it('most peers speak a newer version: the owner is told; one alone says nothing', async () => {
    const net = await started()
    const node = first(net)
    const bytes = StatusResponse.encode({ ...status, ...own, version: protocol.version + 1 })
    const join = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) {
        const newer = net.network.attach(`newer${String(index)}`)
        newer.onRequest('status', () => Promise.resolve(bytes))
      }
      await node.peers.askAll()
    }
    await join(1)
    expect(node.peers.elsewhere).toBeUndefined()
    await join(4)
    expect(node.peers.elsewhere).toEqual({ code: 'PEER_NEWER', peers: 4, met: 7 })
    // One that says to be of this chain is asked again, and counted no more.
    const request = StatusRequest.encode({ ...own, genesis: node.chain.genesisHash })
    const renewed = net.network.attach('newer0')
    await renewed.request('peer0' as PeerId, 'status', request, { timeoutMs: 5000 })
    await node.peers.askAll()
    expect(node.peers.elsewhere).toBeUndefined()
    await goesOn(net)
  })

  const newerAnswer = StatusResponse.encode({ ...status, ...own, version: protocol.version + 1 })

  it('requests that claim a newer version tell the owner nothing', async () => {
    const net = await started()
    const node = first(net)
    const request = StatusRequest.encode({ ...own, version: protocol.version + 1 })
    for (let index = 0; index < 8; index += 1) {
      const liar = net.network.attach(`liar${String(index)}`)
      await liar.request('peer0' as PeerId, 'status', request, { timeoutMs: 5000 })
    }
    expect(node.gate.refused.totals()['PEER_NEWER']).toBe(8)
    await node.peers.askAll()
    expect(node.peers.elsewhere).toBeUndefined()
    await goesOn(net)
  })

  it('one that comes again under other names is not counted at all', async () => {
    const net = await started()
    const node = first(net)
    net.network.isInbound = (_, other) => other.startsWith('again')
    for (let index = 0; index < 8; index += 1) {
      const liar = net.network.attach(`again${String(index)}`)
      liar.onRequest('status', () => Promise.resolve(newerAnswer))
      await node.peers.askAll()
      await liar.stop()
    }
    expect(node.gate.refused.totals()['PEER_NEWER']).toBe(8)
    expect(node.peers.elsewhere).toBeUndefined()
    await goesOn(net)
  })

  it('a node that met nobody else is told by three, and not by two', async () => {
    const net = new TestNodes(60_000)
    nodes = net
    await net.start(4)
    const node = net.running[4]?.node
    const met = async (name: string): Promise<unknown> => {
      net.network.attach(name).onRequest('status', () => Promise.resolve(newerAnswer))
      await node?.peers.askAll()
      return node?.peers.elsewhere
    }
    expect(await met('newer0')).toBeUndefined()
    expect(await met('newer1')).toBeUndefined()
    expect(await met('newer2')).toEqual({ code: 'PEER_NEWER', peers: 3, met: 3 })
  })
})
