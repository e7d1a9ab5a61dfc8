/**
 * The enrolment tree in the state (STATE-2): a Poseidon tree of depth 20 whose nodes are leaves of
 * the state tree, so that a change costs 20 hashes and a restart costs none.
 *
 * Proofs are made against the root of a past boundary. The changes of the last epochs are kept with
 * the value before, so a path under such a root is rebuilt from the newest state alone.
 */
import { poseidon2 } from 'poseidon-lite/poseidon2'
import { assert } from '../base/assert.ts'
import type { EnrolmentChange, Validator } from '../codec/state.ts'
import type { EnrolmentPath } from '../emotion/enrolmentTree.ts'
import { bytesToInteger, fieldToBytes } from '../emotion/field.ts'
import { protocol } from '../params.ts'
import { read, readSingle, remove, write, writeSingle, type LedgerState } from './state.ts'
import { enrolmentChanges, enrolmentMeta, enrolmentNodes } from './tables.ts'

const depth = protocol.enrolmentDepth
export const enrolmentLeavesMax = 1 << depth

const emptyHashes: readonly bigint[] = buildEmptyHashes()

export function enrolmentRoot(state: LedgerState): bigint {
  return nodeAt(state, depth, 0)
}

export function enrolmentRootBytes(state: LedgerState): Uint8Array {
  return fieldToBytes(enrolmentRoot(state))
}

/** Appends a leaf; undefined when the tree is full. */
export function addLeaf(
  state: LedgerState,
  leaf: bigint,
  boundaryEpoch: number,
): { readonly state: LedgerState; readonly index: number } | undefined {
  const meta = readSingle(state, enrolmentMeta)
  const index = meta.nextIndex
  if (index >= enrolmentLeavesMax) return undefined
  const counted = writeSingle(state, enrolmentMeta, { ...meta, nextIndex: index + 1 })
  const change = { index, leaf, boundaryEpoch, credentialExpiryBefore: 0 }
  return { state: setLeaf(counted, change), index }
}

export interface LeafChange {
  readonly index: number
  /** 0n clears the leaf. */
  readonly leaf: bigint
  /** The first boundary whose root has it. */
  readonly boundaryEpoch: number
  /** Of the credential that the leaf held until now (LIVE-6). */
  readonly credentialExpiryBefore: number
}

/** Writes one leaf. */
export function setLeaf(state: LedgerState, change: LeafChange): LedgerState {
  const { index, leaf, boundaryEpoch, credentialExpiryBefore } = change
  const meta = readSingle(state, enrolmentMeta)
  const before = fieldToBytes(nodeAt(state, 0, index))
  const logged = write(state, enrolmentChanges, meta.changesTo, {
    boundaryEpoch,
    index,
    before,
    credentialExpiryBefore,
  })
  const next = writeSingle(logged, enrolmentMeta, { ...meta, changesTo: meta.changesTo + 1 })
  return replace(next, index, leaf)
}

/** A leaf of the genesis: no path before it is ever asked for. */
export function seedLeaf(state: LedgerState, index: number, leaf: bigint): LedgerState {
  return replace(state, index, leaf)
}

/** Siblings of a leaf from the leaf up, and the root they lead to, as of this state. */
export function enrolmentPath(
  state: LedgerState,
  leafIndex: number,
): EnrolmentPath & { readonly root: bigint } {
  return pathIn((level, index) => nodeAt(state, level, index), leafIndex)
}

/** The same under the root that boundary(boundaryEpoch) carries; it must be a recent one. */
export function enrolmentPathAt(
  state: LedgerState,
  leafIndex: number,
  boundaryEpoch: number,
): EnrolmentPath & { readonly root: bigint } {
  const past = pastNodes(state, boundaryEpoch)
  return pathIn((level, index) => past[level]?.get(index) ?? nodeAt(state, level, index), leafIndex)
}

type NodeAt = (level: number, index: number) => bigint

function pathIn(node: NodeAt, leafIndex: number): EnrolmentPath & { readonly root: bigint } {
  assert(leafIndex >= 0 && leafIndex < enrolmentLeavesMax, 'a leaf index is below 2^20')
  const siblings: bigint[] = []
  for (let level = 0; level < depth; level += 1) {
    siblings.push(node(level, (leafIndex >> level) ^ 1))
  }
  return { leafIndex, siblings, root: node(depth, 0) }
}

/** Nodes by level and index that were others under the root of a boundary. */
type PastNodes = readonly ReadonlyMap<number, bigint>[]

