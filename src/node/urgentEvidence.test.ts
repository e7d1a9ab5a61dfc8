import { afterEach, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { Body, Header } from '../core/codec/chain.ts'
import { decodeTransaction } from '../core/ledger/transactionBytes.ts'
import { doubleVote } from './doubleVote.fixture.ts'
import { TestNodes, troublesOf, until, type Running } from './testNodes.fixture.ts'

let devnet: TestNodes | undefined

afterEach(async () => {
  await Promise.all(devnet?.running.map(({ node }) => node.stop()) ?? [])
})

const blockIntervalMs = 6000

/** Time between a block and the one before, and whether it holds evidence. */
function paces({ events }: Running): { readonly ms: number; readonly isEvidence: boolean }[] {
  const blocks = events.flatMap((event) => (event.type === 'final' ? [event.block] : []))
  return blocks.slice(1).map(({ header, body }, index) => {
    const before = blocks[index]
    if (before === undefined) throw new Error('each has one before')
    const ms = Header.decode(header).timeMs - Header.decode(before.header).timeMs
    const { transactions } = Body.decode(body)
    const kinds = transactions.map((bytes) => unwrap(decodeTransaction(bytes, 65_536)).kind)
    return { ms, isEvidence: kinds.includes('evidence') }
  })
}

describe('PACE-1: evidence does not wait for the interval', () => {
  it('the next leader builds when it has it, and not when its time has come', async () => {
    const net = new TestNodes(120_000, { blockIntervalMs })
    devnet = net
    const [first] = await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
    if (first === undefined) throw new Error('four nodes')
    const { node } = first
    await until(() => Math.min(...net.heights) >= 1)
    const { genesis, keys } = net
    const bytes = doubleVote({ genesis, keys, state: node.chain.tip.state })
    expect((await node.submit(bytes)).ok).toBe(true)
    await until(() => Math.min(...net.heights) >= 4)
    const [hurried, ...paced] = paces(first)
    expect(hurried?.isEvidence).toBe(true)
    expect(hurried?.ms).toBeLessThan(blockIntervalMs)
    for (const { ms, isEvidence } of paced) {
      expect(isEvidence).toBe(false)
      expect(ms).toBeGreaterThanOrEqual(blockIntervalMs)
    }
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)
})
