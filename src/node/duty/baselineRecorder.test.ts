import { describe, expect, it } from 'vitest'
import { BeatBuffer } from '../../adapters/sensors/beatBuffer.ts'
import { beats, bigeminal, calm, proofSecret, pulseOf, recorder, Rest } from './rest.fixture.ts'

const neededMs = 60_000

describe('FIT-2: the rest baseline', () => {
  it('is taken once the rest is long and clean enough', async () => {
    const buffer = new BeatBuffer()
    const pulse = pulseOf(buffer)
    const { list, endMs } = beats(0, 70_000, calm)
    buffer.add({ kind: 'beats', series: 1, beats: list })
    const rest = recorder()
    rest.start(0)
    expect(await rest.look(pulse, proofSecret, endMs)).toBe(true)
    expect(rest.describe(pulse, endMs)).toMatchObject({ state: 'done', problem: undefined })
  })

  it('says why a rest that is long enough is not taken, and takes a later one', async () => {
    const buffer = new BeatBuffer()
    const pulse = pulseOf(buffer)
    const first = beats(0, 70_000, bigeminal)
    buffer.add({ kind: 'beats', series: 1, beats: first.list })
    const rest = recorder()
    rest.start(0)
    expect(await rest.look(pulse, proofSecret, first.endMs)).toBe(false)
    const refused = rest.describe(pulse, first.endMs)
    expect(refused.state).toBe('recording')
    expect(refused.recordedMs).toBe(neededMs)
    expect(['RHYTHM_IRREGULAR', 'SIGNAL_QUALITY']).toContain(refused.problem)

    const later = beats(first.endMs, 70_000, calm)
    buffer.add({ kind: 'beats', series: 1, beats: later.list })
    expect(await rest.look(pulse, proofSecret, later.endMs)).toBe(true)
    expect(rest.describe(pulse, later.endMs)).toMatchObject({ state: 'done', problem: undefined })
  })
})

describe('FIT-2: a rest with breaks', () => {
  it('without one takes three minutes', async () => {
    const rest = new Rest()
    expect(await rest.beat(181_000)).toBe(false)
    expect(await rest.beat(0)).toBe(false)
    expect(rest.recordedMs).toBeGreaterThan(175_000)
    const whole = new Rest()
    expect(await whole.beat(190_000)).toBe(true)
    expect(whole.nowMs).toBeLessThan(186_000)
  })

  it('a strap that drops out in the third minute takes nothing of the first two', async () => {
    const rest = new Rest()
    await rest.beat(150_000)
    await rest.gap(20_000)
    expect(rest.problem).toBe('SENSOR_LOST')
    // Three windows are there: two more, the first of them a minute from here.
    expect(rest.recordedMs).toBe(90_000)
    const backMs = rest.nowMs
    expect(await rest.beat(120_000)).toBe(true)
    expect(rest.nowMs - backMs).toBeLessThan(97_000)
  })

  it('dropping out each 70 seconds still comes to an end; each 50 never does', async () => {
    const rest = new Rest()
    let times = 0
    while (times < 20 && !(await rest.beat(70_000))) {
      times += 1
      await rest.gap(5000)
    }
    expect(times).toBe(4)
    const short = new Rest()
    for (times = 0; times < 20; times += 1) {
      expect(await short.beat(50_000)).toBe(false)
      await short.gap(5000)
    }
    expect(short.recordedMs).toBe(0)
  })

  it('a pause keeps what was before it, and what lies in it does not count', async () => {
    const rest = new Rest()
    await rest.beat(100_000)
    rest.recorder.pause()
    expect(rest.recordedMs).toBe(60_000)
    expect(await rest.beat(300_000)).toBe(false)
    rest.recorder.start(rest.nowMs)
    const resumedMs = rest.nowMs
    // Two of five are there; the third takes a minute from here on, though beats went on.
    expect(await rest.beat(117_000)).toBe(false)
    expect(await rest.beat(20_000)).toBe(false)
    expect(await rest.beat(70_000)).toBe(true)
    expect(rest.nowMs).toBeGreaterThan(resumedMs + 120_000)
  })

  it('a minute that does not pass the gate is left out, not the whole rest', async () => {
    const rest = new Rest()
    await rest.beat(100_000)
    await rest.beat(30_000, bigeminal)
    const before = rest.recordedMs
    expect(before).toBeGreaterThanOrEqual(60_000)
    expect(await rest.beat(160_000)).toBe(true)
  })

  it('windows of another sensor, and of another quarter of an hour, begin anew', async () => {
    const rest = new Rest()
    await rest.beat(150_000)
    rest.otherSensor()
    await rest.gap(2000)
    expect(rest.recordedMs).toBe(0)
    const old = new Rest()
    await old.beat(150_000)
    await old.gap(16 * 60_000)
    expect(old.recordedMs).toBe(0)
    expect(await old.beat(130_000)).toBe(false)
  })
})