/** By state and boundary: whoever asks for paths, they are made once a block. */
const pastOfStates = new WeakMap<LedgerState, Map<number, PastNodes>>()

function pastNodes(state: LedgerState, boundaryEpoch: number): PastNodes {
  const known = pastOfStates.get(state) ?? new Map<number, PastNodes>()
  pastOfStates.set(state, known)
  const found = known.get(boundaryEpoch) ?? makePastNodes(state, boundaryEpoch)
  known.set(boundaryEpoch, found)
  return found
}

/** One hash for each node above changed leaves, however many changes lie below it. */
function makePastNodes(state: LedgerState, boundaryEpoch: number): PastNodes {
  // Newest first: of several changes of a leaf the oldest says what it was.
  let below = new Map(
    changesAfter(state, boundaryEpoch).map(({ index, before }) => [index, bytesToInteger(before)]),
  )
  const levels = [below]
  for (let level = 0; level < depth; level += 1) {
    const nodes = below
    const node = (index: number): bigint => nodes.get(index) ?? nodeAt(state, level, index)
    const parents = new Set([...nodes.keys()].map((index) => index >> 1))
    below = new Map(
      [...parents].map((index) => [index, poseidon2([node(2 * index), node(2 * index + 1)])]),
    )
    levels.push(below)
  }
  return levels
}

/** Expiry of the credential in a validator's leaf under that root (LIVE-6). */
export function credentialExpiryAt(
  state: LedgerState,
  validator: Pick<Validator, 'enrolmentIndex' | 'credentialExpiry'>,
  boundaryEpoch: number,
): number {
  return changesAfter(state, boundaryEpoch)
    .filter(({ index }) => index === validator.enrolmentIndex)
    .reduce((_, change) => change.credentialExpiryBefore, validator.credentialExpiry)
}

/** What that root does not have yet, newest first. */
function changesAfter(state: LedgerState, boundaryEpoch: number): readonly EnrolmentChange[] {
  const meta = readSingle(state, enrolmentMeta)
  const changes: EnrolmentChange[] = []
  for (let sequence = meta.changesTo - 1; sequence >= meta.changesFrom; sequence -= 1) {
    const change = read(state, enrolmentChanges, sequence)
    if (change === undefined || change.boundaryEpoch <= boundaryEpoch) break
    changes.push(change)
  }
  return changes
}

/** Forgets changes that no proof can need any more. */
export function pruneEnrolmentChanges(state: LedgerState, epoch: number): LedgerState {
  const meta = readSingle(state, enrolmentMeta)
  let from = meta.changesFrom
  let pruned = state
  for (; from < meta.changesTo; from += 1) {
    const change = read(state, enrolmentChanges, from)
    if (change !== undefined && change.boundaryEpoch + protocol.enrolmentLagEpochs + 1 > epoch)
      break
    pruned = remove(pruned, enrolmentChanges, from)
  }
  return from === meta.changesFrom
    ? state
    : writeSingle(pruned, enrolmentMeta, { ...meta, changesFrom: from })
}

function replace(state: LedgerState, index: number, leaf: bigint): LedgerState {
  let next = writeNode(state, 0, index, leaf)
  let value = leaf
  for (let level = 0; level < depth; level += 1) {
    const place = index >> level
    const sibling = nodeAt(next, level, place ^ 1)
    value = (place & 1) === 0 ? poseidon2([value, sibling]) : poseidon2([sibling, value])
    next = writeNode(next, level + 1, place >> 1, value)
  }
  return next
}

function nodeAt(state: LedgerState, level: number, index: number): bigint {
  const node = read(state, enrolmentNodes, { level, index })
  return node === undefined ? emptyHash(level) : bytesToInteger(node.value)
}

/** Empty nodes are not stored, so that the leaves of the state depend on the tree alone. */
function writeNode(state: LedgerState, level: number, index: number, value: bigint): LedgerState {
  const place = { level, index }
  return value === emptyHash(level)
    ? remove(state, enrolmentNodes, place)
    : write(state, enrolmentNodes, place, { value: fieldToBytes(value) })
}

function emptyHash(level: number): bigint {
  const value = emptyHashes[level]
  assert(value !== undefined, 'a level lies within the tree')
  return value
}

function buildEmptyHashes(): readonly bigint[] {
  const hashes = [0n]
  for (let level = 0; level < depth; level += 1) {
    const below = hashes[level] ?? 0n
    hashes.push(poseidon2([below, below]))
  }
  return hashes
}
