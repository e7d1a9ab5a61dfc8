/**
 * Who may restart an epoch, with the proof of it, in the store of a node: for those who follow
 * headers alone across a restart by stake (RECOVER-1, SYNC-2). The proof is of the state before a
 * boundary, which nobody holds later, so it is kept from the boundary on; the set stands beside it
 * once the epoch was restarted.
 */
import { proveRestartVoters, withVoters } from '../core/chain/restartVoters.ts'
import { RestartVoters } from '../core/codec/restart.ts'
import { restartVoters } from '../core/ledger/checkpoints.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { chainInfo } from '../core/ledger/tables.ts'
import type { Store } from '../ports/store.ts'

/** Of the running epoch, without the set. */
const provenName = 'restart/proven'
const nameOf = (epoch: number): string => `restart/voters/${String(epoch)}`

export class RestartVotersShelf {
  readonly #store: Pick<Store, 'getValue' | 'putValue'>

  constructor(store: Pick<Store, 'getValue' | 'putValue'>) {
    this.#store = store
  }

  /** `before` is the state on which boundary(epoch) stands. */
  async noteBoundary(before: LedgerState, epoch: number): Promise<void> {
    if (readSingle(before, chainInfo).devnet !== undefined) return
    const proven = proveRestartVoters(before, epoch + 1)
    await this.#store.putValue(provenName, proven && RestartVoters.encode(proven))
  }

  /** The epoch was restarted; `state` names its voters, all through it. */
  async noteRestart(state: LedgerState, epoch: number): Promise<void> {
    const stored = await this.#store.getValue(provenName)
    const set = restartVoters(state)
    if (stored === undefined || set === undefined) return
    const proven = RestartVoters.decode(stored)
    // Who began with a snapshot at that boundary did not execute it.
    if (proven.epoch === epoch) await this.put(epoch, withVoters(proven, set))
  }

  /** Exact bytes of a RestartVoters that was verified. */
  async put(epoch: number, bytes: Uint8Array): Promise<void> {
    await this.#store.putValue(nameOf(epoch), bytes)
  }

  /** Undefined for an epoch that was not restarted, and where it is not held. */
  of(epoch: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf(epoch))
  }
}
