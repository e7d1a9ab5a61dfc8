/** ARC-3: an account with its Merkle path under a root that a certified header carries. */

import { Account, StateProof } from '../../src/core/codec/state.ts'
import { keyOf, proveLeaf, read, stateRoot } from '../../src/core/ledger/state.ts'
import { accounts } from '../../src/core/ledger/tables.ts'
import type { StateWitness } from '../api/context.ts'
import type { ReplayPoint } from './replay.ts'

/** `undefined` before the first block since the start. */
export function witnessAccount(point: ReplayPoint, id: Uint8Array): StateWitness | undefined {
  const { provable, height } = point
  if (provable === undefined) return undefined
  const account = read(provable, accounts, id)
  return {
    height,
    stateRoot: stateRoot(provable),
    key: keyOf(accounts, id),
    value: account === undefined ? undefined : Account.encode(account),
    proof: StateProof.encode(proveLeaf(provable, accounts, id)),
  }
}
