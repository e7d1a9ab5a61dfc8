import { afterEach, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../src/adapters/crypto/blsBlst.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { testKeys } from '../../src/core/ledger/testChain.fixture.ts'
import { TestNodes, troublesOf, until } from '../../src/node/testNodes.fixture.ts'
import { restartChain, type RestartOptions } from './restartChain.ts'

let nodes: TestNodes | undefined

afterEach(async () => {
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

/** Two of four seats are gone, and an operator's follower has come. */
async function stuckDevnet(): Promise<{ net: TestNodes; options: RestartOptions; said: string[] }> {
  const net = new TestNodes(60_000, { restartAfterMs: 1000 })
  nodes = net
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  await until(() => Math.min(...net.heights) >= 3)
  await Promise.all([net.stop(2), net.stop(3)])
  const { node } = await net.start(4)
  const said: string[] = []
  const say = (line: string): void => void said.push(line)
  const restartSeed = testKeys(bls, 900).seed
  return { net, said, options: { node, restartSeed, dryRun: false, without: [], say } }
}

describe('RECOVER-1: npm run restart', () => {
  it('says what it would do, then does it: blocks are final again', async () => {
    const { net, options, said } = await stuckDevnet()
    const tried = await restartChain({ ...options, dryRun: true })
    expect(tried.ok).toBe(true)
    const ids = net.keys.map(({ account }) => hex(account).slice(0, 16))
    expect(
      said.filter((line) => line.startsWith('  in ')).map((line) => line.split(/\s+/)[2]),
    ).toEqual(expect.arrayContaining(ids.slice(0, 2)))
    expect(said.filter((line) => line.startsWith('  out '))).toHaveLength(2)
    expect(said.at(-1)).toBe('Nothing was sent (--dry-run).')
    const height = options.node.chain.tip.height
    expect(net.running[0]?.node.running?.committee.attempt).toBe(0)
    const done = await restartChain(options)
    expect(done.ok).toBe(true)
    expect(said.at(-1)).toMatch(/^Block \d+ is final: the chain goes on\.$/)
    expect(net.running[0]?.node.chain.tip.height).toBeGreaterThan(height)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('a key of another chain, and nobody left to sit, change nothing', async () => {
    const { net, options } = await stuckDevnet()
    const wrong = await restartChain({ ...options, restartSeed: testKeys(bls, 901).seed })
    expect(wrong).toMatchObject({
      error: {
        code: 'RESTART_SIGNATURE',
        message: 'The restart key is not the one that the genesis of this chain names.',
      },
    })
    const without = net.keys.map(({ account }) => hex(account).slice(0, 8)).slice(0, 1)
    const few = await restartChain({ ...options, without })
    expect(few).toMatchObject({
      error: {
        code: 'RESTART_TOO_FEW',
        message: 'Only 1 reachable validators hold a key that may sit; it takes 2.',
      },
    })
    expect(net.running[0]?.node.running?.committee.attempt).toBe(0)
  }, 120_000)
})
