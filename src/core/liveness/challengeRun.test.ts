import { describe, expect, test } from 'vitest'
import { ownBreathing, pacedBreathing, type Follower } from '../../../bench/liveness/breathing.ts'
import { beatTimes, drawHeart, type Breath } from '../../../bench/liveness/heart.ts'
import { deviates, type Deviates } from '../../../bench/liveness/random.ts'
import { codebook60 } from './codebook.ts'
import {
  askedNow,
  beforeWindowMs,
  newRun,
  stepRun,
  type ChallengeRun,
  type RunInput,
} from './challengeRun.ts'
import { cutBreathWindow, type TimedBeat } from './cutBreathWindow.ts'
import { longChallenge, shortChallenge, type Challenge } from './rules.ts'

const pressedMs = 1_780_000_000_000
const asked = [3, 9, 14]
const follower: Follower = { lagMs: 1200, unevenMs: 250, lapse: 0.05 }

/** Beats of a simulated person from the press until after the window. */
function beatsOf(
  source: Deviates,
  breathMs: number,
  breath: (timeMs: number) => Breath,
  seconds: number,
  startMs: number,
): readonly TimedBeat[] {
  const heart = drawHeart(source, breathMs)
  const times = beatTimes(source, heart, breath, [-beforeWindowMs, 1000 * seconds + 3000])
  const ticks = times.map((at) => Math.round((at * 1024) / 1000))
  return ticks.slice(1).map((at, index) => ({
    atMs: startMs + Math.round((at * 1000) / 1024),
    rrTicks: at - (ticks[index] ?? 0),
    isDoubtful: false,
  }))
}

interface World {
  /** Changes the beats of a window, or leaves some out. */
  readonly beats?: (beats: readonly TimedBeat[], startMs: number) => readonly TimedBeat[]
  /** What else happens, by ms since the window began. */
  readonly at?: Readonly<Record<number, RunInput>>
  readonly series?: (sinceMs: number) => number
}

/** One window from the press to its verdict, in steps of 200 ms, beats half a second late. */
function runWindow(
  before: ChallengeRun,
  make: (startMs: number) => readonly TimedBeat[],
  { beats: change = (each) => each, at = {}, series = () => 1 }: World = {},
): ChallengeRun {
  let run = stepRun(before, { input: 'begin', nowMs: pressedMs })
  const startMs = pressedMs + beforeWindowMs
  const { seconds } = run.challenge.book
  const beats = [...change(make(startMs), startMs)]
  for (let since = -beforeWindowMs; since <= 1000 * seconds + 6000; since += 200) {
    const nowMs = startMs + since
    const due = beats.filter(({ atMs }) => atMs <= nowMs - 500)
    beats.splice(0, due.length)
    if (due.length > 0) run = stepRun(run, { input: 'beats', series: series(since), beats: due })
    run = stepRun(run, at[since] ?? { input: 'time', nowMs })
    run = stepRun(run, { input: 'time', nowMs })
  }
  return run
}

function person(seed: number, breathMs: number, challenge: Challenge = shortChallenge) {
  const source = deviates(seed)
  const { book } = challenge
  const follows = (run: ChallengeRun) => (startMs: number) =>
    beatsOf(
      source,
      breathMs,
      pacedBreathing(source, book.codewords[askedNow(run)] ?? [], follower),
      book.seconds,
      startMs,
    )
  const ignores = (startMs: number) =>
    beatsOf(source, breathMs, ownBreathing(source, book.seconds), book.seconds, startMs)
  return { follows, ignores }
}

const fresh = newRun(shortChallenge, asked)

