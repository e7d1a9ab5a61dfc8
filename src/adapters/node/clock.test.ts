import { describe, expect, it } from 'vitest'
import { nodeClock } from './clock.ts'

describe('DET-2: the clock of Node', () => {
  it('gives integer milliseconds', () => {
    expect(Number.isSafeInteger(nodeClock.nowMs())).toBe(true)
    expect(nodeClock.nowMs()).toBeGreaterThan(Date.UTC(2026, 0))
  })

  it('never calls back before the time, and once', async () => {
    const startMs = performance.now()
    let calls = 0
    const endMs = await new Promise<number>((resolve) => {
      nodeClock.after(30, () => {
        calls += 1
        resolve(performance.now())
      })
    })
    expect(endMs - startMs).toBeGreaterThanOrEqual(30)
    expect(calls).toBe(1)
  })

  it('does not call back once cancelled', async () => {
    let called = false
    const cancel = nodeClock.after(5, () => {
      called = true
    })
    cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(called).toBe(false)
  })
})
