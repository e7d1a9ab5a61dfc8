/** What a node shows to those who follow checkpoints (CKPT-1, SYNC-1), from what it keeps. */
import { equalBytes } from '../core/base/bytes.ts'
import { checkpointEpochOf } from '../core/checkpoint/schedule.ts'
import { readHeader } from '../core/chain/certified.ts'
import { SyncResponse } from '../core/codec/chain.ts'
import type { CheckpointRequest, CheckpointResponse } from '../core/codec/checkpoint.ts'
import { readSingle } from '../core/ledger/state.ts'
import { parameters } from '../core/ledger/tables.ts'
import type { Chain } from './chain.ts'
import type { CheckpointShelf } from './checkpointShelf.ts'
import { pageOf } from './shownBoundaries.ts'

/** Empty where it is not held: others may have it. */
export async function showFormed(
  chain: Chain,
  shelf: CheckpointShelf,
  { above, heldRoot, boundaryOf }: CheckpointRequest,
): Promise<Partial<CheckpointResponse>> {
  if (boundaryOf > 0) return showBoundary(chain, shelf, boundaryOf)
  const next = await shelf.after(above)
  const root = await shelf.rootOf(above)
  if (next === undefined || root === undefined) return {}
  const checkpoint = await shelf.formed(next)
  if (checkpoint === undefined) return {}
  if (equalBytes(root, heldRoot)) return { checkpoint }
  const named = await shelf.voters(root)
  return named === undefined ? {} : { checkpoint, named }
}

async function showBoundary(
  chain: Chain,
  shelf: CheckpointShelf,
  number: number,
): Promise<Partial<CheckpointResponse>> {
  const epoch = checkpointEpochOf(number, readSingle(chain.tip.state, parameters))
  const shown = await chain.boundaries.at(epoch)
  const committee = await shelf.committee(number)
  const read = shown && readHeader(shown.block.header)
  if (shown === undefined || committee === undefined || read?.ok !== true) return {}
  const tipHeight = read.value.header.height
  const page = { ...pageOf([shown]), tipHeight, lowestHeight: 0 }
  return { boundary: SyncResponse.encode(page), committee }
}
