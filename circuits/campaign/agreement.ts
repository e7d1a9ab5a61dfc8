/** Whether circuit, core and oracle say the same of a window (FIT-4). */

import { scoreWindow } from '../../src/core/emotion/score.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { circuitInputOf } from '../../src/core/emotion/statement.ts'
import { windowSums } from '../../src/core/emotion/sums.ts'
import { checkWindow } from '../../src/core/emotion/window.ts'
import { calculateWitness } from '../../workers/prover/groth16/witness.ts'
import { wasm as compiler, type WasmModule } from '../../workers/lib/wasm/platform.ts'
import { oracleAccepts, oracleScore } from './oracle.ts'
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
    accepts({ seed, window, baseline, provenance }, thresholdBp) {
      const scenario = testScenario({ seed, window, baseline, provenance, thresholdBp })
      const made = calculateWitness(module, circuitInputOf(scenario), signalCount)
      if (!made.ok && made.error.code !== 'WITNESS_REFUSED') throw new Error(made.error.reason)
      return made.ok
    },
  }
}

export interface Agreement {
  /** Windows with a score that all three know; the others all three refuse. */
  readonly scored: number
  readonly refused: number
  readonly scoresSeen: number
  /** What differed, by the seed that makes the window again. */
  readonly disagreements: readonly string[]
}

/** The greatest threshold that the circuit accepts is its score. */
export function compared(circuit: CircuitUnderTest, cases: Iterable<WindowCase>): Agreement {
  const disagreements: string[] = []
  const scores = new Set<number>()
  let [scored, refused] = [0, 0]
  for (const one of cases) {
    const core = coreScore(one)
    const oracle = oracleOf(one)
    if (core !== oracle) {
      disagreements.push(`seed ${one.seed}: core ${String(core)}, oracle ${String(oracle)}`)
    }
    const holds =
      core === undefined
        ? !circuit.accepts(one, 0)
        : circuit.accepts(one, core) && (core === 10_000 || !circuit.accepts(one, core + 1))
    if (!holds) disagreements.push(`seed ${one.seed}: core ${String(core)}, not the circuit`)
    if (core === undefined) refused += 1
    else {
      scored += 1
      scores.add(core)
    }
  }
  return { scored, refused, scoresSeen: scores.size, disagreements }
}

/** Undefined for a window that clause 1 refuses. */
function coreScore({ window, baseline, provenance }: WindowCase): number | undefined {
  if (!checkWindow(window).ok || windowSums(window).pairCount === 0) return undefined
  return scoreWindow(window, baseline, provenance).scoreBp
}

function oracleOf({ window, baseline, provenance }: WindowCase): number | undefined {
  if (!oracleAccepts(window)) return undefined
  return oracleScore(window, baseline, provenance === 'camera')
}
