import { describe, expect, it } from 'vitest'
import { JumpClock } from '../../test/support/jumpClock.ts'
import type { Committee } from '../core/codec/chain.ts'
import type { PeerId } from '../ports/transport.ts'
import { offsetHeldMs, SeatClock } from './seatClock.ts'

const names = ['peer0', 'peer1', 'peer2', 'peer3'].map((name) => name as PeerId)

function committee(): Committee {
  const empty = new Uint8Array(32)
  const fields = { validator: empty, epochKey: empty, sharingKey: empty, score: 7500, power: 1 }
  const seats = names.map((peerId) => ({ ...fields, peerId }))
  return { epoch: 0, attempt: 0, seats, leaders: [0, 1, 2, 3] }
}

/** Seat 0 of four, which three seats have shown to be 3 s behind. */
function measured(): {
  readonly own: SeatClock
  readonly clock: JumpClock
  readonly said: string[]
} {
  const clock = new JumpClock(0)
  const said: string[] = []
  const own = new SeatClock(names[0]!, clock, (text) => said.push(text.split(':')[0] ?? ''))
  own.setCommittee(committee())
  for (const peer of names.slice(1)) own.note(peer, { offsetMs: 3_000, roundTripMs: 40 })
  expect(own.offsetMs).toBe(3_000)
  return { own, clock, said }
}

describe('TIME-1: what was measured holds while answers are delayed', () => {
  it('for five minutes, then nothing is corrected and it is said', async () => {
    const { own, clock, said } = measured()
    for (const peer of names.slice(1)) own.forget(peer)
    // Answers that are delayed on one way: they say nothing, whatever they say.
    for (const peer of names.slice(1)) own.note(peer, { offsetMs: -9_000, roundTripMs: 4_000 })
    await clock.pass(offsetHeldMs - 1)
    expect([own.offsetMs, said]).toEqual([3_000, []])
    await clock.pass(1)
    expect([own.offsetMs, own.measuredMs, said]).toEqual([0, undefined, ['CLOCK_UNMEASURED']])
  })

  it('and no longer than until enough seats answer quickly again', async () => {
    const { own, clock, said } = measured()
    for (const peer of names.slice(2)) own.forget(peer)
    await clock.pass(offsetHeldMs - 1)
    own.note(names[2]!, { offsetMs: 2_000, roundTripMs: 40 })
    expect(own.offsetMs).toBe(2_000)
    await clock.pass(offsetHeldMs)
    expect([own.offsetMs, said]).toEqual([2_000, []])
  })

  it('but not across a jump of this clock', async () => {
    const { own, clock, said } = measured()
    own.forgetAll()
    expect([own.offsetMs, own.measuredMs]).toEqual([0, undefined])
    own.note(names[1]!, { offsetMs: 3_000, roundTripMs: 40 })
    await clock.pass(2 * offsetHeldMs)
    expect([own.offsetMs, said]).toEqual([0, []])
  })

  it('and says once that this clock is off, whatever jumps in between', () => {
    const { own, said } = measured()
    const off = (): void => {
      for (const peer of names.slice(1)) own.note(peer, { offsetMs: 3_600_000, roundTripMs: 40 })
    }
    off()
    own.forgetAll()
    off()
    expect([own.isOff, said]).toEqual([true, ['CLOCK_OFF']])
  })
})
