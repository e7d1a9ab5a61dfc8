import { describe, expect, it } from 'vitest'
import { JumpClock } from '../../test/support/jumpClock.ts'
import { at, Bench } from '../../test/sim/bench4.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { SafetyRecord, VoteKind, type Vote } from '../core/codec/chain.ts'
import { seatOf } from '../core/types/ids.ts'
import { ClockWatch } from './clockWatch.ts'
import { Engine } from './engine.ts'
import { quietHost } from './quietHost.fixture.ts'

const { VOTE, COMMIT, SKIP } = VoteKind
const hourMs = 3_600_000
const slot = 'aa'

/** Seat 3 of four, alone with its clock; view 1 is led by seat 0. */
class Seat {
  readonly bench = new Bench(3)
  readonly clock = new JumpClock(at(10))
  readonly store = openMemoryStore()
  readonly told: string[] = []
  readonly said: Vote[] = []
  correctionMs = 0
  jumps = 0
  readonly engine: Engine

  constructor() {
    const host = quietHost(this.clock, {
      nowMs: () => this.clock.nowMs() + this.correctionMs,
      store: this.store,
      slot,
      broadcast: (message) => message.type === 'vote' && this.said.push(message.vote),
      onEvidence: () => this.told.push('evidence'),
      onAlarm: ({ code }) => this.told.push(code),
      onFailure: () => this.told.push('failure'),
      onClockJump: () => {
        this.jumps += 1
        this.correctionMs = 0
      },
      onNotice: (text) => this.told.push(text.split(':')[0] ?? text),
    })
    this.engine = new Engine(this.bench.env, this.bench.state, host)
    this.engine.start()
  }

  get mode(): string {
    return this.engine.state.mode.type
  }

  kinds(): readonly VoteKind[] {
    return this.said.map(({ kind }) => kind)
  }

  /** What a restart would find. */
  async recorded(): Promise<readonly VoteKind[]> {
    await this.engine.idle()
    const stored = await this.store.readSafety(slot)
    return stored === undefined ? [] : SafetyRecord.decode(stored.record).votes.map((v) => v.kind)
  }

  /** F+1 of the others hold nothing that this seat does not know. */
  answer(votes: readonly Vote[] = []): void {
    for (const seat of [0, 1]) {
      const about = { seat: seatOf(seat), certificates: [], votes }
      this.engine.feed({ type: 'recoverAnswer', nowMs: at(0), ...about })
    }
  }

  async vote(timeMs = this.clock.nowMs()): Promise<Uint8Array> {
    const made = this.bench.proposal(1, { timeMs })
    this.engine.receive({ type: 'proposal', proposal: made.proposal })
    await this.clock.pass(20)
    return made.hash
  }
}

