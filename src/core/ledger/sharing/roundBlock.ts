/**
 * What the time of a block does to the round of its epoch, and what the round gives the boundary
 * (BEACON-1, BEACON-6, BEACON-7).
 */
import { enterBlock } from '../../committee/beacon/enterBlock.ts'
import { outcomeOf, type RoundOutcome } from '../../committee/beacon/outcome.ts'
import { roundTimesOf } from '../../committee/beacon/roundTimes.ts'
import type { Params } from '../../params.ts'
import type { LedgerState } from '../state.ts'
import { roundOf, writePhase } from './roundState.ts'

type Times = Pick<Params, 'epochMs'>

/** Before the transactions of a block. */
export function enterRound(state: LedgerState, params: Times, offsetMs: number): LedgerState {
  const times = roundTimesOf(params)
  if (offsetMs < times.fixMs) return state
  const round = roundOf(state)
  if (round === undefined) return state
  const { phase } = enterBlock(round, times, offsetMs)
  return phase === round.phase ? state : writePhase(state, phase)
}

/** Undefined while a boundary has to wait; without a sharing there is nothing to wait for. */
export function roundOutcome(
  state: LedgerState,
  params: Times,
  offsetMs: number,
): RoundOutcome | undefined {
  const round = roundOf(state)
  if (round === undefined) return { kind: 'fallback' }
  const outcome = outcomeOf(round, roundTimesOf(params), offsetMs)
  return outcome.ok ? outcome.value : undefined
}
