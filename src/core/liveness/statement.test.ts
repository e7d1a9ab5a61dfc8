import { describe, expect, test } from 'vitest'
import { nullifierKeyHash } from '../emotion/commitments.ts'
import { codebook60 } from './codebook.ts'
import { responseOf } from './response.ts'
import { askedOf, breathWindow, livenessContext, testNullifierKey } from './statement.fixture.ts'
import { buildLivenessStatement } from './statement.ts'

const context = livenessContext(7)
const asked = askedOf(context)
const nullifierKey = testNullifierKey
const build = (intervals: ReturnType<typeof breathWindow>) =>
  buildLivenessStatement({ intervals, nullifierKey, context })

describe('LIVE-6 the statement of an answered window', () => {
  test('claims the step below its share and names the key of the registration', () => {
    const intervals = breathWindow({ seed: 1, codeword: asked })
    const built = build(intervals)
    if (!built.ok) throw new Error(built.error.code)
    const { publicInputs, circuitInput } = built.value
    expect(publicInputs).toEqual({
      circuit: 'liveness_proof',
      ...context,
      nkHash: nullifierKeyHash(nullifierKey),
      shareMinBp: 5000,
    })
    const response = responseOf(intervals, codebook60)
    expect(circuitInput['share']).toBe(String(response.ok ? response.value[asked] : ''))
    expect(circuitInput['codeword']).toBe(String(asked))
    const chosen = circuitInput['chosen'] as readonly string[]
    expect(chosen.filter((each) => each === '1')).toHaveLength(1)
    expect(Math.floor(chosen.indexOf('1') / 5)).toBe(asked)
    expect((circuitInput['ends'] as readonly string[]).filter((end) => end === '1')).toHaveLength(
      intervals.ticks.length,
    )
  })

  test('a weak response claims less, one that is none claims nothing', () => {
    const at = (swingTicks: number) =>
      build(breathWindow({ seed: 4, codeword: asked, swingTicks, noiseTicks: 60 }))
    const weak = at(25)
    expect(weak.ok && weak.value.publicInputs.shareMinBp).toBeGreaterThan(0)
    expect(weak.ok && weak.value.publicInputs.shareMinBp).toBeLessThan(5000)
    expect(at(0).ok).toBe(false)
    expect(build(breathWindow({ seed: 4, codeword: asked, swingTicks: 0, noiseTicks: 0 }))).toEqual(
      { ok: false, error: { code: 'LIVENESS_OTHER_RHYTHM' } },
    )
  })

  test('an answer to another codeword is another rhythm', () => {
    const other = breathWindow({ seed: 1, codeword: (asked + 1) % 16 })
    expect(build(other)).toEqual({ ok: false, error: { code: 'LIVENESS_OTHER_RHYTHM' } })
  })

  test('a window that no detector reads is refused with its reason', () => {
    const { ticks, marks } = breathWindow({ seed: 1, codeword: asked })
    expect(build({ ticks, marks, firstOffsetTicks: 4097 })).toMatchObject({
      ok: false,
      error: { code: 'WINDOW_GAPS' },
    })
  })
})
