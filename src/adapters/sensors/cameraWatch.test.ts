import { describe, expect, test } from 'vitest'
import { staleMs, type SensorEvent } from '../../ports/sensor.ts'
import { ManualClock } from '../network/testPlatform.ts'
import { CameraWatch } from './cameraWatch.ts'

/** A watch that has started, and all that it said, with the time since then. */
function watched() {
  const clock = new ManualClock()
  const startMs = clock.nowMs()
  const said: string[] = []
  const note = (...words: readonly (string | undefined)[]): void => {
    const text = words.filter((word) => word !== undefined).join(' ')
    said.push(`${String(clock.nowMs() - startMs)}: ${text}`)
  }
  const watch = new CameraWatch(clock, { say: note, reopen: () => note('reopen') })
  watch.start()
  const live = (): void => watch.heard({ kind: 'status', timeMs: clock.nowMs(), state: 'live' })
  const beats = (): void => watch.heard({ kind: 'beats', series: 1, beats: [] })
  const quality = (): void => watch.heard(qualityEvent(clock.nowMs()))
  return { clock, said, watch, live, beats, quality }
}

function qualityEvent(timeMs: number): SensorEvent {
  return { kind: 'quality', timeMs, quality: 5000, reason: 'GOOD' }
}

describe('SENS-3 a camera that says nothing', () => {
  test('is lost once its last word is stale, and that is said once', () => {
    const { clock, said, live, beats } = watched()
    live()
    beats()
    clock.advance(staleMs)
    expect(said).toEqual([])
    clock.advance(1000)
    expect(said).toEqual(['4000: lost SILENT'])
    clock.advance(8000)
    expect(said).toHaveLength(1)
  })

  test('is what its worker said last again at the next event, and lost anew later', () => {
    const { clock, said, live, beats, quality } = watched()
    live()
    beats()
    clock.advance(5000)
    quality()
    expect(said).toEqual(['4000: lost SILENT', '5000: live'])
    quality()
    expect(said).toHaveLength(2)
    clock.advance(4000)
    expect(said.slice(2)).toEqual(['9000: lost SILENT'])
  })

  test('repeats the reason of its worker too', () => {
    const { clock, said, watch, beats, quality } = watched()
    beats()
    watch.heard({ kind: 'status', timeMs: clock.nowMs(), state: 'lost', reason: 'NO_FACE' })
    clock.advance(4000)
    quality()
    expect(said).toEqual(['4000: lost SILENT', '4000: lost NO_FACE'])
  })

  test('repeats nothing when the event is a status itself: that one is passed on', () => {
    const { clock, said, live, beats } = watched()
    live()
    beats()
    clock.advance(4000)
    live()
    expect(said).toEqual(['4000: lost SILENT'])
  })

  test('is opened anew after 12 s, not sooner, and the watch ends with that', () => {
    const { clock, said, live, beats } = watched()
    live()
    beats()
    clock.advance(12_000)
    expect(said).toEqual(['4000: lost SILENT'])
    clock.advance(60_000)
    expect(said).toEqual(['4000: lost SILENT', '13000: reopen'])
  })

  test('has nothing to report while no face was seen yet, also after it was opened anew', () => {
    const { clock, said, watch, live, beats, quality } = watched()
    live()
    quality()
    clock.advance(60_000)
    expect(said).toEqual([])
    beats()
    clock.advance(20_000)
    expect(said).toEqual(['64000: lost SILENT', '73000: reopen'])
    watch.start()
    clock.advance(60_000)
    expect(said).toHaveLength(2)
  })

  test('LIVE-3 frames that go to a challenge are a living camera, and silence is none', () => {
    const { clock, said, watch, live, beats } = watched()
    live()
    beats()
    for (let times = 0; times < 60; times += 1) {
      clock.advance(500)
      watch.alive()
    }
    expect(said).toEqual([])
    clock.advance(4000)
    expect(said).toEqual(['34000: lost SILENT'])
    watch.alive()
    expect(said).toEqual(['34000: lost SILENT', '34000: live'])
    clock.advance(13_000)
    expect(said.at(-1)).toBe('47000: reopen')
  })

  test('is not watched when it is stopped, also by who hears that it is lost', () => {
    const clock = new ManualClock()
    const said: string[] = []
    const watch: CameraWatch = new CameraWatch(clock, {
      say: (state) => {
        said.push(state)
        watch.stop()
      },
      reopen: () => said.push('reopen'),
    })
    watch.start()
    watch.heard({ kind: 'beats', series: 1, beats: [] })
    clock.advance(60_000)
    expect(said).toEqual(['lost'])
  })
})
