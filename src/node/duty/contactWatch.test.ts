import { expect, it } from 'vitest'
import { BeatBuffer } from '../../adapters/sensors/beatBuffer.ts'
import type { Pulse } from '../../ports/pulse.ts'
import { ContactWatch } from './contactWatch.ts'

/** A heart that beats once a second until `endMs`. */
function pulseUntil(endMs: number): Pulse {
  const buffer = new BeatBuffer()
  const beats = Array.from({ length: endMs / 1000 }, (_, index) => ({
    timeMs: 1000 * (index + 1),
    rrTicks: 1024,
  }))
  buffer.add({ kind: 'beats', series: 1, beats })
  return {
    provenance: 'strap',
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (atMs) => buffer.cutWindow(atMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}

/** Looks once a second; the first second at which contact is broken, if any. */
function brokenAt(pulse: Pulse | undefined, untilMs: number): number | undefined {
  const watch = new ContactWatch(0)
  for (let nowMs = 1000; nowMs <= untilMs; nowMs += 1000) {
    watch.look(pulse, nowMs)
    if (watch.isBroken(nowMs)) return nowMs
  }
  return undefined
}

it('LIVE-6 contact is broken when a sensor has been lost for more than 10 s (SENS-3)', () => {
  expect(brokenAt(pulseUntil(30_000), 30_000)).toBeUndefined()
  // The last beat at 30 s is stale from 33 s on; the 43rd second is exactly 10 s later.
  expect(brokenAt(pulseUntil(30_000), 43_000)).toBeUndefined()
  expect(brokenAt(pulseUntil(30_000), 60_000)).toBe(44_000)
})

it('LIVE-6 so is that of a node that began without a sensor', () => {
  expect(brokenAt(undefined, 60_000)).toBe(11_000)
})

it('LIVE-6 a sensor that comes back in time mends it', () => {
  const watch = new ContactWatch(0)
  watch.look(undefined, 9_000)
  expect(watch.lostSinceMs).toBe(0)
  watch.look(pulseUntil(10_000), 10_000)
  expect(watch.lostSinceMs).toBeUndefined()
  watch.look(undefined, 12_000)
  expect(watch.isBroken(12_000)).toBe(false)
  expect(watch.lostSinceMs).toBe(10_000)
})
