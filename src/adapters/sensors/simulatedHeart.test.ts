import { describe, expect, test } from 'vitest'
import { askedNow, beforeWindowMs, newRun, stepRun } from '../../core/liveness/challengeRun.ts'
import { shortChallenge } from '../../core/liveness/rules.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Beat, SensorEvent } from '../../ports/sensor.ts'
import { BeatBuffer } from './beatBuffer.ts'
import { simulateBeats } from './simulatedBeats.ts'
import { SimulatedHeart } from './simulatedHeart.ts'
import { isHeartInterval, ticksToMs } from './ticks.ts'

const startMs = 1_700_000_000_000

/** A clock that the test turns. */
function handClock() {
  let nowMs = startMs
  let timers: { atMs: number; callback: () => void }[] = []
  const clock: Clock = {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
  }
  const turn = (toMs: number, isAsleep = false) => {
    if (isAsleep) nowMs = toMs
    for (;;) {
      const due = timers.filter((timer) => timer.atMs <= toMs)
      const next = due.sort((one, other) => one.atMs - other.atMs)[0]
      if (next === undefined) break
      nowMs = Math.max(nowMs, next.atMs)
      timers = timers.filter((timer) => timer !== next)
      next.callback()
    }
    nowMs = toMs
  }
  return { clock, turn }
}

function rmssdMs(beats: readonly Beat[]): number {
  const rr = beats.map((beat) => ticksToMs(beat.rrTicks))
  const squares = rr.slice(1).map((value, at) => (value - (rr[at] ?? 0)) ** 2)
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length)
}

function bpm(beats: readonly Beat[]): number {
  const total = beats.reduce((sum, beat) => sum + ticksToMs(beat.rrTicks), 0)
  return (60_000 * beats.length) / total
}

describe('SENS-4 simulated heart', () => {
  test('the same seed is the same heart, another seed another', () => {
    const options = { seed: 11, startMs, durationMs: 120_000 }
    expect(simulateBeats(options)).toEqual(simulateBeats(options))
    expect(simulateBeats(options)).not.toEqual(simulateBeats({ ...options, seed: 12 }))
  })

  test('every interval is that of a heart, and times follow from the intervals', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const beats = simulateBeats({ seed, restBpm: 45 + 3 * seed, durationMs: 60_000 })
      expect(beats.every((beat) => isHeartInterval(beat.rrTicks))).toBe(true)
      for (const [at, beat] of beats.slice(1).entries()) {
        expect(beat.timeMs - (beats[at]?.timeMs ?? 0)).toBeCloseTo(ticksToMs(beat.rrTicks), 6)
      }
    }
  })

  test('rate and variability follow the options; strain is faster and stiffer', () => {
    const durationMs = 300_000
    const calm = simulateBeats({ seed: 5, restBpm: 60, rsaMs: 60, durationMs })
    expect(bpm(calm)).toBeGreaterThan(59)
    expect(bpm(calm)).toBeLessThan(61)
    expect(rmssdMs(calm)).toBeGreaterThan(20)
    expect(rmssdMs(calm)).toBeLessThan(45)
    const strained = simulateBeats({ seed: 5, restBpm: 60, rsaMs: 60, calm: 0, durationMs })
    expect(bpm(strained)).toBeGreaterThan(83)
    expect(rmssdMs(strained)).toBeLessThan(rmssdMs(calm) / 2)
    const stiff = simulateBeats({ seed: 5, restBpm: 60, rsaMs: 5, durationMs })
    expect(rmssdMs(stiff)).toBeLessThan(12)
  })

  test('in real time it beats as the batch says, labelled simulated', async () => {
    const { clock, turn } = handClock()
    const heart = new SimulatedHeart(clock, { seed: 9 })
    expect(heart.provenance).toBe('simulated')
    const events: SensorEvent[] = []
    heart.onEvent((event) => events.push(event))
    expect(await heart.start()).toMatchObject({ ok: true })
    expect(await heart.start()).toMatchObject({ error: { code: 'ALREADY_STARTED' } })
    turn(startMs + 70_000)
    await heart.stop()
    const beats = events.flatMap((event) => (event.kind === 'beats' ? event.beats : []))
    expect(beats).toEqual(simulateBeats({ seed: 9, startMs, durationMs: 70_000 }))
    expect(events.at(-1)).toMatchObject({ kind: 'status', state: 'stopped' })
    const samples = events.flatMap((event) => (event.kind === 'wave' ? [event.values.length] : []))
    expect(samples.reduce((sum, length) => sum + length, 0)).toBe(70 * 50)
  })

  test('SENS-3 sleep leaves the beats out and begins a new series', async () => {
    const { clock, turn } = handClock()
    const heart = new SimulatedHeart(clock, { seed: 9 })
    const buffer = new BeatBuffer()
    heart.onEvent((event) => {
      if (event.kind === 'beats') buffer.add(event)
    })
    await heart.start()
    turn(startMs + 70_000)
    expect(buffer.cutLatest(clock.nowMs())).toMatchObject({ ok: true })
    turn(startMs + 80_000, true)
    turn(startMs + 90_000)
    expect(buffer.cutLatest(clock.nowMs())).toMatchObject({ error: { code: 'WINDOW_GAP' } })
    turn(startMs + 145_000)
    expect(buffer.cutLatest(clock.nowMs())).toMatchObject({ ok: true })
    await heart.stop()
  })

  /** A challenge in a guide's time; the stage after the first window. */
  async function challenged(seed: number, isTold: boolean): Promise<string> {
    const { clock, turn } = handClock()
    const heart = new SimulatedHeart(clock, { seed })
    let run = newRun(shortChallenge, [seed % 16, 3, 7])
    heart.onEvent((event) => {
      if (event.kind !== 'beats') return
      const beats = event.beats.map(({ timeMs, rrTicks }) => ({
        atMs: Math.round(timeMs),
        rrTicks,
        isDoubtful: false,
      }))
      run = stepRun(run, { input: 'beats', series: event.series, beats })
    })
    await heart.start()
    turn(startMs + 5000)
    run = stepRun(run, { input: 'begin', nowMs: clock.nowMs() })
    const windowMs = clock.nowMs() + beforeWindowMs
    const codeword = shortChallenge.book.codewords[askedNow(run)]
    if (isTold) heart.follow(codeword, windowMs)
    for (let nowMs = clock.nowMs(); nowMs < windowMs + 66_000; nowMs += 500) {
      turn(nowMs)
      run = stepRun(run, { input: 'time', nowMs })
    }
    await heart.stop()
    return run.now.stage
  }

  test('LIVE-1 told of the guide it breathes along and answers; untold it does not', async () => {
    const told: string[] = []
    const untold: string[] = []
    for (let seed = 0; seed < 16; seed += 1) {
      told.push(await challenged(seed, true))
      untold.push(await challenged(seed, false))
    }
    expect(told.filter((stage) => stage === 'answered').length).toBeGreaterThanOrEqual(15)
    expect(untold.filter((stage) => stage === 'unclear').length).toBeGreaterThanOrEqual(15)
  })
})
