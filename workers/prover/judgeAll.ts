/** Verdicts of proofs that are checked together, also where checking itself gives out (ZK-7). */

import { err } from '../../src/core/base/result.ts'
import type { ProverOutcome, VerifyTask } from './protocol.ts'

/**
 * One outcome for each task, in their order. What throws for many is tried again one by one: the
 * verdict of a proof must not depend on what it was checked with.
 */
export async function judgeAll(
  tasks: readonly VerifyTask[],
  verifyAll: (together: readonly VerifyTask[]) => Promise<readonly ProverOutcome[]>,
): Promise<readonly ProverOutcome[]> {
  try {
    return await verifyAll(tasks)
  } catch (error) {
    if (tasks.length < 2) return tasks.map(() => crashOutcome(error))
  }
  const outcomes: ProverOutcome[] = []
  for (const task of tasks) outcomes.push(...(await judgeAll([task], verifyAll)))
  return outcomes
}

export function crashOutcome(error: unknown): ProverOutcome {
  return err({ code: 'PROVER_CRASHED', reason: String(error).slice(0, 200) })
}
