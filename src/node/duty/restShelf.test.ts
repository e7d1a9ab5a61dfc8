import { describe, expect, it } from 'vitest'
import { utf8 } from '../../core/base/bytes.ts'
import { calm, proofSecret, recorder, Rest } from './rest.fixture.ts'
import { decodeRest, encodeRest, restSource, restSpanMsMax } from './restRecord.ts'
import { restName } from './restShelf.ts'

const minute = 60_000
const otherSecret = new Uint8Array(32).fill(8)

/** A rest of three minutes with three of its five windows, since which the page was loaded anew. */
async function halfRest(): Promise<Rest> {
  const rest = new Rest()
  await rest.beat(125_000)
  expect(rest.summary.kept?.windows).toHaveLength(3)
  return rest
}

const stored = (rest: Rest): Promise<Uint8Array | undefined> => rest.store.getValue(restName)

describe('FIT-2: a rest that is not done outlives a reload', () => {
  it('goes on as behind a pause, and comes to the same baseline as one without', async () => {
    const rest = await halfRest()
    const before = rest.summary.kept
    await rest.reload()
    expect(rest.summary).toMatchObject({ state: 'none', recordedMs: 90_000, kept: before })
    // Nothing counts before its owner goes on.
    expect(await rest.beat(70_000)).toBe(false)
    expect(rest.recordedMs).toBe(90_000)
    rest.recorder.start(rest.nowMs)
    const resumedMs = rest.nowMs
    expect(await rest.beat(120_000)).toBe(true)
    expect(rest.nowMs - resumedMs).toBeGreaterThan(90_000)
    expect(rest.nowMs - resumedMs).toBeLessThan(97_000)

    const whole = new Rest()
    expect(await whole.beat(190_000)).toBe(true)
    const rates = [rest, whole].map(({ recorder: { baseline } }) => baseline?.restHrCentiBpm ?? 0)
    expect(Math.abs((rates[0] ?? 0) - (rates[1] ?? 0))).toBeLessThan(20)
  })

  it('windows of another sensor do not add to it', async () => {
    const rest = await halfRest()
    await rest.reload()
    rest.otherSensor()
    rest.recorder.start(rest.nowMs)
    expect(await rest.beat(130_000)).toBe(false)
    expect(rest.summary.kept?.windows).toHaveLength(3)
    expect(rest.summary.kept?.windows[0]?.startMs).toBeGreaterThan(125_000)
  })

  it('once it is done nothing of it is kept, nor after a later reload', async () => {
    const rest = await halfRest()
    expect(await stored(rest)).toBeDefined()
    expect(await rest.beat(120_000)).toBe(true)
    expect(await stored(rest)).toBeUndefined()
    await rest.reload()
    expect(rest.summary).toMatchObject({ state: 'done', kept: undefined })
  })

  it('its owner may throw it away, unlocked or locked, and begins anew', async () => {
    const rest = await halfRest()
    await rest.recorder.forget(rest.nowMs)
    expect(rest.summary).toMatchObject({ state: 'none', recordedMs: 0, kept: undefined })
    expect(await stored(rest)).toBeUndefined()
    rest.recorder.start(rest.nowMs)
    expect(await rest.beat(62_000)).toBe(false)
    expect(rest.summary.kept).toBeUndefined()

    const locked = await halfRest()
    const fresh = recorder(180_000, locked.store)
    await fresh.forget(locked.nowMs)
    expect(await stored(locked)).toBeUndefined()
  })
})

describe('FIT-2, PRIV-1: nothing of a rest is kept for longer than it counts', () => {
  it('each window counts for 15 minutes, over a reload and in a pause', async () => {
    const rest = await halfRest()
    await rest.reload()
    const starts = rest.summary.kept?.windows.map(({ startMs }) => startMs) ?? []
    rest.nowMs = (starts[0] ?? 0) + restSpanMsMax + 1
    await rest.gap(1000)
    expect(rest.summary.kept?.windows.map(({ startMs }) => startMs)).toEqual(starts.slice(1))
    rest.nowMs = (starts[2] ?? 0) + restSpanMsMax
    await rest.gap(1000)
    expect(rest.summary).toMatchObject({ recordedMs: 0, kept: undefined })
    expect(await stored(rest)).toBeUndefined()
  })

  it('it goes while the keys are locked, and at the next visit', async () => {
    const rest = await halfRest()
    const untilMs = rest.summary.kept?.untilMs ?? 0
    const locked = recorder(180_000, rest.store)
    await locked.look(undefined, undefined, untilMs - 1)
    expect(await stored(rest)).toBeDefined()
    await locked.look(undefined, undefined, untilMs)
    expect(await stored(rest)).toBeUndefined()

    const late = await halfRest()
    late.nowMs += 16 * minute
    await late.reload()
    expect(late.summary.kept).toBeUndefined()
    expect(await stored(late)).toBeUndefined()
  })

  it('a clock that was set back, or a time that was changed, makes nothing younger', async () => {
    const back = await halfRest()
    back.nowMs = 0
    await back.reload()
    expect(await stored(back)).toBeUndefined()

    const changed = await halfRest()
    const bytes = (await stored(changed)) ?? new Uint8Array(0)
    bytes[6] = (bytes[6] ?? 0) + 1
    await changed.store.putValue(restName, bytes)
    await changed.reload()
    expect(changed.summary).toMatchObject({ recordedMs: 0, kept: undefined })
  })
})

