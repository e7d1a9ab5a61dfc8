import { describe, expect, it } from 'vitest'
import { viewWindow } from '../src/core/bft/types.ts'
import { Endurance } from './endurance.ts'

describe('what a seat holds does not grow with the views', () => {
  it('loss and silent leaders for 200 views', { timeout: 120_000 }, () => {
    const run = new Endurance({ seats: 4, seed: 3 })
    const samples = [50, 100, 150, 200].map((view) => {
      run.runTo(view)
      return run.sample()
    })
    for (const { view, finalView, views, blocks, pending, recordBytes } of samples) {
      expect(view - finalView).toBeLessThanOrEqual(8)
      expect(views).toBeLessThanOrEqual(viewWindow.behind + 8)
      expect(blocks).toBeLessThanOrEqual(8)
      expect(pending).toBeLessThanOrEqual(8)
      expect(recordBytes).toBeLessThanOrEqual(8192)
    }
  })
})
