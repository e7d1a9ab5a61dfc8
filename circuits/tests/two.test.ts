/**
 * emotional_proof_two against src/core/liveness/twoHearts.ts, and what it must refuse, one change
 * at a time on a statement that it accepts (ZK-1, LIVE-5).
 */

import { describe, expect, it } from 'vitest'
import { seededGenerator, testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { publicSignalNames } from '../../src/core/emotion/publicSignals.ts'
import { circuitInputOf, type CircuitInput } from '../../src/core/emotion/statement.ts'
import type { RrWindow } from '../../src/core/emotion/window.ts'
import {
  beatTimes,
  cutSecondBeats,
  secondBeatsInput,
  secondGapTicksMax,
} from '../../src/core/liveness/secondBeats.ts'
import { lagTicksMax, matchHeartsAt, toleranceTicks } from '../../src/core/liveness/twoHearts.ts'
import { cameraBeats, twoScenario } from '../../src/core/liveness/twoStatement.fixture.ts'
import { buildTwoStatement } from '../../src/core/liveness/twoStatement.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { verdictsOf } from './proving.fixture.ts'
import { testVariant } from './variant.fixture.ts'
import { accepts, refusedBy } from './witness.fixture.ts'

const circuit = 'emotional_proof_two'

prepareCircuits()

const scenario = twoScenario({ seed: 3 })
const built = buildTwoStatement(scenario)
if (!built.ok) throw new Error(built.error.code)
const { circuitInput: input, publicInputs } = built.value

/** A statement of clauses 1 to 5 for any window, by the baseline of another; no threshold. */
function baseFor(window: RrWindow): CircuitInput {
  const { baseline } = scenario.secrets
  return circuitInputOf(twoScenario({ seed: 3, window, baseline, thresholdBp: 0 }))
}

/** The input for any second series at any lag, whether it matches or not. */
function inputFor(
  second: readonly number[],
  lagTicks: number,
  window: RrWindow = scenario.window,
): CircuitInput {
  const laidOut = secondBeatsInput(
    window,
    cutSecondBeats(second, beatTimes(window), lagTicks),
    lagTicks,
  )
  if (!laidOut.ok) throw new Error(laidOut.error.code)
  return { ...baseFor(window), ...laidOut.value }
}

const list = (from: CircuitInput, name: string): readonly string[] =>
  from[name] as readonly string[]
const plus = (value: unknown, step: number): string => String(BigInt(String(value)) + BigInt(step))
const holds = (from: CircuitInput, changes: CircuitInput = {}): Promise<boolean> =>
  accepts({ ...from, ...changes }, circuit)

const lagTicks = 1500
const late = beatTimes(scenario.window)
/** The camera's beats, each exactly `off` ticks after its partner once the lag is added. */
const exact = (off = 0): readonly number[] =>
  cameraBeats(late, { seed: 1, lagTicks, jitterTicks: 0 }).map((at) => at + off)
/** Beats 5, 8, 11 … of the window have no partner, `count` of them: theirs is 150 ticks away. */
const missing = (count: number): readonly number[] =>
  exact().map((at, index) => {
    const place = index - 2 - 5
    return place >= 0 && place % 3 === 0 && place < 3 * count ? at + 150 : at
  })
const mostMissing = Math.floor(late.length / 10)

describe('LIVE-5 emotional_proof_two', () => {
  it('is accepted as the core builds it, of other hearts and at other lags too', async () => {
    expect(await holds(input)).toBe(true)
    for (const [seed, lag] of [
      [4, 0],
      [5, 1],
      [6, lagTicksMax],
    ] as const) {
      const other = buildTwoStatement(twoScenario({ seed, lagTicks: lag, jitterTicks: 0 }))
      if (!other.ok) throw new Error(other.error.code)
      expect(await holds(other.value.circuitInput)).toBe(true)
    }
  })

  it('decides as matchHeartsAt on beats that are lost, too many and moved', async () => {
    const next = seededGenerator(77)
    const verdicts = { one: 0, two: 0 }
    for (let round = 0; round < 24; round += 1) {
      const window = testWindow({ seed: round, meanTicks: 700 + (next() % 500) })
      const lag = next() % (lagTicksMax + 1)
      const beats = beatTimes(window)
      const changes = Math.floor(beats.length / 10) + (next() % 5)
      const changed = new Set(Array.from({ length: changes }, () => 3 + (next() % beats.length)))
      const second = cameraBeats(beats, { seed: round, lagTicks: lag }).flatMap((at, index) => {
        if (!changed.has(index)) return [at]
        const kind = next() % 3
        if (kind === 0) return []
        return kind === 1 ? [at, at + 330] : [at + 100 + (next() % 100)]
      })
      const { verdict } = matchHeartsAt(second, beats, lag)
      if (verdict === 'inconclusive') throw new Error('the fixture has other beats')
      verdicts[verdict] += 1
      expect([round, await holds(inputFor(second, lag, window))]).toEqual([
        round,
        verdict === 'one',
      ])
    }
    expect(Math.min(verdicts.one, verdicts.two)).toBeGreaterThan(4)
  })
})

describe('LIVE-5 the bounds of clause 6', () => {
  it('nine of ten beats, and not one fewer', async () => {
    expect(matchHeartsAt(missing(mostMissing), late, lagTicks).verdict).toBe('one')
    expect(await holds(inputFor(missing(mostMissing), lagTicks))).toBe(true)
    expect(matchHeartsAt(missing(mostMissing + 1), late, lagTicks).verdict).toBe('two')
    expect(await holds(inputFor(missing(mostMissing + 1), lagTicks))).toBe(false)
  })

  it('the same when the second sensor has beats too many', async () => {
    const more = (count: number): readonly number[] =>
      exact().flatMap((at, index) => (index >= 6 && index < 6 + count ? [at, at + 330] : [at]))
    // k = n, and m = n + count: 10 n >= 9 (n + count).
    const most = Math.floor(late.length / 9)
    expect(await holds(inputFor(more(most), lagTicks))).toBe(true)
    expect(await holds(inputFor(more(most + 1), lagTicks))).toBe(false)
  })

  it('nine of ten of the most beats that a window holds, and one outside at each end', async () => {
    const fast: RrWindow = {
      ticks: Array.from({ length: 128 }, () => 478),
      marks: Array.from({ length: 128 }, () => false),
      firstOffsetTicks: 200,
    }
    const second = cameraBeats(beatTimes(fast), { seed: 1, lagTicks, jitterTicks: 0 })
    const away = (count: number): readonly number[] =>
      second.map((at, index) => (index > 5 && index <= 5 + count ? at + 100 : at))
    expect(await holds(inputFor(away(12), lagTicks, fast))).toBe(true)
    expect(await holds(inputFor(away(13), lagTicks, fast))).toBe(false)
  })

  it('61 ticks either way, and not 62', async () => {
    for (const off of [toleranceTicks, -toleranceTicks]) {
      const edge = inputFor(exact(off), lagTicks)
      expect(await holds(edge)).toBe(true)
      const beyond = plus(edge['secondOffsetTicks'], Math.sign(off))
      expect(await holds(edge, { secondOffsetTicks: beyond })).toBe(false)
    }
  })

  it('a lag of 4 s, and not one tick more or less than none', async () => {
    for (const [lag, step] of [
      [lagTicksMax, 1],
      [0, -1],
    ] as const) {
      const second = cameraBeats(late, { seed: 1, lagTicks: lag, jitterTicks: 0 })
      const edge = inputFor(second, lag)
      expect(await holds(edge)).toBe(true)
      // The same times after the lag.
      const moved = {
        lagTicks: plus(lag, step),
        secondOffsetTicks: plus(edge['secondOffsetTicks'], -step),
      }
      expect(await holds(edge, moved)).toBe(false)
    }
  })

  it('30 beats that both could have seen, and not 29', async () => {
    const slow = (count: number, rr: number): RrWindow => ({
      ticks: Array.from({ length: count }, () => rr),
      marks: Array.from({ length: count }, () => false),
      firstOffsetTicks: 2048,
    })
    const enough = slow(29, 1990)
    expect(await holds(inputFor(beatTimes(enough), 0, enough))).toBe(true)
    const few = slow(28, 2048)
    const edge = inputFor(beatTimes(few), 0, few)
    expect(await accepts(baseFor(few))).toBe(true)
    expect(await holds(edge)).toBe(false)
    expect(await holds(edge, { overlap: '30' })).toBe(false)
  })

  it('intervals of the second series from 308 to 4403 ticks', async () => {
    const edge = inputFor(exact(), lagTicks)
    const gaps = list(edge, 'secondTicks')
    expect(await holds(edge, { secondTicks: gaps.with(3, '307') })).toBe(false)
    expect(await holds(edge, { secondTicks: gaps.with(3, '0') })).toBe(false)
    // Only the last beat, behind the window, can be so far away that the rest still matches.
    const from = exact().slice(0, -2)
    const last = (gap: number): readonly number[] => [...from, (from.at(-1) ?? 0) + gap]
    const far = inputFor(last(secondGapTicksMax), lagTicks)
    expect(await holds(far)).toBe(true)
    const at = list(far, 'secondSelected').lastIndexOf('1')
    const further = list(far, 'secondTicks').with(at, String(secondGapTicksMax + 1))
    expect(await holds(far, { secondTicks: further })).toBe(false)
  })

  it('a second series that spans the window', async () => {
    const [before = 0, behind = 0] = [exact()[1], exact().at(-2)]
    const within = exact().filter((at) => at > before && at < behind)
    const edge = inputFor([...within].with(0, (within[0] ?? 0) + toleranceTicks), lagTicks)
    // All but the first beat stay where they are, and it does not count: no other bound is met.
    const counted = list(edge, 'counted').with(0, '0')
    expect(await holds(edge, { counted })).toBe(true)
    const later = {
      counted,
      secondOffsetTicks: plus(edge['secondOffsetTicks'], 1),
      secondTicks: list(edge, 'secondTicks').with(0, plus(list(edge, 'secondTicks')[0], -1)),
    }
    expect(await holds(edge, later)).toBe(false)
    const end = inputFor([...within].with(-1, (within.at(-1) ?? 0) - toleranceTicks), lagTicks)
    const last = list(end, 'secondSelected').lastIndexOf('1')
    const sooner = {
      counted: list(end, 'counted').with(late.length - 1, '0'),
      secondTicks: list(end, 'secondTicks').with(last, plus(list(end, 'secondTicks')[last], -1)),
    }
    expect(await holds(end)).toBe(true)
    expect(await holds(end, sooner)).toBe(false)
  })

  it('a second series that reaches 4525 ticks beyond the window, and no more', async () => {
    const [begin = 0, end = 0] = [late[0], late.at(-1)]
    const reach = secondGapTicksMax + toleranceTicks
    // The beat next to the bound is 61 ticks from it, or 62 and then not counted.
    const before = (off: number): readonly number[] =>
      [begin - reach - off, begin - toleranceTicks - off].concat(late.slice(1))
    const behind = (off: number): readonly number[] =>
      late.slice(0, -1).concat([end + toleranceTicks + off, end + reach + off])
    const refusal = async (prompt: readonly number[]): Promise<string | undefined> => {
      const second = prompt.map((at) => at - lagTicks)
      const laidOut = secondBeatsInput(scenario.window, second, lagTicks)
      if (!laidOut.ok) throw new Error(laidOut.error.code)
      const whole = { ...baseFor(scenario.window), ...laidOut.value }
      return (await refusedBy(whole, circuit))?.text
    }
    expect([await refusal(before(0)), await refusal(behind(0))]).toEqual([undefined, undefined])
    const first = 'InRange(0, reachMax)(late[0] + tolerance - prompt[0]);'
    const last = 'InRange(0, reachMax)(prompt[gaps] + tolerance - late[beats]);'
    expect([await refusal(before(1)), await refusal(behind(1))]).toEqual([first, last])
  })
})

describe('ZK-1 hints of clause 6 that lie', () => {
  const lost = inputFor(missing(mostMissing), lagTicks)
  const over = inputFor(missing(mostMissing + 1), lagTicks)

  it('a beat without partner that is counted', async () => {
    for (const from of [lost, over]) {
      const counted = list(from, 'counted').with(5, '1')
      expect(await holds(from, { counted })).toBe(false)
    }
  })

  it('a partner that is matched twice, by any setting of one switch', async () => {
    const counted = list(over, 'counted').with(5, '1')
    const skips = list(over, 'skips')
    for (const at of [3, 4, 5, 6]) {
      const other = skips.with(at, skips[at] === '1' ? '0' : '1')
      expect(await holds(over, { counted, skips: other })).toBe(false)
    }
  })

  it('partners that are swapped', async () => {
    const skips = list(input, 'skips')
    for (const at of [7, 150, 300, 440]) {
      const other = skips.with(at, skips[at] === '1' ? '0' : '1')
      expect([at, await holds(input, { skips: other })]).toEqual([at, false])
    }
  })

  it('slots of the window without a beat that are counted', async () => {
    const counted = list(over, 'counted')
    expect(await holds(over, { counted: counted.with(late.length, '1') })).toBe(false)
    expect(await holds(over, { counted: counted.with(128, '1') })).toBe(false)
  })

  it('empty slots of the second series as beats, and beats as empty slots', async () => {
    const selected = list(lost, 'secondSelected')
    const last = selected.lastIndexOf('1')
    expect(await holds(lost, { secondSelected: selected.with(last + 1, '1') })).toBe(false)
    const few = inputFor(exact(), lagTicks)
    const beats = list(few, 'secondSelected')
    expect(await holds(few, { secondSelected: beats.with(9, '0') })).toBe(false)
  })

  it('an overlap that is neither of both numbers, or the smaller one', async () => {
    for (const step of [-1, 1]) {
      expect(await holds(lost, { overlap: plus(lost['overlap'], step) })).toBe(false)
      expect(await holds(over, { overlap: plus(over['overlap'], step) })).toBe(false)
    }
  })

  it('an overlap that leaves out what the second sensor has more', async () => {
    const [sixth = 0, more] = [exact()[6], [...exact()]]
    more.splice(7, 0, sixth + 330)
    const longer = inputFor(more, lagTicks)
    expect(longer['overlap']).toBe(String(late.length + 1))
    expect(await holds(longer)).toBe(true)
    expect(await holds(longer, { overlap: String(late.length) })).toBe(false)
  })

  it('beats that are called unseen although the other could have seen them', async () => {
    const [before = 0, behind = 0] = [exact()[1], exact().at(-2)]
    const whole = inputFor(
      exact().filter((at) => at > before && at < behind),
      lagTicks,
    )
    expect([whole['firstUnseen'], whole['lastUnseen']]).toEqual(['0', '0'])
    const overlap = whole['overlap'] ?? ''
    expect(await holds(whole, { firstUnseen: '1', overlap })).toBe(false)
    expect(await holds(whole, { lastUnseen: '1', overlap })).toBe(false)
    // One that is unseen may be counted against oneself.
    expect([input['firstUnseen'], input['lastUnseen']]).toEqual(['1', '1'])
    const seen = { firstUnseen: '0', overlap: plus(input['overlap'], 1) }
    expect(await holds(input, seen)).toBe(true)
  })

  it.each(['skips', 'counted', 'secondSelected'])('%s that are no bit', async (name) => {
    for (const value of ['2', '-1']) {
      expect(await holds(input, { [name]: list(input, name).with(1, value) })).toBe(false)
    }
  })

  it('firstUnseen and lastUnseen that are no bit', async () => {
    expect(await holds(input, { firstUnseen: '2' })).toBe(false)
    expect(await holds(input, { lastUnseen: '-1' })).toBe(false)
  })
})

describe('SENS-4 the provenance of two hearts', () => {
  it('is strap+camera, and no other', async () => {
    for (const provenance of ['1', '2', '3', '5']) {
      expect(await holds(input, { provenance })).toBe(false)
    }
  })
})

describe('ZK-1 a proof of two hearts', () => {
  it('holds for its inputs, and for no other epoch or circuit', async () => {
    const codeOf = await verdictsOf(built.value, [circuit, 'emotional_proof'])
    expect(await codeOf(publicInputs)).toBe('OK')
    const { epoch } = publicInputs
    expect(await codeOf({ ...publicInputs, epoch: epoch + 1 })).toBe('PROOF_INVALID')
    expect(await codeOf(scenario.publicInputs)).toBe('PROOF_INVALID')
  })
})

testVariant({ circuit, input, signalNames: publicSignalNames })
