/**
 * What the journal of the file store says, in memory: everything but blocks and longer values, of
 * which it has the places. This module is the only reader and writer of the journal and its
 * checkpoint, so their format is V8's own structured clone.
 */

import { deserialize, serialize } from 'node:v8'
import { hex } from '../../core/base/bytes.ts'
import type { StateChange, StoredTip } from '../../ports/store.ts'
import { applyPacked, packChanges, type Leaves } from './fileStoreLeaves.ts'
import { valueText, type ValuePlace } from './fileStoreValues.ts'

interface KeyedBytes {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

interface SafetySlot {
  readonly sequence: number
  readonly record: Uint8Array | undefined
  readonly sealedKey: Uint8Array | undefined
}

export interface NodeState {
  readonly id: string
  tip: StoredTip | undefined
  readonly state: Leaves
  readonly safety: Map<string, SafetySlot>
  /** Keyed by hex. */
  readonly pending: Map<string, KeyedBytes>
  /** Short ones, a character a byte: an array for each would cost four times as much. */
  readonly values: Map<string, string>
  /** Where the others are. */
  readonly places: Map<string, ValuePlace>
  /** Block files before this one belong to before a snapshot. */
  blocksFromFile: number
  /** Blocks below this height are gone. */
  prunedBelow: number
}

export type Operation =
  /** Changes and states as `packChanges` packs them. */
  | { readonly kind: 'final'; readonly tip: StoredTip; readonly changes: Uint8Array }
  | {
      readonly kind: 'snapshot'
      readonly tip: StoredTip
      readonly state: Uint8Array
      readonly blocksFromFile: number
    }
  | { readonly kind: 'prune'; readonly belowHeight: number }
  | { readonly kind: 'createSafety'; readonly slot: string; readonly sealedKey: Uint8Array }
  | {
      readonly kind: 'safety'
      readonly slot: string
      readonly sequence: number
      readonly record: Uint8Array
      readonly pending: readonly KeyedBytes[]
    }
  | { readonly kind: 'eraseSafety'; readonly slot: string }
  | { readonly kind: 'prunePending'; readonly hashes: readonly string[] }
  | { readonly kind: 'value'; readonly name: string; readonly value: Uint8Array | undefined }
  | { readonly kind: 'placed'; readonly name: string; readonly place: ValuePlace }

export function emptyState(id: string): NodeState {
  return {
    id,
    tip: undefined,
    state: new Map(),
    safety: new Map(),
    pending: new Map(),
    values: new Map(),
    places: new Map(),
    blocksFromFile: 0,
    prunedBelow: 0,
  }
}

export function encodeState(state: NodeState): Buffer {
  return serialize(state)
}

/** The bytes carried a good check: they are what this module wrote. */
export function decodeState(bytes: Buffer): NodeState {
  const written = deserialize(bytes) as WrittenState
  const { places = new Map<string, ValuePlace>() } = written
  return { ...written, state: leavesOf(written.state), values: textsOf(written.values), places }
}

export function encodeOperations(operations: readonly Operation[]): Buffer {
  return serialize(operations)
}

export function decodeOperations(bytes: Buffer): readonly Operation[] {
  return (deserialize(bytes) as readonly WrittenOperation[]).map(packed)
}

// Earlier each leaf and each value had its own arrays: such files read as those of today.

type KeyedLeaves = Map<string, KeyedBytes>
type Unpacked<T, Name extends string, As> = Omit<T, Name> & Readonly<Record<Name, As>>
type WrittenOperation =
  | Operation
  | Unpacked<Extract<Operation, { kind: 'final' }>, 'changes', readonly StateChange[]>
  | Unpacked<Extract<Operation, { kind: 'snapshot' }>, 'state', readonly StateChange[]>

interface WrittenState extends Omit<NodeState, 'state' | 'values' | 'places'> {
  readonly state: Leaves | KeyedLeaves
  readonly values: ReadonlyMap<string, string | Uint8Array>
  readonly places?: Map<string, ValuePlace>
}

function leavesOf(written: Leaves | KeyedLeaves): Leaves {
  const [first] = written.values()
  if (first === undefined || typeof first === 'string') return written as Leaves
  const leaves: Leaves = new Map()
  applyPacked(leaves, packChanges([...(written as KeyedLeaves).values()]))
  return leaves
}

function textsOf(written: WrittenState['values']): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [name, value] of written) {
    texts.set(name, typeof value === 'string' ? value : valueText(value))
  }
  return texts
}

function packed(operation: WrittenOperation): Operation {
  if (operation.kind === 'final') {
    const { changes } = operation
    return { ...operation, changes: changes instanceof Uint8Array ? changes : packChanges(changes) }
  }
  if (operation.kind !== 'snapshot') return operation
  const { state } = operation
  return { ...operation, state: state instanceof Uint8Array ? state : packChanges(state) }
}

export function applyOperation(state: NodeState, operation: Operation): void {
  switch (operation.kind) {
    case 'final':
      applyPacked(state.state, operation.changes)
      state.tip = operation.tip
      return
    case 'snapshot':
      state.state.clear()
      applyPacked(state.state, operation.state)
      state.tip = operation.tip
      state.blocksFromFile = operation.blocksFromFile
      state.prunedBelow = 0
      return
    case 'prune':
      state.prunedBelow = Math.max(state.prunedBelow, operation.belowHeight)
      return
    case 'createSafety':
      state.safety.set(operation.slot, {
        sequence: 0,
        record: undefined,
        sealedKey: copied(operation.sealedKey),
      })
      return
    case 'safety':
      applySafety(state, operation)
      return
    case 'eraseSafety':
      state.safety.delete(operation.slot)
      return
    case 'prunePending':
      for (const hash of operation.hashes) state.pending.delete(hash)
      return
    case 'value':
      state.places.delete(operation.name)
      if (operation.value === undefined) state.values.delete(operation.name)
      else state.values.set(operation.name, valueText(operation.value))
      return
    case 'placed':
      state.values.delete(operation.name)
      state.places.set(operation.name, operation.place)
      return
  }
}

function applySafety(state: NodeState, operation: Operation & { readonly kind: 'safety' }): void {
  state.safety.set(operation.slot, {
    sequence: operation.sequence,
    record: copied(operation.record),
    sealedKey: state.safety.get(operation.slot)?.sealedKey,
  })
  for (const { key, value } of operation.pending) {
    state.pending.set(hex(key), { key: copied(key), value: copied(value) })
  }
}

/** What was read back is a view into its whole frame, which would stay in memory with it. */
function copied(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes)
}
