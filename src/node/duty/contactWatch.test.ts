import { describe, expect, it } from 'vitest'
import type { Pulse } from '../../ports/pulse.ts'
import { decodeContact, encodeContact, sourceOf, type ContactRecord } from './contactRecord.ts'
import { ContactWatch } from './contactWatch.ts'

const mark = 7
const none = { ok: false, error: { code: 'WINDOW_EMPTY' } } as const

/** A sensor in contact. */
function pulseOf(change: Partial<Pulse> = {}): Pulse {
  return {
    provenance: 'strap',
    deviceName: 'Polar H10 8F3A2B21',
    cutLatest: () => none,
    cutWindow: () => none,
    contiguousMs: () => 0,
    freshness: () => 'fresh',
    ...change,
  }
}

const strap = pulseOf()
const lost = pulseOf({ freshness: () => 'lost' })

/** A challenge was answered with the strap at 0 s. */
function answered(): ContactWatch {
  const watch = new ContactWatch(0)
  watch.begin(mark, strap, 0)
  return watch
}

/** The same device later: what it wrote down is all that it knows. */
function reloaded(watch: ContactWatch, nowMs: number): ContactWatch {
  const next = new ContactWatch(nowMs)
  next.restore(watch.record && decodeContact(encodeContact(watch.record)))
  return next
}

/** Looks each second from `fromMs` on; the first ms at which contact is broken, if any. */
function brokenAt(
  watch: ContactWatch,
  pulse: Pulse | undefined,
  [fromMs, untilMs]: readonly [number, number],
): number | undefined {
  for (let nowMs = fromMs; nowMs <= untilMs; nowMs += 1000) {
    if (watch.look(pulse, nowMs, mark) === 'broken') return nowMs
  }
  return undefined
}

