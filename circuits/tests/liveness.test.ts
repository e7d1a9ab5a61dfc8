/**
 * liveness_proof against the detector of the core: equal to the last bit, and what it must refuse,
 * one change at a time on a statement that it accepts.
 */

import { describe, expect, it } from 'vitest'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { codebook60 } from '../../src/core/liveness/codebook.ts'
import { responseOf } from '../../src/core/liveness/response.ts'
import {
  askedOf,
  breathWindow,
  livenessContext,
  testNullifierKey,
  type BreathHeart,
} from '../../src/core/liveness/statement.fixture.ts'
import { buildLivenessStatement, livenessCircuitInput } from '../../src/core/liveness/statement.ts'
import {
  breathQuarters,
  type BreathInterval,
  type BreathWindow,
} from '../../src/core/liveness/window.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { accepts, idleChecks, refusedBy } from './witness.fixture.ts'

prepareCircuits()

const context = livenessContext(7)
const asked = askedOf(context)
const proves = (changed: CircuitInput): Promise<boolean> => accepts(changed, 'liveness_proof')

function sharesOf(window: BreathWindow): readonly number[] {
  const response = responseOf(window, codebook60)
  if (!response.ok) throw new Error(response.error.code)
  return response.value
}

function inputOf(window: BreathWindow): CircuitInput {
  const built = buildLivenessStatement({
    intervals: window,
    nullifierKey: testNullifierKey,
    context,
  })
  if (!built.ok) throw new Error(built.error.code)
  return built.value.circuitInput
}

const hearts: readonly BreathHeart[] = [
  { seed: 1, codeword: asked },
  { seed: 2, codeword: asked, meanTicks: 500, lateTicks: 0 },
  { seed: 3, codeword: asked, meanTicks: 1900, lateTicks: 4096 },
  { seed: 4, codeword: asked, swingTicks: 25, noiseTicks: 60 },
  { seed: 5, codeword: asked, marked: [0, 1, 20, 30, 31, 60] },
  { seed: 6, codeword: asked, swingTicks: 400, lateTicks: 700 },
  { seed: 7, codeword: asked, swingTicks: 200, noiseTicks: 0, lateTicks: 2048 },
]

describe('LIVE-1 the detector of the circuit', () => {
  // Between them lie the shares of all codewords: the highest share that is accepted is the asked
  // one's, the lowest one above that of every other.
  it.each(hearts)('equals that of the core, seed $seed', async (heart) => {
    const window = breathWindow(heart)
    const shares = sharesOf(window)
    const own = shares[asked] ?? 0
    const others = Math.max(...shares.filter((_, index) => index !== asked))
    expect(own).toBeGreaterThan(others)
    const at = (share: number): Promise<boolean> =>
      proves({ ...inputOf(window), share: String(share), shareMin: '0' })
    expect(await at(own)).toBe(true)
    expect(await at(own + 1)).toBe(false)
    expect(await at(others + 1)).toBe(true)
    expect(await at(others)).toBe(false)
  })

  it('refuses who answers another codeword, at every lag', async () => {
    const window = breathWindow({ seed: 1, codeword: (asked + 5) % 16 })
    const shareBp = sharesOf(window)[asked] ?? 0
    const quarters = breathQuarters(window, 60)
    if (!quarters.ok) throw new Error(quarters.error.code)
    const publicInputs = { ...context, nkHash: 0n, shareMinBp: 0 }
    const base = livenessCircuitInput({
      quarters: quarters.value,
      firstOffsetTicks: window.firstOffsetTicks,
      shareBp,
      nullifierKey: testNullifierKey,
      publicInputs,
    })
    const nkHash = String(inputOf(breathWindow({ seed: 1, codeword: asked }))['nkHash'])
    for (let lag = 0; lag < 5; lag += 1) {
      const chosen = Array.from({ length: 80 }, (_, index) =>
        index === 5 * asked + lag ? '1' : '0',
      )
      for (const share of [0, 1, shareBp, 10_000]) {
        expect(await proves({ ...base, nkHash, chosen, share: String(share) })).toBe(false)
      }
    }
  })
})

const window = breathWindow({ seed: 1, codeword: asked })
const input = inputOf(window)
const list = (name: string): readonly string[] => input[name] as readonly string[]
const change = (changes: CircuitInput): Promise<boolean> => proves({ ...input, ...changes })
const replaced = (name: string, changes: Readonly<Record<number, string>>): CircuitInput => ({
  [name]: list(name).map((value, index) => changes[index] ?? value),
})
const [filled, empty] = [list('ends').indexOf('1'), list('ends').indexOf('0')] as const