describe('PRIV-1: a rest that is not done is sealed', () => {
  it('opens with the own keys and with no others, and shows the time alone', async () => {
    const rest = await halfRest()
    const { kept } = rest.summary
    const bytes = (await stored(rest)) ?? new Uint8Array(0)
    const text = String.fromCharCode(...bytes)
    for (const clear of ['simulated', 'source', 'windows']) expect(text).not.toContain(clear)
    const untilMs = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
    expect(Number(untilMs)).toBe(kept?.untilMs)
    await rest.reload(otherSecret)
    expect(rest.summary).toMatchObject({ recordedMs: 0, kept: undefined })
    await rest.reload()
    expect(rest.summary.kept).toEqual(kept)
  })

  it('locking the keys takes it out of sight and leaves it where it is', async () => {
    const rest = await halfRest()
    rest.recorder.lock()
    expect(rest.summary).toMatchObject({ recordedMs: 0, kept: undefined })
    await rest.recorder.look(undefined, undefined, rest.nowMs)
    await rest.recorder.load(proofSecret, rest.nowMs)
    expect(rest.summary.kept?.windows).toHaveLength(3)
  })

  it('holds no beat: two figures a window, of five at most', async () => {
    const rest = new Rest()
    await rest.beat(175_000, calm)
    const bytes = (await stored(rest)) ?? new Uint8Array(0)
    // Beats of two and a half minutes would be a hundred and fifty numbers.
    expect(rest.summary.kept?.windows).toHaveLength(4)
    expect(bytes.length).toBeLessThan(220)
  })

  it('the store may fail: the rest goes on', async () => {
    const rest = new Rest()
    const { putValue } = rest.store
    Object.assign(rest.store, { putValue: () => Promise.reject(new Error('full')) })
    await rest.beat(150_000)
    expect(rest.summary.kept?.windows).toHaveLength(3)
    Object.assign(rest.store, { putValue })
    expect(await rest.beat(120_000)).toBe(true)
  })
})

describe('FIT-2: what was sealed is read strictly', () => {
  const record = {
    source: restSource('strap', 'H10'),
    windows: [
      { startMs: 1, hrCentiBpm: 6100, lnRmssdQ16: 400_000 },
      { startMs: 30_001, hrCentiBpm: 6150, lnRmssdQ16: 400_001 },
    ],
  }

  it('comes back as it was', () => {
    expect(decodeRest(encodeRest(record))).toEqual(record)
  })

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['no source', '{"windows":[[1,2,3]]}'],
    ['no windows', '{"source":"a","windows":[]}'],
    ['a window with more', '{"source":"a","windows":[[1,2,3,4]]}'],
    ['a window with less', '{"source":"a","windows":[[1,2]]}'],
    ['text', '{"source":"a","windows":[[1,"2",3]]}'],
    ['a fraction', '{"source":"a","windows":[[1,2.5,3]]}'],
    ['less than nothing', '{"source":"a","windows":[[1,-2,3]]}'],
    ['another order', '{"source":"a","windows":[[2,2,3],[1,2,3]]}'],
    ['too many', JSON.stringify({ source: 'a', windows: Array(65).fill([1, 2, 3]) })],
  ])('is none when it is %s', (_name, text) => {
    expect(decodeRest(utf8(text))).toBeUndefined()
  })

  it('a sensor with an endless name has a short one here', () => {
    expect(restSource('strap', 'x'.repeat(5000)).length).toBeLessThan(230)
    expect(restSource('strap', undefined)).not.toBe(restSource('strap', 'undefined'))
  })
})
