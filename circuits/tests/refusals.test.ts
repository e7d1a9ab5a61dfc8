/** What the circuit must refuse, one change at a time on a statement that it accepts. */

import { describe, expect, it } from 'vitest'
import {
  testScenario,
  withWindow,
  type Scenario,
  type ScenarioOptions,
} from '../../src/core/emotion/statement.fixture.ts'
import { followedLevel, type Level } from '../../src/core/emotion/continuity.ts'
import { circuitInputOf, statesOf, type CircuitInput } from '../../src/core/emotion/statement.ts'
import { markWindow } from '../../src/core/emotion/quality.ts'
import { scoreWindow } from '../../src/core/emotion/score.ts'
import { testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { windowTicks } from '../../src/core/emotion/window.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { accepts, idleChecks, refusedBy } from './witness.fixture.ts'

prepareCircuits()

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
/** Its own score and state, so that nothing but the window can be wrong. */
const ofWindow = (window: Partial<Scenario['window']>): CircuitInput =>
  inputOf(withWindow(scenario, { ...scenario.window, ...window }))

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
    // Marked, so that only the range can refuse them.
    const { ticks, marks } = scenario.window
    const at4 = (rr: number): Promise<boolean> =>
      accepts(ofWindow({ ticks: ticks.with(4, rr), marks: marks.with(4, true) }))
    expect(await at4(307)).toBe(false)
    expect(await at4(308)).toBe(true)
    const long = evenWindow(2040)
    const slow = (rr: number): Promise<boolean> => {
      const marked = { marks: long.marks.with(4, true), ticks: long.ticks.with(4, rr) }
      const window = { ...long, ...marked, firstOffsetTicks: 0 }
      return accepts(inputOf(testScenario({ seed: 1, window, ...lenient() })))
    }
    expect(await slow(2048)).toBe(true)
    expect(await slow(2049)).toBe(false)
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
    expect(await accepts(inputOf(withWindow(scenario, window)))).toBe(false)
  })
})

