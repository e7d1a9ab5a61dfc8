/** What the circuit must refuse, one change at a time on a statement that it accepts. */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { testScenario, type Scenario } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf, type CircuitInput } from '../../src/core/emotion/statement.ts'
import { markWindow } from '../../src/core/emotion/quality.ts'
import { scoreWindow } from '../../src/core/emotion/score.ts'
import { testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { windowTicks } from '../../src/core/emotion/window.ts'
import { ensureArtifacts, ensureTimeoutMs } from './artifacts.fixture.ts'
import { accepts } from './witness.fixture.ts'

beforeAll(async () => {
  // The witness generator prints each refusal.
  vi.spyOn(console, 'error').mockReturnValue()
  await ensureArtifacts()
}, ensureTimeoutMs)

const scenario = testScenario({ seed: 11 })
const input = circuitInputOf(scenario)
const beatCount = scenario.window.ticks.length

const list = (name: string): readonly string[] => input[name] as readonly string[]
const change = (changes: CircuitInput): Promise<boolean> => accepts({ ...input, ...changes })
const replaced = (name: string, changes: Readonly<Record<number, string>>): CircuitInput => ({
  [name]: list(name).map((value, index) => changes[index] ?? value),
})
const plusOne = (name: string): CircuitInput => ({
  [name]: String(BigInt(String(input[name])) + 1n),
})
const inputOf = (other: Scenario): CircuitInput => circuitInputOf(other)

/** Equal beats of a length, as many as fit, centred in the window. */
function evenWindow(rr: number): Scenario['window'] {
  const count = Math.floor(windowTicks / rr)
  const firstOffsetTicks = Math.floor((windowTicks - count * rr) / 2)
  return markWindow({ ticks: Array.from({ length: count }, () => rr), firstOffsetTicks })
}

describe('ZK-1 clause 1: the window', () => {
  it('accepts the statement that the others change', async () => {
    expect(await change({})).toBe(true)
  })

  it('accepts the bounds themselves: 2048 ticks, and 480 with 128 beats', async () => {
    const slow = testScenario({ seed: 1, window: evenWindow(2048), ...lenient() })
    expect(await accepts(inputOf(slow))).toBe(true)
    const fast = testScenario({ seed: 1, window: evenWindow(480), ...lenient() })
    expect(fast.window.ticks.length).toBe(128)
    expect(await accepts(inputOf(fast))).toBe(true)
  })

  it('refuses intervals one tick out of range', async () => {
    const short = replaced('ticks', { 4: '307' })
    const long = replaced('ticks', { 4: '2049' })
    // Marked, so that only the range can refuse them.
    expect(await change({ ...short, ...replaced('marks', { 4: '1' }) })).toBe(false)
    expect(await change({ ...long, ...replaced('marks', { 4: '1' }) })).toBe(false)
    expect(
      await change({ ...replaced('ticks', { 4: '308' }), ...replaced('marks', { 4: '1' }) }),
    ).toBe(true)
  })

  it('refuses a negative interval and one that wraps around the field', async () => {
    expect(await change(replaced('ticks', { 4: '-900' }))).toBe(false)
    const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
    expect(await change(replaced('ticks', { 4: String(order - 900n) }))).toBe(false)
  })

  it('refuses padding that is not 0, and selectors with a hole', async () => {
    expect(await change(replaced('ticks', { [beatCount]: '900' }))).toBe(false)
    expect(await change(replaced('selected', { [beatCount + 1]: '1' }))).toBe(false)
    expect(await change(replaced('selected', { 3: '0' }))).toBe(false)
    expect(await change(replaced('selected', { 3: '2' }))).toBe(false)
  })

  it('refuses a window that beats do not fill', async () => {
    expect(await change({ firstOffsetTicks: '2049' })).toBe(false)
    expect(await change({ firstOffsetTicks: '-1' })).toBe(false)
    const cut = beatCount - 4
    const { ticks, marks, firstOffsetTicks } = scenario.window
    const window = { ticks: ticks.slice(0, cut), marks: marks.slice(0, cut), firstOffsetTicks }
    expect(await accepts(inputOf({ ...scenario, window }))).toBe(false)
  })
})

describe('ZK-1 clause 1: marks', () => {
  const marked = (count: number): CircuitInput =>
    replaced('marks', Object.fromEntries(Array.from({ length: count }, (_, i) => [3 * i, '1'])))

  it('accepts 8 marks and refuses 9', async () => {
    const threshold = '0'
    expect(await change({ ...marked(8), threshold })).toBe(true)
    expect(await change({ ...marked(9), threshold })).toBe(false)
  })

  it('refuses marks that are no bits or stand in unused slots', async () => {
    expect(await change(replaced('marks', { 2: '2' }))).toBe(false)
    expect(await change(replaced('marks', { 2: '-1' }))).toBe(false)
    expect(await change(replaced('marks', { [beatCount]: '1' }))).toBe(false)
  })

  it('refuses an artefact whose mark is taken away', async () => {
    const ticks = scenario.window.ticks.map((rr, index) => {
      if (index === 20) return rr - 420
      return index === 21 ? rr + 420 : rr
    })
    const window = markWindow({ ...scenario.window, ticks })
    expect(window.marks[20]).toBe(true)
    const honest = inputOf({ ...scenario, window })
    expect(await accepts(honest)).toBe(true)
    const hidden = (honest['marks'] as readonly string[]).map(() => '0')
    expect(await accepts({ ...honest, marks: hidden })).toBe(false)
  })

  it('accepts a pair at 3/2 and refuses one beyond', async () => {
    const base = evenWindow(1000)
    const pairOf = (longer: number): Scenario => {
      const ticks = base.ticks.slice(1).map((rr, index) => (index === 30 ? longer : rr))
      const window = { ticks, marks: ticks.map(() => false), firstOffsetTicks: 0 }
      return testScenario({ seed: 2, window, ...lenient() })
    }
    expect(await accepts(inputOf(pairOf(1500)))).toBe(true)
    expect(await accepts(inputOf(pairOf(1501)))).toBe(false)
  })
})

describe('ZK-1 clause 2: the enrolment', () => {
  it.each([
    'baselineSalt',
    'nullifierKey',
    'restHrCentiBpm',
    'leafIndex',
    'credentialExpiryEpoch',
    'identity',
    'consentVersion',
    'enrolmentRoot',
  ])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })

  it('refuses another path', async () => {
    expect(await change(replaced('siblings', { 7: '1' }))).toBe(false)
  })

  it('refuses a credential that ended, and accepts its last epoch', async () => {
    const at = (epoch: number): CircuitInput =>
      inputOf(testScenario({ seed: 3, epoch, credentialExpiryEpoch: 60 }))
    expect(await accepts(at(60))).toBe(true)
    expect(await accepts(at(61))).toBe(false)
  })

  it('refuses a baseline outside its bounds, although it is enrolled', async () => {
    const { baseline } = scenario.secrets
    const enrolled = (changes: Partial<typeof baseline>): CircuitInput => {
      return inputOf(
        testScenario({ seed: 4, thresholdBp: 0, baseline: { ...baseline, ...changes } }),
      )
    }
    expect(await accepts(enrolled({ hrSigmaCentiBpm: 600 }))).toBe(true)
    expect(await accepts(enrolled({ hrSigmaCentiBpm: 601 }))).toBe(false)
    expect(await accepts(enrolled({ hrSigmaCentiBpm: 299 }))).toBe(false)
    expect(await accepts(enrolled({ lnRmssdSigmaQ16: 32_769 }))).toBe(false)
    expect(await accepts(enrolled({ lnRmssdQ16: 196_607 }))).toBe(false)
    expect(await accepts(enrolled({ restHrCentiBpm: 11_001 }))).toBe(false)
  })
})

describe('ZK-1 clause 4: the threshold', () => {
  it('accepts the score itself and refuses one more', async () => {
    const { window, secrets, provenance } = scenario
    const { scoreBp } = scoreWindow(window, secrets.baseline, provenance)
    expect(await change({ threshold: String(scoreBp) })).toBe(true)
    expect(await change({ threshold: String(scoreBp + 1) })).toBe(false)
  })

  it('does not take a threshold that wraps around', async () => {
    expect(await change({ threshold: '20000' })).toBe(false)
    const order = 21888242871839275222246405745257275088548364400416034343698204186575808495617n
    expect(await change({ threshold: String(order - 10_000n) })).toBe(false)
  })
})

describe('ZK-1 clause 5: the nullifier', () => {
  it.each(['nullifier', 'chainId', 'epoch'])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })
})

function lenient(): {
  readonly thresholdBp: number
  readonly baseline: Scenario['secrets']['baseline']
} {
  const { baseline } = testScenario({ seed: 9, window: testWindow({ seed: 9 }) }).secrets
  return { thresholdBp: 0, baseline }
}
