/**
 * The state of the ledger (STATE-1): typed leaves in one persistent sparse Merkle tree.
 *
 * A leaf's key is its table's byte and 31 bytes of the hash of its id, so that a table is a subtree
 * and has a fixed order. A state never changes what it says: a write gives a new one that shares
 * the rest. Writes wait beside the tree until somebody asks for the whole of it, and then go into
 * it in one pass. Decoded values are kept beside their bytes; they must not be modified.
 */
import { assert } from '../base/assert.ts'
import { equalBytes, mapKey } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { VersionedMap } from '../base/versionedMap.ts'
import { decodeStrict, type MessageCodec } from '../codec/strict.ts'
import type { StateProof } from '../codec/state.ts'
import { hash } from '../crypto/hash.ts'
import {
  smtChanges,
  smtGet,
  smtKeyBytes,
  smtLeaves,
  smtRoot,
  smtSet,
  type SmtChange,
  type SmtLeaf,
  type SmtTree,
} from '../crypto/smt.ts'
import { smtProve } from '../crypto/smtProof.ts'
import { smtUpdate, type SmtWrite } from '../crypto/smtUpdate.ts'

/** Leaves of one type; `Id` is `undefined` for a single leaf. */
export interface Table<Id, V> {
  readonly byte: number
  readonly codec: MessageCodec<V>
  readonly idBytes: (id: Id) => Uint8Array
}

export type Single<V> = Table<undefined, V>

/** What is known of a leaf above the tree; a value goes back to where it was found. */
export interface Place<V> {
  /** By table and id: what waits is kept under it. */
  readonly name: string
  readonly key: Uint8Array
  /** `undefined` for no leaf. */
  readonly value: V | undefined
  readonly codec: { encode(value: never): Uint8Array }
  /** Of a value that waits; not of one that was only read in the tree. */
  readonly isWritten: boolean
}

type Entry = Place<unknown>

/** Made by the functions below; nobody else looks at what waits. */
export class LedgerState {
  #below: SmtTree
  #waiting: VersionedMap<Entry> | undefined

  constructor(below: SmtTree, waiting?: VersionedMap<Entry>) {
    this.#below = below
    this.#waiting = waiting
  }

  /** The whole: what waits goes into the tree once, and the state keeps the outcome. */
  get tree(): SmtTree {
    if (this.#waiting !== undefined) {
      this.#below = smtUpdate(this.#below, [...this.#waiting.values()].flatMap(writeOf))
      this.#waiting = undefined
    }
    return this.#below
  }