/** The input of any intervals, without the checks of the core; the share is what they have. */
function unchecked({ ticks, marks, firstOffsetTicks }: BreathWindow): CircuitInput {
  const quarters = new Array<BreathInterval | undefined>(240).fill(undefined)
  let at = firstOffsetTicks
  for (const [index, rrTicks] of ticks.entries()) {
    at += rrTicks
    const quarter = Math.floor((at - 1) / 256)
    quarters[quarter] = { rrTicks, isMarked: marks[index] === true, endTicks: at - 256 * quarter }
  }
  const publicInputs = { ...context, nkHash: 0n, shareMinBp: 0 }
  const { nkHash = '0' } = input
  const shareBp = sharesOf(window)[asked] ?? 0
  const options = { quarters, firstOffsetTicks, shareBp, nullifierKey: testNullifierKey }
  const made = livenessCircuitInput({ ...options, publicInputs })
  return { ...made, nkHash, share: String(shareBp - 2000) }
}

/** The intervals from `at` on are replaced by marked ones of the same sum. */
function spliced(at: number, count: number, ...parts: readonly number[]): BreathWindow {
  const rest = window.ticks.slice(at, at + count).reduce((sum, rr) => sum + rr, 0)
  const all = [...parts, rest - parts.reduce((sum, rr) => sum + rr, 0)]
  return {
    ticks: window.ticks.toSpliced(at, count, ...all),
    marks: window.marks.toSpliced(at, count, ...all.map(() => true)),
    firstOffsetTicks: window.firstOffsetTicks,
  }
}

describe('ZK-1 clause 1 of liveness_proof: the window', () => {
  it('accepts the statement that the others change', async () => {
    expect(await change({})).toBe(true)
  })

  it('accepts intervals at their bounds and refuses them one tick beyond', async () => {
    expect(await proves(unchecked(spliced(20, 1, 308)))).toBe(true)
    expect(await proves(unchecked(spliced(20, 1, 307)))).toBe(false)
    expect(await proves(unchecked(spliced(20, 3, 2048)))).toBe(true)
    expect(await proves(unchecked(spliced(20, 3, 2049)))).toBe(false)
  })

  it('refuses selectors and marks that are no bits, and marks where nothing ends', async () => {
    expect(await change(replaced('ends', { [filled]: '2' }))).toBe(false)
    expect(await change(replaced('ends', { [empty]: '-1' }))).toBe(false)
    expect(await change(replaced('marks', { [filled]: '2' }))).toBe(false)
    expect(await change(replaced('marks', { [empty]: '1' }))).toBe(false)
  })

  it('refuses an end outside its quarter, and one where nothing ends', async () => {
    expect(await change(replaced('endTicks', { [filled]: '0' }))).toBe(false)
    expect(await change(replaced('endTicks', { [filled]: '257' }))).toBe(false)
    expect(await change(replaced('endTicks', { [filled]: '-1' }))).toBe(false)
    expect(await change(replaced('endTicks', { [empty]: '1' }))).toBe(false)
  })

  it('refuses a beat that is left out or put in', async () => {
    const at = list('ends').lastIndexOf('1')
    expect(await change(replaced('ends', { [filled]: '0' }))).toBe(false)
    const earlier = { ...replaced('ends', { [at - 1]: '1' }) }
    expect(await change({ ...earlier, ...replaced('endTicks', { [at - 1]: '1' }) })).toBe(false)
  })

  it('refuses a late begin and an early end', async () => {
    const { ticks, marks, firstOffsetTicks } = window
    const from = (count: number): BreathWindow => {
      const gone = ticks.slice(0, count).reduce((sum, rr) => sum + rr, firstOffsetTicks)
      return { ticks: ticks.slice(count), marks: marks.slice(count), firstOffsetTicks: gone }
    }
    const until = (count: number): BreathWindow => {
      return { ticks: ticks.slice(0, -count), marks: marks.slice(0, -count), firstOffsetTicks }
    }
    expect(await proves(unchecked(from(3)))).toBe(true)
    expect(await proves(unchecked(from(5)))).toBe(false)
    expect(await proves(unchecked(until(3)))).toBe(true)
    expect(await proves(unchecked(until(5)))).toBe(false)
    expect(await change({ firstOffsetTicks: '4097' })).toBe(false)
    expect(await change({ firstOffsetTicks: '-1' })).toBe(false)
  })

  it('begins 4096 ticks late and ends as many early at the most', async () => {
    const { ticks, marks, firstOffsetTicks } = window
    let at = firstOffsetTicks
    const endsAt = ticks.map((rr) => (at += rr))
    /** The interval that is cut has a mark, and is long enough. */
    const beginning = (start: number): BreathWindow => {
      const cut = endsAt.findIndex((end) => end - start >= 308)
      return {
        ticks: [(endsAt[cut] ?? 0) - start, ...ticks.slice(cut + 1)],
        marks: [true, ...marks.slice(cut + 1)],
        firstOffsetTicks: start,
      }
    }
    const ending = (end: number): BreathWindow => {
      const cut = endsAt.findLastIndex((before) => end - before >= 308) + 1
      const last = end - (endsAt[cut - 1] ?? 0)
      return {
        ticks: [...ticks.slice(0, cut), last],
        marks: [...marks.slice(0, cut), true],
        firstOffsetTicks,
      }
    }
    const refusal = async (other: BreathWindow): Promise<string | undefined> =>
      (await refusedBy(unchecked(other), 'liveness_proof'))?.text
    expect(await refusal(beginning(4096))).toBeUndefined()
    expect(await refusal(beginning(4097))).toBe('InRange(0, edgeTicksMax)(firstOffsetTicks);')
    expect(await refusal(ending(61_440 - 4096))).toBeUndefined()
    const end = 'InRange(0, edgeTicksMax)(quarterTicks * quarters - latest[quarters]);'
    expect(await refusal(ending(61_440 - 4097))).toBe(end)
  })

  it('has ends at ticks 1 to 256 of a quarter', async () => {
    const base = unchecked(window)
    const endTicks = base['endTicks'] as readonly string[]
    const refusal = async (ticks: number): Promise<string | undefined> => {
      const other = { ...base, endTicks: endTicks.with(filled, String(ticks)) }
      return (await refusedBy(other, 'liveness_proof'))?.text
    }
    const check = 'InRange(0, quarterTicks - 1)(endTicks[i] - ends[i]);'
    expect([await refusal(0), await refusal(257)]).toEqual([check, check])
    expect(await refusal(1)).not.toBe(check)
    expect(await refusal(256)).not.toBe(check)
  })

  it('accepts 8 marks and refuses 9; accepts 30 unmarked intervals and refuses 29', async () => {
    const marked = (base: BreathWindow, count: number): CircuitInput =>
      unchecked({
        ...base,
        marks: base.marks.map((_, index) => index % 3 === 0 && index < 3 * count),
      })
    expect(await proves(marked(window, 8))).toBe(true)
    expect(await proves(marked(window, 9))).toBe(false)
    const slow = breathWindow({ seed: 3, codeword: asked, meanTicks: 1700, swingTicks: 200 })
    const spare = slow.ticks.length - 30
    expect(spare).toBeLessThan(8)
    expect(await proves(marked(slow, spare))).toBe(true)
    expect(await proves(marked(slow, spare + 1))).toBe(false)
  })
})

