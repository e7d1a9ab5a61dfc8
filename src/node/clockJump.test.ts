import { afterEach, describe, expect, it } from 'vitest'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { nodeRandom } from '../adapters/node/random.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { Clock } from '../ports/clock.ts'
import { roundTripMsMax } from './clockSamples.ts'
import type { Node } from './node.ts'
import { NodeService } from './service.ts'
import { noProver, TestNodes, troublesOf, until } from './testNodes.fixture.ts'

const hourMs = 3_600_000
const limitMs = 240_000

/** The device whose owner sets the clock. */
const odd = { index: 3, aheadMs: 0 }

const oddClock: Clock = {
  nowMs: () => nodeClock.nowMs() + odd.aheadMs,
  after: (delayMs, callback) => nodeClock.after(delayMs, callback),
}

let nodes: TestNodes | undefined
let service: NodeService | undefined

afterEach(async () => {
  odd.aheadMs = 0
  await service?.stop()
  await Promise.all(nodes?.running.slice(0, 4).map(({ node }) => node.stop()) ?? [])
})

async function started(index: number): Promise<TestNodes> {
  odd.index = index
  const net = new TestNodes(60_000, {}, 5)
  net.clock = (one) => (one === odd.index ? oddClock : nodeClock)
  nodes = net
  await Promise.all([0, 1, 2, 3].map((one) => net.start(one)))
  await until(() => Math.min(...net.heights) >= 2)
  return net
}

async function goesOn(net: TestNodes): Promise<void> {
  const goal = Math.max(...net.heights) + 4
  await until(() => Math.min(...net.heights) >= goal)
  expect(troublesOf(net.running)).toEqual([])
}

describe('BFT-10, TIME-1: the clock of one of four validators jumps', () => {
  it(
    'ahead, back, and an hour behind: it follows, says so, and signs again',
    async () => {
      const net = await started(3)
      const node = net.running[3]?.node as Node
      const refused = (): Readonly<Record<string, number>> => node.gate.refused.totals()
      odd.aheadMs = hourMs
      await goesOn(net)
      await until(() => (refused()['TIME_LOST'] ?? 0) >= 1)
      await node.peers.askAll()
      expect([node.peers.isClockOff, refused()['CLOCK_OFF']]).toEqual([true, 1])
      odd.aheadMs = -hourMs
      await goesOn(net)
      await until(() => (refused()['CLOCK_SET_BACK'] ?? 0) >= 1)
      await node.peers.askAll()
      expect(node.peers.isClockOff).toBe(true)
      await until(() => (refused()['HEADER_UNTIMELY'] ?? 0) >= 1)
      odd.aheadMs = 0
      await goesOn(net)
      await node.peers.askAll()
      expect(node.peers.isClockOff).toBe(false)
      // Half of the slowest answer that counts, on a machine that is busy.
      expect(Math.abs(node.peers.clockOffsetMs)).toBeLessThanOrEqual(roundTripMsMax / 2)
      await until(() => node.running?.engine.state.mode.type === 'active')
      // Its record holds all that it signed: a restart finds nothing old and nothing broken.
      await net.stop(3)
      const again = await net.start(3)
      await until(() => again.node.running?.engine.state.mode.type === 'active')
      expect(again.node.running?.abstains).toBeUndefined()
      await goesOn(net)
    },
    limitMs,
  )
})

describe('TIME-1, UX-2: a validator whose clock is off by an hour', () => {
  it(
    'is off duty, announced, says why, and is back when its clock is right',
    async () => {
      const net = await started(4)
      const { node } = await net.open(4)
      const keys = net.keys[4]
      if (keys === undefined) throw new Error('the fifth validator has keys')
      const own = new NodeService({
        node,
        clock: oddClock,
        random: nodeRandom,
        prover: noProver,
        createSigner: () => Promise.resolve(testSigner(bls, keys, { index: 4, epochs: [0] })),
        faucet: undefined,
      })
      service = own
      await own.start()
      const seeds = { identitySeed: keys.seed, vrfSeed: keys.seed, networkSeed: keys.seed }
      await own.command({ type: 'unlock', keys: { ...seeds, proofSecret: new Uint8Array(32) } })
      await until(() => Math.min(...net.heights) >= 3)
      odd.aheadMs = hourMs
      await node.peers.askAll()
      await until(() => own.snapshot().refused?.['CLOCK_OFF'] === 1)
      expect(own.snapshot().duty).toEqual({ state: 'absent', reason: 'CLOCK_OFF' })
      expect(own.snapshot().clockOffsetMs).toBeLessThan(-hourMs + 60_000)
      await until(() => validatorOf(node.chain.tip.state, keys.account)?.absent === true)
      odd.aheadMs = 0
      await node.peers.askAll()
      await until(() => {
        const { duty } = own.snapshot()
        return duty.state !== 'absent' || duty.reason !== 'CLOCK_OFF'
      })
      expect(own.snapshot().clockOffsetMs).toBeLessThan(60_000)
    },
    limitMs,
  )
})