describe('LIVE-1 a challenge from the press to the verdict', () => {
  test('who follows the guide answers, and all that a proof needs is kept', () => {
    const run = runWindow(fresh, person(1, 60).follows(fresh))
    expect(run.now).toEqual({ stage: 'answered' })
    const [window] = run.judged
    expect(run.judged).toHaveLength(1)
    expect(window).toMatchObject({ asked: 3, startMs: pressedMs + beforeWindowMs })
    expect(window?.sharesBp).toHaveLength(codebook60.codewords.length)
    const { ticks, marks, firstOffsetTicks } = window!.window
    expect(marks).toHaveLength(ticks.length)
    const endTicks = ticks.reduce((sum, rr) => sum + rr, firstOffsetTicks)
    expect(endTicks).toBeLessThanOrEqual(60 * 1024)
    expect(endTicks).toBeGreaterThan(58 * 1024)
  })

  test('the first breath of the codeword comes at least ten seconds after the press', () => {
    expect(beforeWindowMs).toBeGreaterThanOrEqual(10_000)
  })

  test('LIVE-7 who breathes as always is never accepted, and hears no blame', () => {
    const people = Array.from({ length: 12 }, (_, seed) => person(100 + seed, 40))
    for (const { ignores } of people) {
      let run = fresh
      for (let window = 0; window < 3; window += 1) {
        run = runWindow(run, ignores)
        expect(run.now.stage).toBe(window < 2 ? 'unclear' : 'inconclusive')
        expect(run.now).toHaveProperty('reason')
      }
      expect(run.judged).toHaveLength(3)
      expect(stepRun(run, { input: 'begin', nowMs: pressedMs })).toBe(run)
    }
  })

  test('it ends after as many windows as were asked', () => {
    const { ignores } = person(100, 40)
    const first = runWindow(newRun(shortChallenge, [3, 9]), ignores)
    expect(first.now).toMatchObject({ stage: 'unclear', windowsLeft: 1 })
    expect(runWindow(first, ignores).now.stage).toBe('inconclusive')
  })

  test('LIVE-6 for a proof the claims must add up, which are R² in steps', () => {
    // The second of two windows, after a first one that is just enough with it.
    const after = (seed: number, firstBp: number, isProven: boolean): ChallengeRun => {
      const first = {
        asked: 3,
        sharesBp: codebook60.codewords.map((_, index) => (index === 3 ? firstBp : 0)),
        startMs: 0,
        window: { ticks: [], marks: [], firstOffsetTicks: 0 },
      }
      const run = { ...newRun(shortChallenge, [3, 9], isProven), judged: [first] }
      return runWindow(run, person(seed, 20).follows(run))
    }
    const shareOf = (run: ChallengeRun): number => run.judged.at(-1)?.sharesBp[9] ?? 0
    const seeds = Array.from({ length: 40 }, (_, seed) => seed)
    const weak = seeds.find((seed) => {
      const run = after(seed, 4900, false)
      const shareBp = shareOf(run)
      return run.now.stage === 'answered' && shareBp < 4500 && shareBp % 500 > 1
    })
    const firstBp = 5000 - shareOf(after(weak!, 4900, false))
    expect(after(weak!, firstBp, false).now.stage).toBe('answered')
    expect(after(weak!, firstBp, true).now).toEqual({
      stage: 'inconclusive',
      reason: 'WEAK_RESPONSE',
    })
    expect(after(weak!, firstBp + 1000, true).now.stage).toBe('answered')
  })

  test('LIVE-6 of three windows two are proven, whatever the first one was', () => {
    const first = runWindow(newRun(shortChallenge, asked, true), person(7, 60).ignores)
    expect(first.now).toMatchObject({ stage: 'unclear', windowsLeft: 2 })
    const { follows } = person(7, 60)
    const second = runWindow(first, follows(first))
    expect(second.now).toMatchObject({ stage: 'unclear', windowsLeft: 1 })
    const third = runWindow(second, follows(second))
    expect(third.now.stage).toBe('answered')
    // Where the windows that follow do not, there is nothing to prove.
    const { ignores } = person(8, 60)
    expect(runWindow(second, ignores).now.stage).toBe('inconclusive')
  })

  test('LIVE-7 a weak answer adds up over windows, longer ones too', () => {
    const after = (challenge: Challenge, seed: number): number => {
      let run = newRun(challenge, asked)
      const { follows } = person(seed, 25, challenge)
      for (let window = 1; window <= 3; window += 1) {
        run = runWindow(run, follows(run))
        if (run.now.stage === 'answered') return window
      }
      return Infinity
    }
    for (const challenge of [shortChallenge, longChallenge]) {
      const windows = Array.from({ length: 10 }, (_, seed) => after(challenge, 40 + seed))
      const within = (count: number): number => windows.filter((each) => each <= count).length
      expect(within(3)).toBeGreaterThan(within(1))
      expect(within(3)).toBeGreaterThanOrEqual(6)
    }
  })
})

