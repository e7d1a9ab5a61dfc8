/**
 * What strangers and old disks do to real nodes: each is refused with a code, costs its sender, and
 * the chain goes on.
 */
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../circuits/tests/artifacts.fixture.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { createNodeProver } from '../adapters/node/prover.ts'
import { buildStatement } from '../core/emotion/statement.ts'
import { testScenario } from '../core/emotion/statement.fixture.ts'
import { list } from '../core/ledger/state.ts'
import { readyEntries } from '../core/ledger/tables.ts'
import { keysOf, readyOf } from '../core/ledger/testDuty.fixture.ts'
import type { TestChain } from '../core/ledger/testChain.fixture.ts'
import { attestOf, reviewersOf } from '../core/ledger/testReviews.fixture.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

let nodes: TestNodes | undefined

afterEach(async () => {
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

async function started(epochMs = 60_000): Promise<TestNodes> {
  const net = new TestNodes(epochMs)
  nodes = net
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  await until(() => Math.min(...net.heights) >= 3)
  return net
}

async function goesOn(net: TestNodes, blocks = 3): Promise<void> {
  const goal = Math.max(...net.heights) + blocks
  await until(() => Math.max(...net.heights) >= goal)
  expect(troublesOf(net.running)).toEqual([])
}

describe('ENC-1, NET-6: malformed messages', () => {
  it.each([
    ['nothing', []],
    ['an empty message', [0]],
    ['garbage', [255, 255, 255, 255, 7]],
    ['a vote that is cut', [18, 9, 1]],
  ])(
    '%s costs its sender on a direct stream and in gossip',
    async (_name, bytes) => {
      const net = await started()
      const stranger = net.network.attach('stranger')
      const to = net.running[0]?.node.transport.self
      if (to === undefined) throw new Error('the first node runs')
      stranger.send(to, Uint8Array.from(bytes))
      await until(() => net.network.penalties.length === 1)
      expect(net.network.penalties).toEqual(['peer0 of stranger: MESSAGE_MALFORMED'])
      stranger.publish('consensus', Uint8Array.from(bytes))
      stranger.publish('tx', Uint8Array.from(bytes))
      const rejected = [0, 1, 2, 3].map((at) => `peer${String(at)} of stranger: GOSSIP_REJECTED`)
      await until(() => net.network.penalties.length === 9)
      expect(net.network.penalties.slice(1).toSorted()).toEqual(
        [...rejected, ...rejected].toSorted(),
      )
      await stranger.stop()
      await goesOn(net)
    },
    120_000,
  )
})

describe('ZK-4: a READY whose proof is of something else', () => {
  it(
    'is refused by the verifier, costs its forwarder, and counts for nothing',
    async () => {
      await ensureArtifacts()
      const artifactsFolder = join(projectRoot, 'public/circuits')
      const prover = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: true })
      const { circuitInput, publicInputs } = unwrap(buildStatement(testScenario({ seed: 5 })))
      const proof = unwrap(await prover.prove({ circuitInput, publicInputs }))
      const net = new TestNodes(60_000)
      nodes = net
      net.prover = prover
      await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
      await until(() => Math.min(...net.heights) >= 3)
      const { node } = net.running[0] ?? {}
      if (node === undefined) throw new Error('the first node runs')
      const { genesis, keys } = net
      const chain = { bls, genesis, keys, state: node.chain.tip.state } as TestChain
      const { bytes } = readyOf(chain, 1, { proof })
      expect(await node.submit(bytes)).toMatchObject({ error: { code: 'READY_PROOF_INVALID' } })
      const stranger = net.network.attach('stranger')
      stranger.publish('ready', bytes)
      await until(() => net.network.penalties.length === 4, 90_000)
      expect(net.network.penalties).toContain('peer0 of stranger: GOSSIP_REJECTED')
      await stranger.stop()
      await goesOn(net)
      expect(list(node.chain.tip.state, readyEntries)).toEqual([])
      await prover.close()
    },
    ensureTimeoutMs,
  )
})

describe('E9: who attests a proof that does not hold', () => {
  it(
    'is convicted on every node, by whoever heard of both',
    async () => {
      await ensureArtifacts()
      const artifactsFolder = join(projectRoot, 'public/circuits')
      const prover = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: true })
      const net = new TestNodes(60_000)
      nodes = net
      net.prover = prover
      await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
      await until(() => Math.min(...net.heights) >= 3)
      const { node } = net.running[0] ?? {}
      if (node === undefined) throw new Error('the first node runs')
      const { genesis, keys } = net
      const chain = { bls, genesis, keys, state: node.chain.tip.state } as TestChain
      const maker = keys.findIndex((_, index) => reviewersOf(chain, index).length > 0)
      const [liar = -1] = reviewersOf(chain, maker)
      const ready = readyOf(chain, maker, { proof: new Uint8Array(256).fill(1) })
      const attest = attestOf(chain, liar, ready)
      const stranger = net.network.attach('stranger')
      stranger.publish('ready', attest.bytes)
      stranger.publish('ready', ready.bytes)
      const account = keysOf(chain, liar).account
      const isConvicted = ({ node: one }: Running): boolean =>
        validatorOf(one.chain.tip.state, account)?.convictions === 1
      await until(() => net.running.every(isConvicted), 90_000)
      expect(validatorOf(node.chain.tip.state, account)?.bondedMicro).toBe(18_000_000_000n)
      await stranger.stop()
      await goesOn(net)
      await prover.close()
    },
    ensureTimeoutMs,
  )
})

describe('BFT-10: an old safety record', () => {
  it('shows in the votes that others hold: the seat abstains, nobody is convicted', async () => {
    const net = await started()
    await net.stop(2)
    const old = structuredClone(net.disks[2])
    await net.start(2)
    await until(() => net.running[2]?.node.running?.engine.state.mode.type === 'active')
    await Promise.all([net.stop(1), net.stop(3)])
    const height = net.heights[0] ?? 0
    // Without a quorum the views end by nothing; what seat 2 signs now is held by seat 0.
    const engine = net.running[0]?.node.running?.engine
    const own = net.running[2]?.node.running?.seat ?? 0
    await until(() => {
      const { state } = engine ?? {}
      return [...(state?.views ?? [])].some(
        ([view, here]) => view > (state?.finalView ?? 0) && here.skips.has(own),
      )
    })
    await net.stop(2)
    if (old === undefined) throw new Error('the second node has a disk')
    net.disks[2] = old
    await net.start(2)
    const mode = (): unknown => net.running[2]?.node.running?.engine.state.mode
    await until(() => (mode() as { type?: string } | undefined)?.type === 'abstaining')
    expect(mode()).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
    await Promise.all([net.start(1), net.start(3)])
    await until(() => (net.heights[0] ?? 0) > height + 3)
    expect(troublesOf(net.running)).toEqual([])
    expect(mode()).toEqual({ type: 'abstaining', reason: 'RECORD_OLD' })
  }, 120_000)
})
