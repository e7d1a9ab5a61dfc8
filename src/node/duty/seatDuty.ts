/** What the holder of a seat in the running epoch does: it votes, or says why it does not. */
import type { Duty } from '../api.ts'
import type { RunningEpoch } from '../epochRunner.ts'

export function describeSeat(
  { engine, abstains }: RunningEpoch,
  seat: number,
  epoch: number,
): Duty {
  if (abstains !== undefined) return { state: 'abstaining', reason: abstains }
  const { mode } = engine.state
  if (mode.type === 'abstaining') return { state: 'abstaining', reason: mode.reason }
  if (mode.type === 'recovering') return { state: 'abstaining', reason: 'RECOVERING' }
  return { state: 'seated', epoch, seat }
}