describe('ZK-1 clause 1: marks', () => {
  const marked = (count: number): CircuitInput =>
    ofWindow({ marks: scenario.window.marks.map((_, i) => i % 3 === 0 && i < 3 * count) })

  it('accepts 8 marks and refuses 9', async () => {
    const threshold = '0'
    expect(await accepts({ ...marked(8), threshold })).toBe(true)
    expect(await accepts({ ...marked(9), threshold })).toBe(false)
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
    expect(await accepts(ofWindow(window))).toBe(true)
    expect(await accepts(ofWindow({ ...window, marks: window.marks.map(() => false) }))).toBe(false)
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

describe('ZK-1 HRV-3 clause 3: irregular rhythm', () => {
  /** 61 beats with so many jumps, each within a couple whose sum stays. */
  const jumping = (count: number, marks: readonly number[] = []): Scenario => {
    const { ticks, firstOffsetTicks } = evenWindow(1000)
    const changed = [...ticks]
    for (let couple = 0; couple < count; couple += 1) changed.splice(4 * couple, 2, 1110, 890)
    const window = {
      ...{ ticks: changed, firstOffsetTicks },
      marks: ticks.map((_, index) => marks.includes(index)),
    }
    return testScenario({ seed: 2, window, ...lenient() })
  }

  it('accepts 15 % of jumps and refuses one more, whether they are marked or not', async () => {
    expect(jumping(9).window.ticks).toHaveLength(61)
    expect(await accepts(inputOf(jumping(9)))).toBe(true)
    expect(await accepts(inputOf(jumping(10)))).toBe(false)
    expect(await accepts(inputOf(jumping(10, [0, 1, 4, 5, 8, 9, 12, 13])))).toBe(false)
    expect(await accepts(inputOf(jumping(9, [0, 1, 4, 5, 8, 9, 12, 13])))).toBe(true)
  })

  it('refuses a jump that is not said, and takes one that is none as one', async () => {
    const said = inputOf(jumping(8))
    const jumps = said['jumps'] as readonly string[]
    const say = (index: number, value: string): Promise<boolean> =>
      accepts({ ...said, jumps: jumps.with(index, value) })
    expect(jumps.filter((jump) => jump === '1')).toHaveLength(8)
    expect(jumps[0]).toBe('1')
    expect(await say(0, '0')).toBe(false)
    expect(await say(1, '1')).toBe(true)
    expect(await say(1, '2')).toBe(false)
    expect(await say(1, '-1')).toBe(false)
    // One counts where no interval is, too, and then they are too many.
    expect(await accepts({ ...said, jumps: jumps.with(100, '1') })).toBe(true)
    const two = jumps.with(100, '1').with(110, '1')
    expect(await accepts({ ...said, jumps: two })).toBe(false)
  })

  it('takes a fifth of the mean for no jump, and one tick more for one', async () => {
    const pairOf = (left: number, right: number): CircuitInput => {
      const { ticks, ...rest } = evenWindow(1000)
      const window = { ...rest, ticks: ticks.with(0, left).with(1, right) }
      return inputOf(testScenario({ seed: 2, window, ...lenient() }))
    }
    const unsaid = (input: CircuitInput): Promise<boolean> =>
      accepts({ ...input, jumps: (input['jumps'] as readonly string[]).map(() => '0') })
    expect(await unsaid(pairOf(1100, 900))).toBe(true)
    expect(await unsaid(pairOf(1101, 900))).toBe(false)
    expect(await unsaid(pairOf(900, 1100))).toBe(true)
    expect(await unsaid(pairOf(900, 1101))).toBe(false)
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

describe('ZK-1 FIT-3 clause 4: S and S′', () => {
  const epoch = 141
  /** As another level than the core's would be left. */
  const follow = (options: Omit<ScenarioOptions, 'seed'>): Scenario =>
    testScenario({ seed: 12, epoch, ...options })
  const before = (levelBp: number, missed = 0): Level => ({ levelBp, epoch: epoch - 1 - missed })

  it.each([
    ['none', undefined],
    ['the one just before', before(9000)],
    ['0', before(0)],
    ['10000', before(10_000)],
    ['one that is relaxing', before(3000, 5)],
    ['the oldest that says anything', before(0, 93)],
    ['one that is too old', before(0, 94)],
  ] as const)('follows %s as the core does', async (_, level) => {
    const scenario = follow(level === undefined ? {} : { before: level })
    const { window, secrets, provenance, publicInputs } = scenario
    const { scoreBp } = scoreWindow(window, secrets.baseline, provenance)
    const { countedBp, levelBp } = followedLevel(scoreBp, epoch, level)
    const input = circuitInputOf(scenario)
    const at = (thresholdBp: number, changes: CircuitInput = {}): Promise<boolean> =>
      accepts({ ...input, threshold: String(thresholdBp), ...changes })
    expect(await at(countedBp)).toBe(true)
    expect(await at(countedBp + 1)).toBe(false)
    for (const other of [levelBp - 1, levelBp + 1]) {
      const left = statesOf(scenario.context, secrets.nullifierKey, other)
      expect(left.stateAfter).not.toBe(publicInputs.stateAfter)
      expect(await at(0, { stateAfter: String(left.stateAfter) })).toBe(false)
    }
  })

  it('refuses another level, epoch, key or chain behind S', async () => {
    const input = circuitInputOf(follow({ before: before(8000, 2), thresholdBp: 0 }))
    const refuses = async (changes: CircuitInput): Promise<void> => {
      expect(await accepts({ ...input, ...changes })).toBe(false)
    }
    expect(await accepts(input)).toBe(true)
    await refuses({ levelBefore: '8001' })
    await refuses({ missedEpochs: '1' })
    await refuses({ missedEpochs: '3' })
    await refuses({ stateBefore: '0' })
    await refuses({ stateBefore: '0', levelBefore: '9400' })
    await refuses({ stateBefore: String(BigInt(String(input['stateBefore'])) + 1n) })
    const { context, secrets } = follow({ before: before(8000, 2) })
    const chainId = new Uint8Array(32).fill(9)
    const elsewhere = statesOf({ ...context, chainId }, secrets.nullifierKey, 8000)
    await refuses({ stateBefore: String(elsewhere.stateBefore) })
    const stranger = statesOf(context, secrets.nullifierKey + 1n, 8000)
    await refuses({ stateBefore: String(stranger.stateBefore) })
  })

  it('refuses a level out of range behind S, although it is the one that S has', async () => {
    const past = (levelBp: number): CircuitInput => {
      const scenario = follow({ before: before(9000), thresholdBp: 0, levelBp: 10_000 })
      const { context, secrets } = scenario
      const states = statesOf({ ...context, before: before(levelBp) }, secrets.nullifierKey, 9400)
      const levelBefore = String(levelBp)
      return { ...circuitInputOf(scenario), stateBefore: String(states.stateBefore), levelBefore }
    }
    // The score counts in full, and is what is left: only the range is wrong at 10001.
    const { window, secrets, provenance } = follow({})
    const { scoreBp } = scoreWindow(window, secrets.baseline, provenance)
    expect(scoreBp).toBeGreaterThan(9001)
    const left = statesOf(follow({}).context, secrets.nullifierKey, scoreBp)
    const stateAfter = String(left.stateAfter)
    expect(await accepts({ ...past(10_000), stateAfter })).toBe(true)
    expect(await accepts({ ...past(10_001), stateAfter })).toBe(false)
  })

  it('without a state opens nothing, and takes no level but that of rest', async () => {
    const input = circuitInputOf(follow({ thresholdBp: 0 }))
    expect(await accepts(input)).toBe(true)
    expect(await accepts({ ...input, levelBefore: '9401' })).toBe(false)
    expect(await accepts({ ...input, levelBefore: '9399' })).toBe(false)
  })
})

describe('ZK-1 PRIV-5 clause 4: the quantised score', () => {
  it('claims the floor to 500 and nothing else', async () => {
    const made = testScenario({ seed: 12, scoreMode: 'quantised', thresholdBp: 0 })
    const { window, secrets, provenance } = made
    const { scoreBp } = scoreWindow(window, secrets.baseline, provenance)
    const input = circuitInputOf(made)
    const claims = (threshold: number): Promise<boolean> =>
      accepts({ ...input, threshold: String(threshold) })
    expect(await claims(scoreBp - (scoreBp % 500))).toBe(true)
    // The circuit takes any 500 that the score lies in; whole steps are the verifier's to ask for.
    expect(await claims(scoreBp)).toBe(true)
    expect(await claims(scoreBp - 499)).toBe(true)
    expect(await claims(scoreBp - 500)).toBe(false)
    expect(await claims(scoreBp + 1)).toBe(false)
    expect(await accepts({ ...input, threshold: '0', scoreMode: '0' })).toBe(true)
    expect(await claims(0)).toBe(false)
  })
})

describe('ZK-1 clause 4: the order of the beats', () => {
  it('refuses two that are swapped, under the score of the window as it was', async () => {
    const { window, secrets, provenance } = scenario
    const score = ({ ticks }: Scenario['window']): number =>
      scoreWindow({ ...window, ticks }, secrets.baseline, provenance).scoreBp
    for (const at of [3, 17, 30, 41]) {
      const [left = 0, right = 0] = window.ticks.slice(at, at + 2)
      const swapped = { ...window, ticks: window.ticks.with(at, right).with(at + 1, left) }
      const { stateAfter = '', threshold = '' } = input
      const other = { ...ofWindow(swapped), threshold }
      expect([left === right, score(swapped) === score(window)]).toEqual([false, false])
      expect(await refusedBy(other)).toBeUndefined()
      expect((await refusedBy({ ...other, stateAfter }))?.text).toBe('ownState === stateAfter;')
    }
  })
})

describe('ZK-1 clause 5: the nullifier', () => {
  it.each(['nullifier', 'chainId', 'epoch'])('refuses another %s', async (name) => {
    expect(await change(plusOne(name))).toBe(false)
  })
})

describe('ZK-1 each check of emotional_proof', () => {
  it('was the first to refuse something above', () => {
    expect(idleChecks('emotional_proof')).toEqual([])
  })
})

function lenient(): {
  readonly thresholdBp: number
  readonly baseline: Scenario['secrets']['baseline']
} {
  const { baseline } = testScenario({ seed: 9, window: testWindow({ seed: 9 }) }).secrets
  return { thresholdBp: 0, baseline }
}
