/**
 * Scenarios, seeds and committee sizes at random until enough views are simulated. A run that fails
 * is named with its seed, and stays as a test (failingSeeds.test.ts).
 */
import { seededRandom } from './base/random.ts'
import { scenarios } from './scenarios/all.ts'
import { randomFaults } from './scenarios/randomFaults.ts'
import { samplingScenarios } from './scenarios/sampling.ts'

export interface CampaignResult {
  readonly views: number
  readonly runs: number
  readonly seeds: number
  readonly byScenario: Readonly<Record<string, number>>
  readonly failures: readonly {
    readonly name: string
    readonly seed: number
    readonly seats: number
    readonly text: string
  }[]
}

/** The draws have no views, and their own tests. */
const inViews = scenarios.filter((one) => !samplingScenarios.includes(one))

/** Small committees cost least; 7, 13 and 21 are where F is 2, 4 and 6; 21 is what serves. */
const sizes = [4, 4, 4, 4, 4, 5, 6, 7, 7, 7, 7, 7, 7, 7, 10, 13, 13, 21, 21, 21] as const

/** One run in so many draws its faults too. */
const randomEvery = 3

export function campaign(
  options: { readonly views: number; readonly seed: number },
  say: (line: string) => void,
): CampaignResult {
  const random = seededRandom(options.seed).fork(17)
  const failures: CampaignResult['failures'][number][] = []
  const byScenario: Record<string, number> = {}
  let [views, runs] = [0, 0]
  for (; views < options.views; runs += 1) {
    const isRandom = random.below(randomEvery) === 0
    const { name, run } = isRandom ? randomFaults : random.pick(inViews)
    const seats = random.pick(sizes)
    const seed = options.seed * 100_000 + runs
    const outcome = run({ seed, seats })
    views += outcome.views
    byScenario[name] = (byScenario[name] ?? 0) + 1
    const [text] = outcome.failures
    if (text !== undefined) {
      failures.push({ name, seed, seats, text })
      say(`FAIL ${name} --committee ${String(seats)} --seed ${String(seed)}: ${text}`)
    }
    if (runs % 50 === 49) say(`${String(views)} views, ${String(runs + 1)} runs`)
  }
  return { views, runs, seeds: runs, byScenario, failures }
}
