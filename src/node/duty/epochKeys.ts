/**
 * Which epoch keys this device holds, and when each is erased (EPOCH-3): after a stored hand-over,
 * once no committee that may still sign or be drawn names it.
 */
import { hex, mapKey } from '../../core/base/bytes.ts'
import {
  namedVoters,
  nextVotersOf,
  postQuantumVoters,
  restartVoters,
} from '../../core/ledger/checkpoints.ts'
import { list, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { draw, epochRecord, parameters, readyEntries, tip } from '../../core/ledger/tables.ts'
import type { Signer } from '../../ports/signer.ts'
import type { Store } from '../../ports/store.ts'
import { committeeOf } from '../epochEnv.ts'
import { restartSeatName } from '../stakeRestartDesk.ts'
import { keysKeptUntil } from '../startAnew.ts'
import { checkpointSlotName } from './checkpointLease.ts'

/**
 * `unsent` are the keys of proven READYs that wait for their epoch, asked for after the slots: a
 * key that is made meanwhile is in no list, and so is not erased. False while the chain stands
 * still: to be tried again with a later block.
 */
export async function eraseSpentKeys(options: {
  readonly store: Store
  readonly signer: Signer
  readonly state: LedgerState
  readonly unsent: () => readonly string[]
  readonly nowMs: number
}): Promise<boolean> {
  const { store, signer, state, unsent, nowMs } = options
  const { epoch } = readSingle(state, epochRecord)
  // RECOVER-1: the key of a seat that was offered in any attempt may still be named by its record.
  const { restartAfterMs } = readSingle(state, parameters)
  if (nowMs >= readSingle(state, tip).timeMs + restartAfterMs) return false
  // The chain was begun anew: this state is older than what the keys were made and drawn for.
  if (epoch <= (await keysKeptUntil(store))) return true
  const seats = [epoch, epoch + 1].flatMap((one) => committeeOf(state, one)?.seats ?? [])
  const slots = await store.listSafety()
  const checkpoints = await checkpointKeys(store, state, signer)
  const entries = [...seats, ...readSingle(state, draw).seats, ...list(state, readyEntries)]
  const needed = new Set([
    ...entries.map((entry) => hex(entry.epochKey)),
    ...unsent(),
    ...checkpoints,
  ])
  for (const slot of slots) {
    if (!needed.has(slot)) await signer.eraseEpochKey(slot)
  }
  return true
}

/**
 * CKPT-1: a key is needed while it is the newest, or a set names it that still signs; so is the key
 * of the seat that was offered last (RECOVER-1).
 */
async function checkpointKeys(
  store: Store,
  state: LedgerState,
  { identity }: Signer,
): Promise<readonly string[]> {
  const newest = await store.getValue(checkpointSlotName)
  const own = mapKey(identity)
  const seat = await store.getValue(restartSeatName)
  const sets = [namedVoters, postQuantumVoters, nextVotersOf, restartVoters].map((of) => of(state))
  const voters = sets.flatMap((set) => set?.voters ?? [])
  const named = voters.filter(({ account }) => mapKey(account) === own).map(({ key }) => hex(key))
  const single = [newest, seat].flatMap((slot) => (slot === undefined ? [] : hex(slot)))
  return [...named, ...single]
}
