import { describe, expect, it, test } from 'vitest'
import { beatTimes, cutSecondBeats, secondBeatsInput, secondGapTicksMax } from './secondBeats.ts'
import { matchHearts, matchHeartsAt, partnersOf } from './twoHearts.ts'
import { cameraBeats, twoScenario } from './twoStatement.fixture.ts'
import { buildTwoStatement } from './twoStatement.ts'

const scenario = twoScenario({ seed: 11 })
const { window, secondBeats } = scenario
const late = beatTimes(window)
const lagTicks = 1500
const codeOf = (second: readonly number[], lag = lagTicks): string => {
  const laidOut = secondBeatsInput(window, second, lag)
  return laidOut.ok ? 'OK' : laidOut.error.code
}

describe('LIVE-5 the second series of a proof', () => {
  it('has one beat more than the window has intervals', () => {
    expect(late).toHaveLength(window.ticks.length + 1)
    expect(late[0]).toBe(window.firstOffsetTicks)
  })

  it('is cut to the window and a beat at either end, and nothing changes by it', () => {
    const longer = cameraBeats(late, { seed: 11 })
    const many = [(longer[0] ?? 0) - 2000, (longer[0] ?? 0) - 1000, ...longer]
    for (const lag of [0, 900, 1500, 1530, 4096]) {
      const cut = cutSecondBeats(many, late, lag)
      expect(cut.length).toBeLessThan(many.length)
      expect(matchHeartsAt(cut, late, lag)).toEqual(matchHeartsAt(many, late, lag))
    }
    expect(cutSecondBeats([], late, 0)).toEqual([])
    expect(cutSecondBeats([-9000], late, 0)).toEqual([])
  })

  it('is laid out with each partner as many slots further on as beats had none', () => {
    const extra = secondBeats.flatMap((at, index) => (index === 20 ? [at, at + 400] : [at]))
    const without = extra.filter((_, index) => index !== 40)
    const laidOut = secondBeatsInput(window, cutSecondBeats(without, late, lagTicks), lagTicks)
    if (!laidOut.ok) throw new Error(laidOut.error.code)
    const selected = laidOut.value['secondSelected'] as readonly string[]
    const counted = laidOut.value['counted'] as readonly string[]
    const ones = (bits: readonly string[]): number => bits.filter((bit) => bit === '1').length
    expect(ones(counted)).toBe(late.length - 1)
    // Two beyond the ends, one more and one fewer; one of them is in the slot that always is.
    expect(ones(selected)).toBe(late.length + 1)
    expect(selected).toHaveLength(144)
    expect(laidOut.value['overlap']).toBe(String(late.length))
  })

  test.each([
    ['nearer than 308 ticks', secondBeats.with(5, (secondBeats[4] ?? 0) + 307), 'SECOND_BEATS'],
    ['out of order', secondBeats.toReversed(), 'SECOND_BEATS'],
    ['not whole', secondBeats.with(5, 0.5), 'SECOND_BEATS'],
    ['not a number', secondBeats.with(5, NaN), 'SECOND_BEATS'],
    [
      'farther than the circuit counts',
      [(secondBeats[0] ?? 0) - secondGapTicksMax - 1, ...secondBeats],
      'SECOND_BEATS',
    ],
    ['none', [], 'SECOND_COVERAGE'],
    ['later than the first beat', secondBeats.slice(4), 'SECOND_COVERAGE'],
    ['sooner than the last', secondBeats.slice(0, -4), 'SECOND_COVERAGE'],
    ['of another heart', secondBeats.map((at, i) => at + (i % 2) * 200), 'SECOND_LAYOUT'],
  ])('is refused when %s', (_, second, code) => {
    expect(codeOf(second)).toBe(code)
  })
})

describe('LIVE-5 the statement of two hearts', () => {
  it('has the lag of the core, and says the provenance', () => {
    const built = buildTwoStatement(scenario)
    if (!built.ok) throw new Error(built.error.code)
    expect(built.value.match).toEqual(matchHearts(secondBeats, late))
    expect(built.value.publicInputs).toMatchObject({
      circuit: 'emotional_proof_two',
      provenance: 'strap+camera',
    })
  })

  it('refuses another heart, too few beats, and what the statement of one refuses', () => {
    const other = cameraBeats(beatTimes(twoScenario({ seed: 12 }).window), { seed: 1 })
    const refused = buildTwoStatement({ ...scenario, secondBeats: other })
    expect(refused).toMatchObject({ ok: false, error: { code: 'TWO_HEARTS' } })
    const few = buildTwoStatement({ ...scenario, secondBeats: secondBeats.slice(0, 20) })
    expect(few).toMatchObject({ error: { match: { verdict: 'inconclusive' } } })
    const context = { ...scenario.context, thresholdBp: 10_000 }
    expect(buildTwoStatement({ ...scenario, context })).toMatchObject({
      error: { code: 'STATEMENT_SCORE' },
    })
  })

  it('refuses a camera that saw a part of the window', () => {
    const part = buildTwoStatement({ ...scenario, secondBeats: secondBeats.slice(6) })
    expect(part).toMatchObject({ ok: false, error: { code: 'SECOND_COVERAGE' } })
  })
})

describe('LIVE-5 at a lag that is given', () => {
  it('no lag outside 0 to 4 s is one', () => {
    for (const lag of [-1, 4097, 0.5, NaN]) {
      expect(matchHeartsAt(late, late, lag).verdict).toBe('inconclusive')
    }
    expect(matchHeartsAt(late, late, 0).verdict).toBe('one')
  })

  it('each beat has the partner within 61 ticks, and no other', () => {
    expect(partnersOf([1000, 2000, 3000, 4000], [939, 2061, 2938, 4062])).toEqual([
      0,
      1,
      undefined,
      undefined,
    ])
    expect(partnersOf([1000], [])).toEqual([undefined])
  })
})
