/**
 * Whether a snapshot would replace what is final here (RECOVER-1, BFT-7): a restart below the own
 * tip, or other final blocks beside the own ones. Only the owner gives those up.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { readHeader } from '../core/chain/certified.ts'
import type { ShownBoundary } from '../core/chain/lightClient.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { chainInfo } from '../core/ledger/tables.ts'
import type { Chain } from './chain.ts'

export interface PassedBy {
  readonly epoch: number
  /** Height of the block that the network goes on from, when it was shown. */
  readonly baseHeight: number | undefined
}

/** By the boundary of the running epoch, which was verified from the own hand-over on. */
export async function passedByBoundary(
  chain: Chain,
  shown: ShownBoundary,
): Promise<PassedBy | undefined> {
  const { epoch } = chain
  const opening = shown.restart && (await otherAt(chain, shown.restart.header))
  if (opening !== undefined) return { epoch, baseHeight: opening - 1 }
  const boundary = await otherAt(chain, shown.block.header)
  return boundary === undefined ? undefined : { epoch, baseHeight: undefined }
}

/**
 * Of a snapshot whose boundaries nobody holds any more: its state names the last restart alone, so
 * one in the running epoch or a later one may have passed this node by.
 */
export function passedByState(chain: Chain, state: LedgerState): PassedBy | undefined {
  const own = readSingle(chain.tip.state, chainInfo)
  const theirs = readSingle(state, chainInfo)
  const { epoch } = chain
  const isSame =
    own.restartEpoch === theirs.restartEpoch && own.restartAttempt === theirs.restartAttempt
  const isLater = theirs.restartAttempt > 0 && theirs.restartEpoch >= epoch
  return isLater && !isSame ? { epoch, baseHeight: undefined } : undefined
}

/** The height of that header, when another block is final here at it. */
async function otherAt(chain: Chain, bytes: Uint8Array): Promise<number | undefined> {
  const read = readHeader(bytes)
  if (!read.ok) return undefined
  const { hash, header } = read.value
  const { height } = header
  const { tip } = chain
  if (height > tip.height) return undefined
  const own = height === tip.height ? tip.hash : (await chain.store.readBlock(height))?.hash
  return own !== undefined && equalBytes(own, hash) ? undefined : height
}
