import { describe, expect, it } from 'vitest'
import { outlookWords } from './outlookWords.ts'

describe('FIT-5: the outlook in words', () => {
  it('says the trend, and where the next minute will lie', () => {
    const range = { fromBp: 7830, toBp: 8440 }
    expect(outlookWords({ trend: 'rising', ...range })).toBe(
      'Getting calmer over the last minutes; the next minute will likely score 78 % to 84 %.',
    )
    expect(outlookWords({ trend: 'steady', ...range })).toMatch(/^Steady/)
    expect(outlookWords({ trend: 'falling', ...range })).toMatch(/^Getting less calm/)
  })
})