describe('LIVE-6 contact with the sensor that answered', () => {
  it('lasts while beats come, and is broken after a minute without (SENS-3)', () => {
    const watch = answered()
    expect(brokenAt(watch, strap, [0, 600_000])).toBeUndefined()
    expect(brokenAt(watch, lost, [601_000, 660_000])).toBeUndefined()
    expect(watch.lostSinceMs).toBe(600_000)
    expect(brokenAt(watch, lost, [661_000, 700_000])).toBe(661_000)
    // It stays so, whatever comes back.
    expect(watch.look(strap, 662_000, mark)).toBe('broken')
    expect(reloaded(watch, 663_000).look(strap, 664_000, mark)).toBe('broken')
  })

  it('a reload or a short dropout is forgiven when the same sensor is back', () => {
    const watch = answered()
    expect(brokenAt(watch, strap, [0, 30_000])).toBeUndefined()
    const again = reloaded(watch, 50_000)
    expect(brokenAt(again, undefined, [50_000, 85_000])).toBeUndefined()
    expect(again.look(strap, 90_000, mark)).toBe('kept')
    expect(again.record).toMatchObject({ forgiven: 1, seenMs: 90_000 })
    expect(again.lostSinceMs).toBeUndefined()
  })

  it('interruptions of up to 10 s do not count; of longer ones the fourth ends it', () => {
    const watch = answered()
    let nowMs = 0
    for (let times = 0; times < 50; times += 1) {
      nowMs += 10_000
      expect(watch.look(strap, nowMs, mark)).toBe('kept')
    }
    const longer = [1, 2, 3, 4].map(() => {
      nowMs += 60_000
      return watch.look(strap, nowMs, mark)
    })
    expect(longer).toEqual(['kept', 'kept', 'kept', 'broken'])
  })

  it('time with the tab closed is time without contact', () => {
    const watch = answered()
    watch.look(strap, 1_000, mark)
    expect(reloaded(watch, 61_000).look(strap, 61_000, mark)).toBe('kept')
    expect(reloaded(watch, 62_000).look(strap, 62_000, mark)).toBe('broken')
  })

  it('another sensor ends it at once, by kind or by its name', () => {
    const others = [
      pulseOf({ provenance: 'camera' }),
      pulseOf({ deviceName: 'Polar H10 11111111' }),
      pulseOf({ deviceName: undefined }),
    ]
    for (const other of others) {
      const watch = answered()
      expect(watch.look(other, 1_000, mark)).toBe('broken')
      expect(watch.look(strap, 2_000, mark)).toBe('broken')
    }
    // Not while it gives no beats: nothing is known of it then.
    const silent = pulseOf({ provenance: 'camera', freshness: () => 'empty' })
    const watch = answered()
    expect(watch.look(silent, 1_000, mark)).toBe('kept')
    expect(watch.look(strap, 2_000, mark)).toBe('kept')
  })

  it('a credential that this device did not answer is not kept by it', () => {
    expect(new ContactWatch(0).look(strap, 1_000, mark)).toBe('broken')
    expect(answered().look(strap, 1_000, mark + 1)).toBe('broken')
    expect(new ContactWatch(0).look(strap, 1_000)).toBe('kept')
  })

  it('a renewal begins anew when the chain has it, and not before', () => {
    const watch = answered()
    for (const nowMs of [20_000, 40_000]) watch.look(strap, nowMs, mark)
    watch.begin(mark + 100, strap, 41_000)
    expect(watch.look(strap, 42_000, mark)).toBe('kept')
    expect(watch.record).toMatchObject({ answeredMark: mark, forgiven: 2 })
    const again = reloaded(watch, 43_000)
    expect(again.look(strap, 44_000, mark + 100)).toBe('kept')
    expect(again.record).toMatchObject({ answeredMark: mark + 100, nextMark: 0, forgiven: 0 })
  })

  it('a first answer may be two minutes on its way to a block while contact goes on', () => {
    const watch = answered()
    for (let nowMs = 0; nowMs < 120_000; nowMs += 1000) {
      expect(watch.look(strap, nowMs)).toBe('kept')
    }
    const again = reloaded(watch, 119_500)
    for (const each of [watch, again]) expect(each.look(strap, 120_000, mark)).toBe('kept')
    expect(watch.record).toMatchObject({ answeredMark: mark, forgiven: 0, seenMs: 120_000 })
  })

  it('what breaks contact on the way to a block breaks it for that answer alone', () => {
    const other = pulseOf({ provenance: 'camera' })
    for (const [pulse, untilMs] of [
      [lost, 62_000],
      [other, 1_000],
    ] as const) {
      const watch = answered()
      watch.look(strap, 500)
      watch.look(pulse, untilMs)
      watch.look(strap, untilMs + 1_000)
      expect(reloaded(watch, untilMs + 1_500).look(strap, untilMs + 2_000, mark)).toBe('broken')
      // The next challenge is answered, behind that: its count is its own.
      watch.begin(mark + 9, strap, untilMs + 10_000)
      expect(watch.look(strap, untilMs + 11_000)).toBe('kept')
      expect(watch.look(strap, untilMs + 12_000, mark + 9)).toBe('kept')
    }
  })

  it('a clock that was set back breaks nothing, and forgives no more later', () => {
    const watch = answered()
    watch.begin(mark, strap, 500_000_000)
    const back = reloaded(watch, 1_000)
    expect(back.look(undefined, 1_000, mark)).toBe('kept')
    expect(back.look(undefined, 61_000, mark)).toBe('kept')
    expect(back.look(undefined, 62_000, mark)).toBe('broken')
  })
})

describe('LIVE-6, PRIV-1 what a device writes down of contact', () => {
  const record: ContactRecord = {
    answeredMark: 7,
    nextMark: 0,
    seenMs: 1_780_000_000_000,
    forgiven: 2,
    source: sourceOf(strap),
  }

  it('reads back, holds no name, and what was not written so is none', () => {
    const bytes = encodeContact(record)
    expect(decodeContact(bytes)).toEqual(record)
    expect(Buffer.from(bytes).includes('Polar')).toBe(false)
    for (const bad of [bytes.slice(1), new Uint8Array(0), new Uint8Array(64).fill(255)]) {
      expect(decodeContact(bad)).toBeUndefined()
    }
  })
})