describe('BFT-10: a clock that jumps', () => {
  it.each([
    ['an hour back', -hourMs],
    ['ten seconds back', -10_000],
  ])('%s: timers go on as if nothing had happened, and it is said', async (_, byMs) => {
    const seat = new Seat()
    await seat.clock.pass(100)
    seat.clock.set(byMs)
    await seat.clock.pass(5000)
    expect(seat.told).toEqual(['CLOCK_SET_BACK'])
    expect(seat.mode).toBe('active')
    // The leader was silent for 2Δ, and the seat says it again each second (BFT-8).
    expect(seat.kinds().filter((kind) => kind === SKIP).length).toBeGreaterThanOrEqual(4)
    expect(await seat.recorded()).toEqual([SKIP])
  })

  it('an hour ahead: it asks what it signed before it signs; timers begin anew', async () => {
    const seat = new Seat()
    await seat.clock.pass(100)
    seat.clock.set(hourMs)
    await seat.clock.pass(5000)
    expect(seat.told).toEqual(['TIME_LOST'])
    expect([seat.mode, seat.kinds()]).toEqual(['recovering', []])
    seat.answer()
    expect(seat.mode).toBe('active')
    await seat.clock.pass(2000)
    expect(seat.kinds()).toContain(SKIP)
    expect(await seat.recorded()).toEqual([SKIP])
  })

  it('a message that comes before the timer does not get a vote first', async () => {
    const seat = new Seat()
    await seat.clock.pass(100)
    seat.clock.set(hourMs)
    await seat.vote()
    expect([seat.mode, seat.kinds()]).toEqual(['recovering', []])
    seat.answer()
    await seat.clock.pass(20)
    expect(seat.kinds()).toEqual([VOTE])
  })

  it('so does a process that was stopped for longer than 2 s, and not for less', async () => {
    const seat = new Seat()
    await seat.clock.pass(100)
    seat.clock.sleep(2000)
    await seat.clock.pass(1)
    expect(seat.told).toEqual([])
    seat.clock.sleep(4000)
    await seat.clock.pass(1)
    expect([seat.told, seat.mode]).toEqual([['TIME_LOST'], 'recovering'])
  })

  it.each([
    ['back', -hourMs],
    ['ahead', hourMs],
  ])('no vote is lost and none is given twice: %s, and back again', async (_, byMs) => {
    const seat = new Seat()
    await seat.vote()
    expect(seat.kinds()).toEqual([VOTE])
    for (const jumpMs of [byMs, -byMs]) {
      seat.clock.set(jumpMs)
      await seat.clock.pass(1500)
      // The others hold the vote that it gave.
      seat.answer(seat.said.slice(0, 1))
      await seat.clock.pass(3000)
    }
    expect(seat.mode).toBe('active')
    // SKIP after VOTE is legal, COMMIT after SKIP is not (BFT-5).
    expect(new Set(seat.kinds())).toEqual(new Set([VOTE, SKIP]))
    expect(
      new Set(seat.said.filter(({ kind }) => kind === VOTE).map((v) => String(v.block))).size,
    ).toBe(1)
    expect([...(await seat.recorded())].sort()).toEqual([VOTE, SKIP].sort())
    expect(seat.told.filter((one) => !['CLOCK_SET_BACK', 'TIME_LOST'].includes(one))).toEqual([])
  })

  it('a certificate is followed and made final at any time', async () => {
    const seat = new Seat()
    const block = await seat.vote()
    seat.clock.set(-hourMs)
    const certificate = seat.bench.certificate(VOTE, 1, { block })
    seat.engine.receive({ type: 'certificate', certificate })
    await seat.clock.pass(20)
    expect(seat.engine.state.view).toBe(2)
    expect(seat.kinds()).toContain(COMMIT)
  })

  it('a correction by the seats (TIME-1) moves no timer and is no jump', async () => {
    const seat = new Seat()
    await seat.clock.pass(100)
    seat.correctionMs = -10_000
    await seat.clock.pass(300)
    expect([seat.told, seat.kinds()]).toEqual([[], []])
    await seat.clock.pass(1000)
    expect(seat.kinds()).toContain(SKIP)
    seat.correctionMs = 10_000
    await seat.clock.pass(3000)
    expect([seat.told, seat.mode]).toEqual([[], 'active'])
  })

  it.each([
    ['back', -hourMs],
    ['ahead', hourMs],
  ])('set %s: what was measured by it before is dropped (TIME-1)', async (_, byMs) => {
    const seat = new Seat()
    seat.correctionMs = 10_000
    await seat.clock.pass(100)
    expect(seat.jumps).toBe(0)
    seat.clock.set(byMs)
    seat.engine.receive({
      type: 'certificate',
      certificate: seat.bench.certificate(VOTE, 1, { block: await seat.vote() }),
    })
    expect([seat.jumps, seat.correctionMs]).toEqual([1, 0])
    await seat.clock.pass(300)
    expect(seat.jumps).toBe(1)
  })

  it('a header that is untimely gets no vote, and is counted (TIME-1)', async () => {
    for (const offMs of [10_000, hourMs]) {
      const seat = new Seat()
      await seat.vote(seat.clock.nowMs() + offMs)
      expect([seat.told, seat.kinds()]).toEqual([['HEADER_UNTIMELY'], []])
    }
  })
})

describe('BFT-10: what a look at the clock tells', () => {
  it('tells a slow turn from a stop, and slewing from a jump', () => {
    const clock = new JumpClock(hourMs)
    const watch = new ClockWatch(clock, () => clock.nowMs())
    watch.sleeps(1000)
    clock.sleep(2900)
    expect(watch.look()).toEqual({ shiftMs: 0, jump: 'none' })
    watch.sleeps(1000)
    clock.set(-10)
    expect(watch.look()).toEqual({ shiftMs: 0, jump: 'none' })
    clock.sleep(3500)
    expect(watch.look()).toEqual({ shiftMs: 2490, jump: 'gap' })
    expect(watch.look()).toEqual({ shiftMs: 0, jump: 'none' })
    clock.set(-hourMs)
    expect(watch.look()).toEqual({ shiftMs: -hourMs, jump: 'back' })
  })
})
