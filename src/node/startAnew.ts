/**
 * The chain of a store, begun again because a restart passed it by (RECOVER-1). What this device
 * signed stays, with keys, notes and what is known of epochs before: it signs nothing twice. What
 * was final above the base of the restart is given up, so only its owner does this.
 */
import { err, ok, type Result } from '../core/base/result.ts'
import type { Genesis } from '../core/codec/state.ts'
import { genesisHash } from '../core/ledger/genesis/genesisAnchor.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import { stateLeaves, stateRoot } from '../core/ledger/state.ts'
import type { Store } from '../ports/store.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'

/** The first epoch that is given up. */
const passedName = 'restart/passed'
/** The owner decided; the next start does it. */
const decidedName = 'restart/start-anew'

/** The epoch that was reached before the chain was dropped. */
const keptName = 'keys/kept-until'
const boundaryPrefix = 'boundary/'

/** By epoch, of blocks that are given up. */
const perEpoch = ['boundary', 'light', 'unexplained', 'restart', 'restart/voters'] as const
/** Of the running epoch, and what was followed or begun beyond it. */
const others = ['restart', 'restart/proven', 'light/newest', 'checkpoint/held'] as const

export type StartAnewError =
  /** No restart passed this node by: its chain is the one that the network follows. */
  { readonly code: 'RESTART_NOT_PASSED' }

export async function notePassed(store: Store, epoch: number): Promise<void> {
  await store.putValue(passedName, encodeHeight(epoch))
}

/** The epoch that was restarted below what is final here; undefined while none was. */
export async function passedEpoch(store: Store): Promise<number | undefined> {
  const value = await store.getValue(passedName)
  return value && decodeHeight(value)
}

/** By the owner alone; durable, and done when the node is opened next. */
export async function decideToStartAnew(store: Store): Promise<Result<undefined, StartAnewError>> {
  if ((await passedEpoch(store)) === undefined) return err({ code: 'RESTART_NOT_PASSED' })
  await store.putValue(decidedName, Uint8Array.of(1))
  return ok(undefined)
}

/** The highest epoch that was reached or followed here, at least `from`. */
async function newestEpoch(store: Store, from: number): Promise<number> {
  const tip = await store.readTip()
  const newest = tip && (await store.readBlock(tip.height))
  const names = await store.listValues(boundaryPrefix)
  const followed = names.map((name) => Number(name.slice(boundaryPrefix.length)) + 1)
  return followed.reduce((left, right) => Math.max(left, right), newest?.epoch ?? from)
}

/**
 * Before a chain is dropped: until the new one has passed the epoch that was reached here, its
 * states do not name the keys that this device holds, and none is erased (EPOCH-3, BFT-10).
 */
export async function keepKeys(store: Store, from = 0): Promise<number> {
  const kept = await keysKeptUntil(store)
  const to = Math.max(kept, await newestEpoch(store, from))
  await store.putValue(keptName, encodeHeight(to))
  return to
}

/** No key is erased in this epoch or before; -1 when no chain was dropped. */
export async function keysKeptUntil(store: Store): Promise<number> {
  const value = await store.getValue(keptName)
  return value === undefined ? -1 : decodeHeight(value)
}

/** Whether the owner decided so. */
export async function isStartAnewDecided(store: Store): Promise<boolean> {
  return (await store.getValue(decidedName)) !== undefined
}

/** A crash in between leaves the decision, so it is done again. */
export async function startAnew(store: Store, genesis: Genesis): Promise<void> {
  const from = (await passedEpoch(store)) ?? 0
  const to = await keepKeys(store, from)
  for (let epoch = from; epoch <= to; epoch += 1) {
    for (const kind of perEpoch) await store.putValue(`${kind}/${String(epoch)}`, undefined)
  }
  for (const name of others) await store.putValue(name, undefined)
  const state = genesisState(genesis)
  const tip = { height: 0, hash: genesisHash(genesis), stateRoot: stateRoot(state) }
  await store.writeSnapshot(tip, stateLeaves(state))
  for (const name of [passedName, decidedName]) await store.putValue(name, undefined)
}
