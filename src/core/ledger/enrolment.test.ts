import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as reference from '../emotion/enrolmentTree.ts'
import { protocol } from '../params.ts'
import {
  addLeaf,
  enrolmentPath,
  enrolmentPathAt,
  enrolmentRoot,
  pruneEnrolmentChanges,
  setLeaf,
} from './enrolment.ts'
import { emptyState, list, stateRoot, writeSingle, type LedgerState } from './state.ts'
import { enrolmentChanges, enrolmentMeta } from './tables.ts'

const start = writeSingle(emptyState, enrolmentMeta, { nextIndex: 0, changesFrom: 0, changesTo: 0 })

/** Each entry writes `leaf` at `index`, first seen by boundary `epoch`. */
const changes = fc.array(
  fc.record({
    index: fc.constantFrom(0, 1, 5, (1 << 20) - 1),
    leaf: fc.bigInt({ min: 0n, max: 99n }),
  }),
  { maxLength: 5 },
)

describe('STATE-2 enrolment tree in the state', () => {
  it('is the tree that proofs are made with', () => {
    fc.assert(
      fc.property(changes, (writes) => {
        let state = start
        let tree = reference.emptyEnrolmentTree
        for (const { index, leaf } of writes) {
          state = setLeaf(state, { index, leaf, boundaryEpoch: 0, credentialExpiryBefore: 0 })
          tree = reference.setLeaf(tree, index, leaf)
        }
        expect(enrolmentRoot(state)).toBe(tree.root)
        const { siblings, root } = enrolmentPath(state, 5)
        expect(siblings).toEqual(reference.pathOf(tree, 5).siblings)
        expect(root).toBe(tree.root)
      }),
      { numRuns: 5 },
    )
  })

  it('gives paths under the roots of past boundaries', () => {
    fc.assert(
      fc.property(changes, (writes) => {
        let state = start
        const past: LedgerState[] = []
        for (const [epoch, { index, leaf }] of writes.entries()) {
          state = setLeaf(state, { index, leaf, boundaryEpoch: epoch, credentialExpiryBefore: 0 })
          past.push(state)
        }
        for (const [epoch, then] of past.entries()) {
          expect(enrolmentPathAt(state, 1, epoch)).toEqual(enrolmentPath(then, 1))
        }
      }),
      { numRuns: 5 },
    )
  })

  it('gives everybody a path from a state with hundreds of changes, each node hashed once', () => {
    const leafOf = (index: number, epoch: number): bigint => BigInt(1000 * epoch + index + 1)
    let state = start
    for (let index = 0; index < 60; index += 1) {
      state = addLeaf(state, leafOf(index, 3), 3)?.state ?? state
    }
    const past = state
    // Twice each, and new ones between them.
    for (let change = 0; change < 240; change += 1) {
      const index = change % 60
      const leaf = leafOf(index, 4 + (change >> 7))
      const written = { index, leaf, boundaryEpoch: 4, credentialExpiryBefore: 0 }
      state = setLeaf(state, written)
      if (change % 4 === 0) state = addLeaf(state, leaf, 5)?.state ?? state
    }
    const root = enrolmentRoot(past)
    for (let index = 0; index < 60; index += 1) {
      const path = enrolmentPathAt(state, index, 3)
      expect(path).toEqual(enrolmentPath(past, index))
      expect(path.root).toBe(root)
      expect(reference.rootFromPath(leafOf(index, 3), path)).toBe(root)
    }
  })

  it('appends leaves one after the other and forgets changes that are too old', () => {
    const first = addLeaf(start, 11n, 4)
    const second = first && addLeaf(first.state, 12n, 5)
    expect([first?.index, second?.index]).toEqual([0, 1])
    const state = second?.state ?? start
    const kept = 4 + protocol.enrolmentLagEpochs
    expect(list(pruneEnrolmentChanges(state, kept), enrolmentChanges).length).toBe(2)
    const pruned = pruneEnrolmentChanges(state, kept + 1)
    expect(list(pruned, enrolmentChanges).length).toBe(1)
    expect(enrolmentPathAt(pruned, 0, 4)).toEqual(enrolmentPath(first?.state ?? start, 0))
  })

  it('a cleared leaf leaves no trace in the tree', () => {
    const set = setLeaf(start, { index: 3, leaf: 9n, boundaryEpoch: 1, credentialExpiryBefore: 0 })
    const cleared = setLeaf(set, {
      index: 3,
      leaf: 0n,
      boundaryEpoch: 1,
      credentialExpiryBefore: 0,
    })
    expect(enrolmentRoot(cleared)).toBe(reference.emptyEnrolmentTree.root)
    expect(stateRoot(cleared)).not.toEqual(stateRoot(start))
  })
})
