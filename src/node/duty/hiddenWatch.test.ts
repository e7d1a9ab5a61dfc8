import { describe, expect, it } from 'vitest'
import { HiddenWatch } from './hiddenWatch.ts'

/** A tab whose timers fire as late as `lateMs` says. */
function hiddenTab(): {
  readonly watch: HiddenWatch
  readonly seen: string[]
  readonly tab: { lateMs: number; beats: boolean }
  readonly pass: (seconds: number) => void
} {
  const seen: string[] = []
  const tab = { lateMs: 0, beats: true }
  let nowMs = 1_000_000
  let timer: { readonly atMs: number; readonly run: () => void } | undefined
  const clock = {
    nowMs: () => nowMs,
    after: (delayMs: number, run: () => void) => {
      const own = { atMs: nowMs + delayMs, run }
      timer = own
      return () => {
        if (timer === own) timer = undefined
      }
    },
  }
  const pass = (seconds: number): void => {
    const endMs = nowMs + seconds * 1000
    while (timer !== undefined && timer.atMs + tab.lateMs <= endMs) {
      nowMs = timer.atMs + tab.lateMs
      const { run } = timer
      timer = undefined
      run()
    }
    nowMs = endMs
  }
  const watch = new HiddenWatch({
    clock,
    beatsEnded: () => !tab.beats,
    onAway: () => seen.push('away'),
    onBack: () => seen.push('back'),
  })
  return { watch, seen, tab, pass }
}

describe('EPOCH-7: a hidden tab', () => {
  it('stays on duty while its time and its beats go on', () => {
    const { watch, seen, pass } = hiddenTab()
    watch.setHidden(true)
    pass(3600)
    watch.setHidden(false)
    expect(seen).toEqual([])
  })

  it('steps down once when its timers are throttled, and is back when it is visible', () => {
    const { watch, seen, tab, pass } = hiddenTab()
    watch.setHidden(true)
    pass(60)
    tab.lateMs = 60_000
    pass(300)
    expect(seen).toEqual(['away'])
    watch.setHidden(false)
    expect(seen).toEqual(['away', 'back'])
    tab.lateMs = 0
    pass(60)
    expect(seen).toHaveLength(2)
  })

  it('steps down when its camera stops, ten seconds after it was hidden', () => {
    const { watch, seen, tab, pass } = hiddenTab()
    tab.beats = false
    watch.setHidden(true)
    pass(9)
    expect(seen).toEqual([])
    pass(2)
    expect(seen).toEqual(['away'])
  })

  it('a short look elsewhere and words twice change nothing', () => {
    const { watch, seen, tab, pass } = hiddenTab()
    tab.beats = false
    watch.setHidden(true)
    pass(5)
    watch.setHidden(true)
    pass(4)
    watch.setHidden(false)
    watch.setHidden(false)
    pass(60)
    expect(seen).toEqual([])
  })
})