describe('ZK-1 clause 2 of liveness_proof: the codeword', () => {
  const at = 5 * asked

  it('refuses a choice that is none, two, no bit, or of another codeword', async () => {
    const best = list('chosen').indexOf('1')
    const other = best === at ? at + 1 : at
    expect(await change(replaced('chosen', { [best]: '0' }))).toBe(false)
    expect(await change(replaced('chosen', { [other]: '1' }))).toBe(false)
    expect(await change(replaced('chosen', { [best]: '2', [other]: '-1' }))).toBe(false)
    const foreign = 5 * ((asked + 1) % 16)
    expect(await change(replaced('chosen', { [best]: '0', [foreign]: '1' }))).toBe(false)
    const codeword = String((asked + 1) % 16)
    expect(await change({ codeword })).toBe(false)
    expect(await change({ ...replaced('chosen', { [best]: '0', [foreign]: '1' }), codeword })).toBe(
      false,
    )
  })

  it('refuses a claim above the share, and one that wraps around', async () => {
    const share = Number(input['share'])
    expect(await change({ shareMin: String(share) })).toBe(true)
    expect(await change({ shareMin: String(share + 1) })).toBe(false)
    const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
    expect(await change({ shareMin: String(order - 10_000n) })).toBe(false)
    expect(await change({ share: '10001' })).toBe(false)
    expect(await change({ share: '-1' })).toBe(false)
  })
})

describe('ZK-1 clause 3 of liveness_proof: the key', () => {
  it.each(['nullifierKey', 'nkHash'])('refuses another %s', async (name) => {
    expect(await change({ [name]: String(BigInt(String(input[name])) + 1n) })).toBe(false)
  })
})

describe('ZK-1 each check of liveness_proof', () => {
  it('was the first to refuse something above', () => {
    expect(idleChecks('liveness_proof')).toEqual([])
  })
})
