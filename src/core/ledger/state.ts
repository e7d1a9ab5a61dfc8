/**
 * The state of the ledger (STATE-1): typed leaves in one persistent sparse Merkle tree.
 *
 * A leaf's key is its table's byte and 31 bytes of the hash of its id, so that a table is a subtree
 * and has a fixed order. A state is never changed: a write gives a new one that shares the rest.
 * Decoded values are kept beside their bytes; they must not be modified.
 */
import { assert } from '../base/assert.ts'
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { decodeStrict, type MessageCodec } from '../codec/strict.ts'
import type { StateProof } from '../codec/state.ts'
import { hash } from '../crypto/hash.ts'
import {
  smtChanges,
  smtDelete,
  smtGet,
  smtKeyBytes,
  smtLeaves,
  smtRoot,
  smtSet,
  type SmtLeaf,
  type SmtTree,
} from '../crypto/smt.ts'
import { smtProve } from '../crypto/smtProof.ts'

export interface LedgerState {
  readonly tree: SmtTree
}

/** Leaves of one type; `Id` is `undefined` for a single leaf. */
export interface Table<Id, V> {
  readonly byte: number
  readonly codec: MessageCodec<V>
  readonly idBytes: (id: Id) => Uint8Array
}

export type Single<V> = Table<undefined, V>

export const emptyState: LedgerState = { tree: undefined }

/** No leaf comes near this: a bound for what is read from a store or a snapshot. */
const leafBytesMax = 1024 * 1024

export function keyOf<Id, V>(table: Table<Id, V>, id: Id): Uint8Array {
  const key = hash('smtKey', Uint8Array.of(table.byte), table.idBytes(id)).slice()
  key.copyWithin(1, 0, smtKeyBytes - 1)
  key[0] = table.byte
  return key
}

export function read<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): V | undefined {
  const leaf = smtGet(state.tree, keyOf(table, id))
  return leaf === undefined ? undefined : valueOf(table, leaf)
}

/** A single leaf that every state since genesis has. */
export function readSingle<V>(state: LedgerState, table: Single<V>): V {
  const value = read(state, table, undefined)
  assert(value !== undefined, 'every state since genesis has its single leaves')
  return value
}

export function write<Id, V>(
  state: LedgerState,
  table: Table<Id, V>,
  id: Id,
  value: V,
): LedgerState {
  const bytes = table.codec.encode(value)
  return { tree: smtSet(state.tree, keyOf(table, id), bytes, value) }
}

export function writeSingle<V>(state: LedgerState, table: Single<V>, value: V): LedgerState {
  return write(state, table, undefined, value)
}

export function remove<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): LedgerState {
  return { tree: smtDelete(state.tree, keyOf(table, id)) }
}

/** All values of a table in the order of their keys, which is the same on every node. */
export function list<Id, V>(state: LedgerState, table: Table<Id, V>): readonly V[] {
  return smtLeaves(state.tree, table.byte).map((leaf) => valueOf(table, leaf))
}

export function clear<Id, V>(state: LedgerState, table: Table<Id, V>): LedgerState {
  const leaves = smtLeaves(state.tree, table.byte)
  return { tree: leaves.reduce<SmtTree>((tree, leaf) => smtDelete(tree, leaf.key), state.tree) }
}

export function stateRoot(state: LedgerState): Uint8Array {
  return smtRoot(state.tree)
}

/** Proves the leaf of `id`, or that there is none; `smtVerify` checks it against a root. */
export function proveLeaf<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): StateProof {
  return smtProve(state.tree, keyOf(table, id))
}

export interface LeafChange {
  readonly key: Uint8Array
  readonly value: Uint8Array | undefined
}

/** Leaves to write or remove to get from one state to the next, for the store. */
export function changesBetween(before: LedgerState, after: LedgerState): readonly LeafChange[] {
  return smtChanges(before.tree, after.tree).map(({ key, value }) => ({ key, value }))
}

/** Values of one table that differ between two states. */
export function changedValues<Id, V>(
  before: LedgerState,
  after: LedgerState,
  table: Table<Id, V>,
): readonly { readonly before: V | undefined; readonly after: V | undefined }[] {
  return smtChanges(before.tree, after.tree)
    .filter((change) => change.key[0] === table.byte)
    .map((change) => ({
      before: change.before && valueOf(table, change.before),
      after: change.after && valueOf(table, change.after),
    }))
}

export type StateLoadError =
  /** A leaf is not one of a state tree. Fetch it again from elsewhere. */
  | { readonly code: 'STATE_LEAF_INVALID' }
  /** The leaves are not those of this root. Fetch the state again, or replay the blocks. */
  | { readonly code: 'STATE_ROOT_MISMATCH'; readonly root: Uint8Array }

export interface Leaf {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** Rebuilds a state from a store or a snapshot and checks it against the root that is trusted. */
export function stateFromLeaves(
  leaves: Iterable<Leaf>,
  root: Uint8Array,
): Result<LedgerState, StateLoadError> {
  let tree: SmtTree
  for (const { key, value } of leaves) {
    if (key.length !== smtKeyBytes || value.length > leafBytesMax) {
      return err({ code: 'STATE_LEAF_INVALID' })
    }
    tree = smtSet(tree, key, value)
  }
  const found = smtRoot(tree)
  return equalBytes(found, root)
    ? ok({ tree })
    : err({ code: 'STATE_ROOT_MISMATCH' as const, root: found })
}

export function stateLeaves(state: LedgerState): readonly Leaf[] {
  return smtLeaves(state.tree)
}

function valueOf<Id, V>(table: Table<Id, V>, leaf: SmtLeaf): V {
  if (leaf.decoded === undefined) {
    // The root is checked before a leaf is read: what does not decode was never written by us.
    const decoded = decodeStrict(table.codec, leaf.value, leafBytesMax)
    assert(decoded.ok, 'a leaf under a trusted root decodes')
    leaf.decoded = decoded.value
  }
  return leaf.decoded as V
}