describe('SENS-3 a spoiled window is no evidence', () => {
  const follows = person(1, 60).follows(fresh)

  test.each<[string, World, string]>([
    [
      'beats that end',
      { beats: (beats, startMs) => beats.filter(({ atMs }) => atMs < startMs + 30_000) },
      'SENSOR_LOST',
    ],
    ['no sensor', { beats: () => [] }, 'SENSOR_LOST'],
    ['a new series', { series: (since) => (since < 20_000 ? 1 : 2) }, 'BEATS_MISSING'],
    [
      'a clock that jumps',
      {
        at: {
          20_000: {
            input: 'beats',
            series: 1,
            beats: [{ atMs: pressedMs + 20_000, rrTicks: 900, isDoubtful: false }],
          },
        },
      },
      'BEATS_MISSING',
    ],
    [
      'an interval of no heart',
      { beats: (beats) => beats.with(40, { ...beats[40]!, rrTicks: 5000 }) },
      'BEATS_MISSING',
    ],
    [
      'beats that the sensor doubts',
      { beats: (beats) => beats.map((beat, index) => ({ ...beat, isDoubtful: index % 5 > 0 })) },
      'TOO_FEW_BEATS',
    ],
    [
      'a strap off the skin',
      { at: { 5000: { input: 'lost', reason: 'CONTACT_LOST' } } },
      'CONTACT_LOST',
    ],
    ['a page out of sight', { at: { 9000: { input: 'hidden' } } }, 'GUIDE_HIDDEN'],
    ['the same before the window', { at: { [-9000]: { input: 'hidden' } } }, 'GUIDE_HIDDEN'],
  ])('%s', (_, world, reason) => {
    const run = runWindow(fresh, follows, world)
    expect(run.now).toEqual({ stage: 'spoiled', reason })
    expect(run.judged).toEqual([])
    // The same codeword is guided again.
    const again = stepRun(run, { input: 'begin', nowMs: pressedMs })
    expect(again.now.stage).toBe('guiding')
    expect(askedNow(again)).toBe(askedNow(fresh))
  })

  test('a gap before the window costs nothing, nor one after its last beat', () => {
    const early = runWindow(fresh, follows, { series: (since) => (since < -3000 ? 1 : 2) })
    expect(early.now.stage).toBe('answered')
    const late = runWindow(fresh, person(1, 60).follows(fresh), {
      at: { 60_200: { input: 'hidden' } },
    })
    expect(late.now.stage).toBe('answered')
  })

  test('the person stops at any time, and what follows changes nothing', () => {
    const begun = stepRun(fresh, { input: 'begin', nowMs: pressedMs })
    for (const run of [fresh, begun, runWindow(fresh, follows, { beats: () => [] })]) {
      const stopped = stepRun(run, { input: 'stop' })
      expect(stopped.now).toEqual({ stage: 'stopped' })
      expect(stepRun(stopped, { input: 'begin', nowMs: pressedMs })).toBe(stopped)
    }
  })
})

describe('LIVE-1 the window that is cut', () => {
  const beat = (atMs: number, rrTicks = 1024): TimedBeat => ({ atMs, rrTicks, isDoubtful: false })

  test('holds whole intervals between its ends, by the newest beat and the intervals', () => {
    const beats = [beat(900), beat(1900), beat(2900), beat(3900), beat(4900)]
    expect(cutBreathWindow(beats, 1000, 3)).toEqual({
      ticks: [1024, 1024],
      marks: [false, false],
      firstOffsetTicks: 921,
    })
  })

  test('is empty without beats, and where none lies inside', () => {
    const none = { ticks: [], marks: [], firstOffsetTicks: 0 }
    expect(cutBreathWindow([], 1000, 60)).toEqual(none)
    expect(cutBreathWindow([beat(500)], 1000, 60)).toEqual(none)
    expect(cutBreathWindow([beat(90_000)], 1000, 60)).toEqual(none)
  })
})
