/** Whether circuit, core and oracle say the same of a window and the level before (FIT-4). */

import { followedLevel, type Followed, type Level } from '../../src/core/emotion/continuity.ts'
import { scoreWindow } from '../../src/core/emotion/score.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf } from '../../src/core/emotion/statement.ts'
import { windowSums } from '../../src/core/emotion/sums.ts'
import { checkWindow } from '../../src/core/emotion/window.ts'
import { calculateWitness } from '../../workers/prover/groth16/witness.ts'
import { wasm as compiler, type WasmModule } from '../../workers/lib/wasm/platform.ts'
import { oracleAccepts, oracleFollowed, oracleScore } from './oracle.ts'
import type { WindowCase } from './windows.ts'

/** The compiled circuit: says whether a statement with this threshold has a witness. */
export interface CircuitUnderTest {
  accepts(one: WindowCase, thresholdBp: number): boolean
}

/** `signalCount` as the proving key has it. */
export async function circuitUnderTest(
  wasm: Uint8Array<ArrayBuffer>,
  signalCount: number,
): Promise<CircuitUnderTest> {
  const module: WasmModule = await compiler.compile(wasm)
  return {
    accepts(one, thresholdBp) {
      // The state that it leaves is the core's, and the circuit has to find the same.
      const { seed, window, baseline, provenance } = one
      const before = levelBefore(one)
      const scenario = testScenario({
        ...{ seed, window, baseline, provenance, thresholdBp, epoch },
        ...(before === undefined ? {} : { before }),
      })
      const made = calculateWitness(module, circuitInputOf(scenario), signalCount)
      if (!made.ok && made.error.code !== 'WITNESS_REFUSED') throw new Error(made.error.reason)
      return made.ok
    },
  }
}

/** Served by each statement; its credential lasts longer. */
const epoch = 141

function levelBefore({ before }: WindowCase): Level | undefined {
  return before && { levelBp: before.levelBp, epoch: epoch - 1 - before.missed }
}

export interface Agreement {
  /** Windows with a score that all three know; the others all three refuse. */
  readonly scored: number
  readonly refused: number
  readonly scoresSeen: number
  /** What differed, by the seed that makes the window again. */
  readonly disagreements: readonly string[]
}

/** The greatest threshold that the circuit accepts is the score that counts. */
export function compared(circuit: CircuitUnderTest, cases: Iterable<WindowCase>): Agreement {
  const disagreements: string[] = []
  const scores = new Set<number>()
  let [scored, refused] = [0, 0]
  for (const one of cases) {
    const core = coreFollowed(one)
    const oracle = oracleOf(one)
    if (core?.countedBp !== oracle?.countedBp || core?.levelBp !== oracle?.levelBp) {
      const [found, expected] = [core, oracle].map((each) => JSON.stringify(each))
      disagreements.push(`seed ${one.seed}: core ${String(found)}, oracle ${String(expected)}`)
    }
    const { countedBp } = core ?? {}
    const holds =
      countedBp === undefined
        ? !circuit.accepts(one, 0)
        : circuit.accepts(one, countedBp) &&
          (countedBp === 10_000 || !circuit.accepts(one, countedBp + 1))
    if (!holds) disagreements.push(`seed ${one.seed}: core ${String(countedBp)}, not the circuit`)
    if (countedBp === undefined) refused += 1
    else {
      scored += 1
      scores.add(countedBp)
    }
  }
  return { scored, refused, scoresSeen: scores.size, disagreements }
}

/** Undefined for a window that clause 1 or 3 refuses. */
function coreFollowed(one: WindowCase): Followed | undefined {
  const { window, baseline, provenance } = one
  if (!checkWindow(window).ok || windowSums(window).pairCount === 0) return undefined
  const { scoreBp } = scoreWindow(window, baseline, provenance)
  return followedLevel(scoreBp, epoch, levelBefore(one))
}

function oracleOf({ window, baseline, provenance, before }: WindowCase): Followed | undefined {
  if (!oracleAccepts(window)) return undefined
  const score = oracleScore(window, baseline, provenance === 'camera')
  return score === undefined ? undefined : oracleFollowed(score, before)
}
