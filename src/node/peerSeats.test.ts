import { describe, expect, it } from 'vitest'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import { StatusResponse, type Committee } from '../core/codec/chain.ts'
import { protocol } from '../core/params.ts'
import type { Transport } from '../ports/transport.ts'
import { medianOffset } from './clockOffset.ts'
import { gateChain, testGate } from './peerGate.fixture.ts'
import { PeerSeats } from './peerSeats.ts'

const hourMs = 3_600_000
const { chainId, genesisHash: genesis } = gateChain

/** Seats `peer0` to `peer(n-1)`; those in `ahead` are that far ahead of the clock of this test. */
async function measured(
  powers: readonly number[],
  ahead: Readonly<Record<number, number>>,
  own = 0,
  delayMs = 0,
): Promise<{ readonly peers: PeerSeats; readonly leave: (seat: number) => Promise<void> }> {
  const network = new MemoryNetwork()
  const self = network.attach(`peer${String(own)}`)
  const others = new Map<number, Transport>()
  for (const [seat, aheadMs] of Object.entries(ahead)) {
    const transport = network.attach(`peer${seat}`)
    others.set(Number(seat), transport)
    transport.onRequest('status', async () => {
      const answer = status(nodeClock.nowMs() + aheadMs)
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      return answer
    })
  }
  const peers = new PeerSeats(testGate(self), nodeClock)
  peers.setCommittee(committeeOf(powers))
  peers.start(chainId, genesis)
  await peers.askAll()
  peers.stop()
  const leave = async (seat: number): Promise<void> => {
    await others.get(seat)?.stop()
    await peers.askAll()
  }
  return { peers, leave }
}

function status(timeMs: number): Uint8Array {
  const { version } = protocol
  return StatusResponse.encode({ version, chainId, genesis, timeMs: Math.max(0, timeMs) })
}

function committeeOf(powers: readonly number[]): Committee {
  const empty = new Uint8Array(32)
  const seats = powers.map((power, index) => ({
    ...{ validator: empty, epochKey: empty, sharingKey: empty, score: 7500 },
    power,
    peerId: `peer${String(index)}`,
  }))
  return { epoch: 0, attempt: 0, seats, leaders: powers.map((_, index) => index) }
}

const ones = (count: number): readonly number[] => Array.from({ length: count }, () => 1)

const range = (from: number, to: number, aheadMs: number): Record<number, number> =>
  Object.fromEntries(Array.from({ length: to - from }, (_, index) => [from + index, aheadMs]))

