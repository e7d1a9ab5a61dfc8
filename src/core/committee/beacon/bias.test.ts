import { describe, expect, it } from 'vitest'
import { measureBias } from './bias.fixture.ts'

const input = { validators: 63, adversaries: 13, seats: 21, epochs: 60, withheldMax: 3 }
/** A fair draw is above it once in a thousand: χ² with 62 degrees of freedom. */
const chiSquaredMax = 102.2
const fairSeats = (input.seats * input.adversaries) / input.validators

// Everything follows from a seed, so these figures are the same each time.
describe('BEACON-7: the seats of an adversary that withholds', () => {
  const honest = measureBias('nobody withholds', input)
  const first = measureBias('first version', input)
  const timely = measureBias('sharing, timely', input)
  const delayed = measureBias('sharing, delayed', input)

  it('the draw itself is fair', () => {
    expect(honest.chiSquared).toBeLessThan(chiSquaredMax)
    expect(Math.abs(honest.meanSeats - fairSeats)).toBeLessThan(0.6)
  })

  it('BEACON-1: the first version lets each seat that withholds double the choice', () => {
    expect(first.meanChoices).toBeGreaterThan(6)
    expect(first.chiSquared).toBeGreaterThan(chiSquaredMax)
    expect(first.meanSeats).toBeGreaterThan(fairSeats + 1)
  })

  it('the sharing leaves one beacon, so the adversary gets what the draw gives', () => {
    expect(timely).toEqual({ ...honest, meanChoices: 1 })
  })

  it('with messages delayed past the limit there are two, and less is gained', () => {
    expect(delayed.meanChoices).toBe(2)
    expect(delayed.meanSeats).toBeGreaterThan(fairSeats)
    expect(delayed.meanSeats).toBeLessThan(first.meanSeats)
  })
})
