/** What executing a transaction may look at besides the state: one value for a whole block. */
import type { Header } from '../codec/chain.ts'
import type { ChainInfo } from '../codec/state.ts'
import type { Params } from '../params.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import type { LedgerEnv } from './env.ts'
import { readSingle, type LedgerState } from './state.ts'
import { chainInfo, parameters } from './tables.ts'

export interface BlockContext {
  readonly derived: DerivedHeader
  readonly timeMs: number
  readonly params: Params
  readonly chain: ChainInfo
  /** Account that gets the fees; undefined outside a block. */
  readonly proposer: Uint8Array | undefined
  readonly env: LedgerEnv
}

export function blockContext(
  state: LedgerState,
  derived: DerivedHeader,
  header: Pick<Header, 'timeMs'> & { readonly seat?: number },
  env: LedgerEnv,
): BlockContext {
  const seat = header.seat === undefined ? undefined : derived.committee.seats[header.seat]
  return {
    derived,
    timeMs: header.timeMs,
    params: readSingle(state, parameters),
    chain: readSingle(state, chainInfo),
    proposer: seat?.validator,
    env,
  }
}

/** The first boundary whose root has a change made in this block (STATE-3). */
export function boundaryOfChanges(context: BlockContext): number {
  const { epoch, isBoundary } = context.derived
  return isBoundary ? epoch + 1 : epoch
}