describe('TIME-1: the clock is corrected by seats of 2F+1 power', () => {
  it('leaves it alone for one liar that answers alone', async () => {
    const { peers } = await measured(ones(4), { 1: hourMs })
    expect(peers.clockOffsetMs).toBe(0)
  })

  it.each([
    ['4 seats', 4, 1],
    ['21 seats', 21, 6],
  ])('is not moved by F liars: %s', async (_, seats, faulty) => {
    const honest = range(faulty + 1, seats, 0)
    for (const lieMs of [hourMs, -hourMs]) {
      const { peers } = await measured(ones(seats), { ...range(1, faulty + 1, lieMs), ...honest })
      expect(peers.clockOffsetMs).toBe(0)
    }
  })

  it('is not moved by F+1 liars while they are all that answers', async () => {
    const { peers } = await measured(ones(21), range(1, 8, hourMs))
    expect(peers.clockOffsetMs).toBe(0)
  })

  it('is moved by no more than 10 s, when more than F lie', async () => {
    // 13 of 21 with this node: 7 are faulty, and more than the rule bears.
    const { peers } = await measured(ones(21), {
      ...range(1, 8, hourMs),
      ...range(8, 13, 0),
    })
    expect(peers.clockOffsetMs).toBe(10_000)
  })

  it('follows the others when this clock is the one that is off, F liars among them', async () => {
    const { peers } = await measured(ones(21), {
      ...range(1, 6, -hourMs),
      ...range(6, 21, 3000),
    })
    expect(peers.clockOffsetMs).toBeGreaterThan(2900)
    expect(peers.clockOffsetMs).toBeLessThan(3100)
  })

  it('counts power and not seats', async () => {
    // W = 10, F = 3: own 1 and the two honest ones of 3 are 7 = 2F+1, the liar has 3.
    const powers = [1, 3, 3, 3]
    const heard = await measured(powers, { 1: hourMs, 2: 3000, 3: 3000 })
    expect(heard.peers.clockOffsetMs).toBeGreaterThan(2900)
    expect(heard.peers.clockOffsetMs).toBeLessThan(3100)
    const few = await measured(powers, { 1: 3000, 2: 3000, 3: 3000 }, 9)
    expect(few.peers.clockOffsetMs).toBeGreaterThan(2900)
    const lacking = await measured(powers, { 1: 3000, 2: 3000 }, 9)
    // 6 of the 7 that it takes: two of three seats.
    expect(lacking.peers.clockOffsetMs).toBe(0)
  })

  it('forgets what a seat said that is gone, and holds for a while what was measured', async () => {
    const { peers, leave } = await measured(ones(4), { 1: 3000, 2: 3000, 3: -3000 })
    expect(peers.clockOffsetMs).toBe(0)
    await leave(3)
    expect(peers.clockOffsetMs).toBeGreaterThan(2900)
    await leave(2)
    expect(peers.clockOffsetMs).toBeGreaterThan(2900)
    expect(peers.statusOf('peer2' as never)).toBeUndefined()
  })

  it('is not moved by who delays all answers, on one way alone', async () => {
    const slow = await measured(ones(4), { 1: 0, 2: 0, 3: 0 }, 0, 700)
    expect(slow.peers.measuredOffsetMs).toBeUndefined()
    // Within what counts: half of it, and two seats so moved are timely for each other.
    const near = await measured(ones(4), { 1: 0, 2: 0, 3: 0 }, 0, 400)
    expect(near.peers.clockOffsetMs).toBeGreaterThanOrEqual(-250)
  })

  it('drops all offsets when this clock jumps, also those that are on their way', async () => {
    const { peers } = await measured(ones(4), { 1: 3000, 2: 3000, 3: 3000 })
    const asking = peers.askAll()
    peers.onClockJump()
    expect([peers.clockOffsetMs, peers.measuredOffsetMs]).toEqual([0, undefined])
    await asking
    expect(peers.measuredOffsetMs).toBeUndefined()
    await peers.askAll()
    expect(peers.clockOffsetMs).toBeGreaterThan(2900)
  })

  it('says when a quorum is further away than own time may be corrected by', async () => {
    const near = await measured(ones(4), { 1: 9000, 2: 9000, 3: 9000 })
    expect(near.peers.isClockOff).toBe(false)
    const far = await measured(ones(4), { 1: hourMs, 2: hourMs, 3: hourMs })
    expect([far.peers.isClockOff, far.peers.clockOffsetMs]).toEqual([true, 10_000])
    expect(far.peers.measuredOffsetMs).toBeGreaterThan(hourMs - 1000)
    const alone = await measured(ones(4), { 1: hourMs })
    expect([alone.peers.isClockOff, alone.peers.measuredOffsetMs]).toEqual([false, undefined])
  })

  it('measures without an own seat by the seats alone', async () => {
    const two = await measured(ones(4), { 0: hourMs, 1: hourMs }, 9)
    expect(two.peers.clockOffsetMs).toBe(0)
    const three = await measured(ones(4), { 0: hourMs, 1: 3000, 2: 3000 }, 9)
    expect(three.peers.clockOffsetMs).toBeLessThan(3100)
  })
})

describe('TIME-1: the median by power', () => {
  const one = (offsetMs: number, power = 1): { offsetMs: number; power: number } => ({
    offsetMs,
    power,
  })

  it('is undefined below 2F+1 and lies among the honest from there on', () => {
    expect(medianOffset([], { faultyPower: 0 })).toBeUndefined()
    expect(medianOffset([one(5), one(5)], { faultyPower: 1 })).toBeUndefined()
    expect(medianOffset([one(-9e15), one(5), one(6)], { faultyPower: 1 })).toBe(5)
    expect(medianOffset([one(9e15), one(5), one(6)], { faultyPower: 1 })).toBe(6)
    expect(medianOffset([one(5, 3), one(9, 2)], { faultyPower: 2 })).toBe(5)
    expect(medianOffset([one(5, 2), one(9, 3)], { faultyPower: 2 })).toBe(9)
  })
})
