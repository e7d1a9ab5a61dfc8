/** Whether a node that was given this checkpoint may go on (CKPT-1, SYNC-1). */
import { err, ok, type Result } from '../core/base/result.ts'
import { anchorIsTooOld, type HeldCheckpoint } from '../core/checkpoint/held.ts'
import { readSingle } from '../core/ledger/state.ts'
import { parameters } from '../core/ledger/tables.ts'
import type { Chain } from './chain.ts'

export interface GivenAnchorError {
  /** Older than half of the unbonding time: ask somebody whom you trust for a newer one. */
  readonly code: 'CHECKPOINT_ANCHOR_OLD'
  readonly timeMs: number
}

/** One that the own chain has passed is not looked at: it may stand in a configuration for long. */
export function checkGivenAnchor(
  { content }: HeldCheckpoint,
  chain: Pick<Chain, 'epoch' | 'tip'>,
  nowMs: number,
): Result<undefined, GivenAnchorError> {
  const { timeMs, epoch } = content
  const { unbondingMs } = readSingle(chain.tip.state, parameters)
  const isOld = epoch >= chain.epoch && anchorIsTooOld(timeMs, { nowMs, unbondingMs })
  return isOld ? err({ code: 'CHECKPOINT_ANCHOR_OLD', timeMs }) : ok(undefined)
}
