import { describe, expect, it } from 'vitest'
import { claimOf } from './claim.ts'

describe('PRIV-5: what a proof says is a choice', () => {
  it.each([undefined, '', 'exact', 'Quantised', 'constructor'])('%s says no more', (text) => {
    expect(claimOf(text)).toBe('threshold')
  })

  it('is remembered by its name', () => {
    expect(claimOf('quantised')).toBe('quantised')
  })
})
