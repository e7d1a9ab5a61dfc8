/** A strap's window and a camera's beats of the same heart, from a seed. Test support. */

import { testScenario, type Scenario, type ScenarioOptions } from '../emotion/statement.fixture.ts'
import { seededGenerator } from '../emotion/testWindows.fixture.ts'
import { beatTimes } from './secondBeats.ts'

export interface TwoScenario extends Scenario {
  /** Ticks from the window's start. */
  readonly secondBeats: readonly number[]
}

export interface TwoScenarioOptions extends ScenarioOptions {
  readonly lagTicks?: number
  /** Of one beat, either way. */
  readonly jitterTicks?: number
}

/** Every beat seen by both, and two of the camera's before and behind the window. */
export function twoScenario(options: TwoScenarioOptions): TwoScenario {
  const scenario = testScenario({ provenance: 'strap+camera', ...options })
  const late = beatTimes(scenario.window)
  return { ...scenario, secondBeats: cameraBeats(late, options) }
}

/** The beats of `late` as a camera has them: earlier by the lag, each a little off. */
export function cameraBeats(
  late: readonly number[],
  options: { readonly seed: number; readonly lagTicks?: number; readonly jitterTicks?: number },
): readonly number[] {
  const { seed, lagTicks = 1500, jitterTicks = 30 } = options
  const next = seededGenerator(seed ^ 0xca3e4a)
  const [first = 0, last = 0] = [late[0], late.at(-1)]
  const longer = [first - 1800, first - 900, ...late, last + 900, last + 1800]
  return longer.map((at) => at - lagTicks + (next() % (2 * jitterTicks + 1)) - jitterTicks)
}
