import { afterEach, describe, expect, it } from 'vitest'
import { createMemoryDisk } from '../adapters/storage/memoryStore.ts'
import { hex } from '../core/base/bytes.ts'
import type { Result } from '../core/base/result.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { testKeys } from '../core/ledger/testChain.fixture.ts'
import { restartNotBeforeMs } from '../core/ledger/transactions/restart.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import type { Tip } from './chain.ts'
import type { Node } from './node.ts'
import { planRestart, signRestart } from './restartPlan.ts'
import { TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const restartSeed = testKeys(bls, 900).seed
const restartAfterMs = 1000

let nodes: TestNodes | undefined

afterEach(async () => {
  await Promise.all(nodes?.running.map(({ node }) => node.stop()) ?? [])
})

const others = (net: TestNodes): readonly Node[] => net.running.slice(0, 2).map(({ node }) => node)

/** Two of four seats are gone for good: no quorum is left. */
async function stuck(): Promise<TestNodes> {
  const net = new TestNodes(60_000, { restartAfterMs })
  nodes = net
  await Promise.all([0, 1, 2, 3].map((index) => net.start(index)))
  await until(() => Math.min(...net.heights) >= 3)
  await Promise.all([net.stop(2), net.stop(3)])
  // What was certified while they left becomes final, then nothing more does.
  await until(() => {
    const [first, second] = others(net)
    const tip = first?.chain.tip
    return tip?.key === second?.chain.tip.key && Date.now() > restartNotBeforeMs(tipOf(net).state)
  })
  return net
}

function tipOf(net: TestNodes): Tip {
  const tip = net.running[0]?.node.chain.tip
  if (tip === undefined) throw new Error('the first node runs')
  return tip
}

const isAlive = (seat: { readonly peerId: string }): boolean =>
  seat.peerId === 'peer0' || seat.peerId === 'peer1'

function plan(tip: Tip): ReturnType<typeof planRestart> {
  return planRestart(tip, { nowMs: Date.now(), isLive: isAlive })
}

/** The record for the live seats; `change` spoils what is signed. */
function record(tip: Tip, change: object = {}, seed = restartSeed): Uint8Array {
  return unwrap(signRestart(tip, { ...unwrap(plan(tip)), ...change }, seed))
}

function codeOf(result: Result<unknown, { readonly code: string }>): string {
  return result.ok ? 'ok' : result.error.code
}

describe('RECOVER-1: a committee with too few live seats', () => {
  it('goes on with the seats that the restart key names, and everybody follows', async () => {
    const net = await stuck()
    const base = tipOf(net)
    const follower = await net.start(4)
    await until(() => follower.node.chain.tip.key === base.key)
    expect(codeOf(await follower.node.submit(record(base)))).toBe('ok')
    const goal = base.height + 4
    const all = [...others(net), follower.node]
    await until(() => all.every(({ chain }) => chain.tip.height >= goal))
    const blocks = await Promise.all(all.map(({ chain }) => chain.store.readBlock(goal)))
    expect(new Set(blocks.map((block) => hex(block?.hash ?? new Uint8Array(0)))).size).toBe(1)
    expect(all.map(({ running }) => running?.committee.seats.length)).toEqual([2, 2, 2])
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('a seat that was away, a newcomer and a seat that starts again come to it', async () => {
    const net = await stuck()
    const base = tipOf(net)
    expect(codeOf(await others(net)[0]!.submit(record(base)))).toBe('ok')
    await until(() => others(net).every(({ chain }) => chain.tip.height > base.height + 2))
    await net.stop(1)
    await net.start(1)
    net.disks[4] = createMemoryDisk()
    await Promise.all([net.start(3), net.start(4)])
    const goal = tipOf(net).height + 3
    await until(() => [0, 1, 3, 4].every((index) => (net.heights[index] ?? 0) >= goal))
    expect(net.running[1]?.node.running?.engine.state.mode.type).toBe('active')
    expect(troublesOf(net.running)).toEqual([])
    expect(net.network.penalties).toEqual([])
  }, 120_000)

  it('a taken record is durable: both seats stop before its first block, and go on', async () => {
    const net = await stuck()
    const base = tipOf(net)
    net.network.isLinked = () => false
    const bytes = record(base)
    for (const node of others(net)) expect(codeOf(await node.submit(bytes))).toBe('ok')
    expect(tipOf(net).key).toBe(base.key)
    await Promise.all([net.stop(0), net.stop(1)])
    net.network.isLinked = () => true
    await Promise.all([net.start(0), net.start(1)])
    await until(() => others(net).every(({ chain }) => chain.tip.height > base.height + 2))
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('a seat that missed the record takes it from a proposal that opens with it', async () => {
    const net = await stuck()
    const base = tipOf(net)
    const second = others(net)[1]
    net.network.isLinked = () => false
    expect(codeOf(await others(net)[0]!.submit(record(base)))).toBe('ok')
    expect(second?.running?.committee.attempt).toBe(0)
    net.network.isLinked = () => true
    await until(() => others(net).every(({ chain }) => chain.tip.height > base.height + 2))
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('refuses another key, another base, the same record again and an old attempt', async () => {
    const net = await stuck()
    const base = tipOf(net)
    const node = others(net)[0]!
    const other = testKeys(bls, 901).seed
    expect(codeOf(signRestart(base, unwrap(plan(base)), other))).toBe('RESTART_SIGNATURE')
    const good = record(base)
    const forged = Uint8Array.from(good)
    forged[forged.length - 5] = (forged[forged.length - 5] ?? 0) ^ 1
    expect(codeOf(await node.submit(forged))).toBe('RESTART_SIGNATURE')
    const elsewhere = record(base, { base: new Uint8Array(32).fill(7) })
    expect(codeOf(await node.submit(elsewhere))).toBe('RESTART_STALE')
    const { attempt } = unwrap(plan(base))
    expect(codeOf(await node.submit(record(base, { attempt: attempt + 9 })))).toBe(
      'RESTART_COMMITTEE',
    )
    expect(tipOf(net).key).toBe(base.key)
    expect(codeOf(await node.submit(good))).toBe('ok')
    await until(() => others(net).every(({ chain }) => chain.tip.height > base.height + 2))
    const { height } = tipOf(net)
    expect(codeOf(await node.submit(good))).toBe('RESTART_STALE')
    // The next one comes too early: this chain lives.
    expect(codeOf(plan(tipOf(net)))).toBe('RESTART_EARLY')
    await until(() => tipOf(net).height > height + 2)
    expect(troublesOf(net.running)).toEqual([])
  }, 120_000)

  it('a record for a chain that lives is refused, and one seat alone is not enough', async () => {
    const net = await stuck()
    const base = tipOf(net)
    const alone = planRestart(base, {
      nowMs: Date.now(),
      isLive: (seat) => seat.peerId === 'peer0',
    })
    expect(alone).toEqual({ ok: false, error: { code: 'RESTART_TOO_FEW', live: 1, needed: 2 } })
    await net.start(2)
    await until(() => tipOf(net).height > base.height + 2)
    expect(codeOf(await others(net)[0]!.submit(record(base)))).toBe('RESTART_STALE')
  }, 120_000)
})
