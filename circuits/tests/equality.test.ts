/** The circuit's score and constants are those of src/core/emotion, to the last bit (FIT-4). */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { baselineBounds, type Baseline } from '../../src/core/emotion/baseline.ts'
import { followedLevel, type Level } from '../../src/core/emotion/continuity.ts'
import { clamp } from '../../src/core/emotion/integers.ts'
import { lnExponentTable, lnMantissaTable } from '../../src/core/emotion/lnSqrt.ts'
import { scoreWindow, type Score } from '../../src/core/emotion/score.ts'
import { baselineOf, testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf } from '../../src/core/emotion/statement.ts'
import { seededGenerator, testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import { checkWindow, type RrWindow } from '../../src/core/emotion/window.ts'
import { projectRoot } from './artifacts.fixture.ts'
import { prepareCircuits } from './prepared.fixture.ts'
import { accepts } from './witness.fixture.ts'

const seedCount = 60
const epoch = 141

prepareCircuits()

interface Case {
  readonly seed: number
  readonly window: RrWindow
  readonly baseline: Baseline
  readonly provenance: 'strap' | 'camera'
  readonly before: Level | undefined
}

/** Windows of all rates, spreads and trends, with random marks, against near and far baselines. */
function caseOf(seed: number): Case {
  const next = seededGenerator(seed * 7919 + 1)
  const range = (least: number, most: number): number => least + (next() % (most - least + 1))
  const within = ([least, most]: readonly [number, number]): number => range(least, most)
  const window = testWindow({
    seed,
    meanTicks: range(520, 1500),
    waveTicks: range(0, 60),
    noiseTicks: range(0, 40),
    driftTicks: range(-60, 60),
  })
  const marked = new Set(Array.from({ length: range(0, 8) }, () => range(0, window.ticks.length)))
  const marks = window.ticks.map((_, index) => marked.has(index))
  const own = baselineOf(window)
  const near = (value: number, spread: number, field: keyof Baseline): number => {
    const [least, most]: readonly [number, number] = baselineBounds[field]
    return clamp(value + range(-spread, spread), least, most)
  }
  const baseline: Baseline = {
    restHrCentiBpm: near(own.restHrCentiBpm, 2000, 'restHrCentiBpm'),
    hrSigmaCentiBpm: within(baselineBounds.hrSigmaCentiBpm),
    lnRmssdQ16: near(own.lnRmssdQ16, 150_000, 'lnRmssdQ16'),
    lnRmssdSigmaQ16: within(baselineBounds.lnRmssdSigmaQ16),
  }
  const provenance = seed % 3 === 0 ? 'camera' : 'strap'
  const level = { levelBp: range(0, 10_000), epoch: epoch - 1 - range(0, seed % 94) }
  const before = seed % 2 === 0 ? undefined : level
  return { seed, window: { ...window, marks }, baseline, provenance, before }
}

const cases = Array.from({ length: seedCount }, (_, seed) => caseOf(seed))
const scoreOf = ({ window, baseline, provenance }: Case): Score =>
  scoreWindow(window, baseline, provenance)

describe('FIT-4 the score of the circuit', () => {
  it('is tested on windows that reach both ends of every part', () => {
    for (const { window } of cases) expect(checkWindow(window).ok).toBe(true)
    const scores = cases.map(scoreOf)
    expect(scores.some(({ hrZ }) => hrZ === -30_000)).toBe(true)
    expect(scores.some(({ hrZ }) => hrZ === 10_000)).toBe(true)
    expect(scores.some(({ lnRmssdZ }) => lnRmssdZ === -30_000)).toBe(true)
    expect(scores.some(({ lnRmssdZ }) => lnRmssdZ === 10_000)).toBe(true)
    expect(scores.some(({ stabilityBp }) => stabilityBp < 5000)).toBe(true)
    expect(new Set(scores.map(({ scoreBp }) => scoreBp)).size).toBeGreaterThan(seedCount / 2)
  })

  // The greatest threshold that the circuit accepts is what counts.
  it.each(cases)('FIT-3 counts for as much as in the core, seed $seed', async (one) => {
    const { seed, before, ...rest } = one
    const { countedBp } = followedLevel(scoreOf(one).scoreBp, epoch, before)
    const at = (thresholdBp: number): Promise<boolean> => {
      const options = { seed, ...rest, thresholdBp, epoch }
      const scenario = testScenario(before === undefined ? options : { ...options, before })
      return accepts(circuitInputOf(scenario))
    }
    expect(await at(countedBp)).toBe(true)
    expect(await at(Math.min(countedBp + 1, 10_000))).toBe(countedBp === 10_000)
  })

  it('has the tables of the core', () => {
    const text = readFileSync(`${projectRoot}/circuits/lib/ln_sqrt.circom`, 'utf8')
    const table = (name: string): readonly number[] => {
      const body = new RegExp(`function ${name}\\(\\) \\{\\s+return \\[([^\\]]*)\\]`).exec(text)
      return (body?.[1] ?? '').split(',').map(Number)
    }
    expect(table('lnMantissaTable')).toEqual([...lnMantissaTable])
    expect(table('lnExponentTable')).toEqual([...lnExponentTable])
  })
})
