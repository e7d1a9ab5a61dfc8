import { afterEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { err, ok } from '../core/base/result.ts'
import { list } from '../core/ledger/state.ts'
import { readyEntries } from '../core/ledger/tables.ts'
import type { TestChain } from '../core/ledger/testChain.fixture.ts'
import { readyOf } from '../core/ledger/testDuty.fixture.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import type { Prover } from '../ports/prover.ts'
import { noProver, TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

let nodes: TestNodes | undefined

afterEach(async () => {
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

type Verdict = Awaited<ReturnType<Prover['verify']>>

/** Answers every question about a proof with what `verdict` says then. */
function proverWith(verdict: () => Verdict): Prover {
  return { ...noProver, verify: () => Promise.resolve(verdict()) }
}

/** Four nodes whose chain holds a READY whose proof all four found good. */
async function withReady(): Promise<TestNodes> {
  const net = new TestNodes(60_000)
  nodes = net
  net.prover = proverWith(() => ok(undefined))
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  await until(() => Math.min(...net.heights) >= 3)
  const { node } = net.running[0] ?? {}
  if (node === undefined) throw new Error('the first node runs')
  const { genesis, keys } = net
  const chain = { bls, genesis, keys, state: node.chain.tip.state } as TestChain
  unwrap(await node.submit(readyOf(chain, 1).bytes))
  await until(() => list(node.chain.tip.state, readyEntries).length === 1)
  return net
}

function unjudgedBy({ events }: Running): number {
  const text = 'a proof could not be judged: PROVER_CRASHED'
  return events.filter((event) => event.type === 'notice' && event.text === text).length
}

describe('SYNC-3, ZK-4: a page with a block whose proof this node cannot judge', () => {
  it('is no fault of who sent it: nobody is penalised, and it is taken up again', async () => {
    const net = await withReady()
    let verdict: Verdict = err({ code: 'PROVER_CRASHED', reason: 'out of memory' })
    net.prover = proverWith(() => verdict)
    const follower = await net.start(4)
    // A block is tried three times: the pages of two peers at least have failed.
    await until(() => unjudgedBy(follower) >= 7)
    const { tip } = follower.node.chain
    expect(tip.height).toBeLessThan(net.heights[0] ?? 0)
    expect(list(tip.state, readyEntries)).toEqual([])
    expect(net.network.penalties).toEqual([])
    verdict = ok(undefined)
    await until(() => list(follower.node.chain.tip.state, readyEntries).length === 1)
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('while a proof that is false costs its sender', async () => {
    const net = await withReady()
    net.prover = proverWith(() => err({ code: 'PROOF_INVALID' }))
    const follower = await net.start(4)
    await until(() => net.network.penalties.length > 0)
    expect(net.network.penalties[0]).toMatch(/^peer4 of peer\d: BLOCK_TX_INVALID$/)
    expect(list(follower.node.chain.tip.state, readyEntries)).toEqual([])
  }, 120_000)
})