  read<Id, V>(table: Table<Id, V>, id: Id): V | undefined {
    if (this.#waiting === undefined) return readLeaf(this.#below, table, keyOf(table, id))
    return this.find(table, id).value
  }

  find<Id, V>(table: Table<Id, V>, id: Id): Place<V> {
    const name = nameOf(table, id)
    const known = this.#waiting?.get(name)
    if (known !== undefined) return known as Place<V>
    const key = keyOf(table, id)
    const value = readLeaf(this.#below, table, key)
    const found = { name, key, value, codec: table.codec, isWritten: false }
    this.#waiting?.note(name, found)
    return found
  }

  /** `undefined` removes the leaf. */
  write<Id, V>(table: Table<Id, V>, id: Id, value: V | undefined): LedgerState {
    const waiting = this.#waiting ?? VersionedMap.empty<Entry>()
    const name = nameOf(table, id)
    const key = waiting.get(name)?.key ?? keyOf(table, id)
    const entry = { name, key, value, codec: table.codec, isWritten: true }
    return new LedgerState(this.#below, waiting.set(name, entry))
  }

  writeAll(places: readonly Entry[]): LedgerState {
    const waiting = this.#waiting ?? VersionedMap.empty<Entry>()
    const names = places.map(({ name }) => name)
    return new LedgerState(this.#below, waiting.setAll(names, places))
  }
}

export const emptyState: LedgerState = new LedgerState(undefined)

/** Keys of the tables with a single leaf, by table. */
const singleKeys = new Map<number, Uint8Array>()

/** Names are put together here: one piece of text is looked up sooner than two that are joined. */
const nameScratch = new Uint8Array(64)
const accountName = nameScratch.subarray(0, 33)

/** No leaf comes near this: a bound for what is read from a store or a snapshot. */
const leafBytesMax = 1024 * 1024

export function keyOf<Id, V>(table: Table<Id, V>, id: Id): Uint8Array {
  const bytes = table.idBytes(id)
  const known = bytes.length === 0 ? singleKeys.get(table.byte) : undefined
  if (known !== undefined) return known
  const key = hash('smtKey', Uint8Array.of(table.byte), bytes)
  key.copyWithin(1, 0, smtKeyBytes - 1)
  key[0] = table.byte
  if (bytes.length === 0) singleKeys.set(table.byte, key)
  return key
}

export function read<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): V | undefined {
  return state.read(table, id)
}

/** A single leaf that every state since genesis has. */
export function readSingle<V>(state: LedgerState, table: Single<V>): V {
  const value = read(state, table, undefined)
  assert(value !== undefined, 'every state since genesis has its single leaves')
  return value
}

/** `value` is encoded later: it must not be modified from now on. */
export function write<Id, V>(
  state: LedgerState,
  table: Table<Id, V>,
  id: Id,
  value: V,
): LedgerState {
  return state.write(table, id, value)
}

/** Looks a value up once, to read it and to write it. */
export function find<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): Place<V> {
  return state.find(table, id)
}

/** The place with another value, to be written. */
export function withValue<V>(place: Place<V>, value: V): Place<V> {
  const { name, key, codec } = place
  return { name, key, value, codec, isWritten: true }
}

/** Writes what `withValue` gave of this state or of one before it, all places different. */
export function writeAll(state: LedgerState, places: readonly Place<unknown>[]): LedgerState {
  return state.writeAll(places)
}

export function writeSingle<V>(state: LedgerState, table: Single<V>, value: V): LedgerState {
  return write(state, table, undefined, value)
}

export function remove<Id, V>(state: LedgerState, table: Table<Id, V>, id: Id): LedgerState {
  return state.write(table, id, undefined)
}

/** All values of a table in the order of their keys, which is the same on every node. */
export function list<Id, V>(state: LedgerState, table: Table<Id, V>): readonly V[] {
  return smtLeaves(state.tree, table.byte).map((leaf) => valueOf(table, leaf))
}

export function clear<Id, V>(state: LedgerState, table: Table<Id, V>): LedgerState {
  const { tree } = state
  const gone = smtLeaves(tree, table.byte).map(({ key }) => ({ key, value: undefined }))
  return new LedgerState(smtUpdate(tree, gone))
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
  return changesOf(before, after).map(({ key, value }) => ({ key, value }))
}

/** Values of one table that differ between two states. */
export function changedValues<Id, V>(
  before: LedgerState,
  after: LedgerState,
  table: Table<Id, V>,
): readonly { readonly before: V | undefined; readonly after: V | undefined }[] {
  return changesOf(before, after)
    .filter(({ key }) => key[0] === table.byte)
    .map((change) => ({
      before: change.before && valueOf(table, change.before),
      after: change.after && valueOf(table, change.after),
    }))
}

interface KnownChanges {
  readonly from: SmtTree
  readonly to: SmtTree
  readonly changes: readonly SmtChange[]
}

/** Of the last few trees: execution asks twice, and the store once more when the block is final. */
const known: KnownChanges[] = []
const knownMax = 4

function changesOf(before: LedgerState, after: LedgerState): readonly SmtChange[] {
  const [from, to] = [before.tree, after.tree]
  const found = known.find((entry) => entry.from === from && entry.to === to)
  if (found !== undefined) return found.changes
  const changes = smtChanges(from, to)
  known.push({ from, to, changes })
  if (known.length > knownMax) known.shift()
  return changes
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
    ? ok(new LedgerState(tree))
    : err({ code: 'STATE_ROOT_MISMATCH' as const, root: found })
}

export function stateLeaves(state: LedgerState): readonly Leaf[] {
  return smtLeaves(state.tree)
}

function writeOf({ key, value, codec, isWritten }: Entry): readonly SmtWrite[] {
  if (!isWritten) return []
  const bytes = value === undefined ? undefined : codec.encode(value as never)
  return [{ key, value: bytes, decoded: value }]
}

/** The table and the id as text that a map can look up, a character a byte. */
function nameOf<Id, V>(table: Table<Id, V>, id: Id): string {
  const bytes = table.idBytes(id)
  if (bytes.length >= nameScratch.length) return mapKey(Uint8Array.of(table.byte, ...bytes))
  nameScratch[0] = table.byte
  nameScratch.set(bytes, 1)
  return mapKey(bytes.length === 32 ? accountName : nameScratch.subarray(0, 1 + bytes.length))
}

function readLeaf<Id, V>(tree: SmtTree, table: Table<Id, V>, key: Uint8Array): V | undefined {
  const leaf = smtGet(tree, key)
  return leaf === undefined ? undefined : valueOf(table, leaf)
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
