import { serialize } from 'node:v8'
import { expect, it } from 'vitest'
import { sortedLeaves } from './fileStoreLeaves.ts'
import { applyOperation, decodeOperations, decodeState, emptyState } from './fileStoreState.ts'

const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)]
const tip = { height: 1, hash: one, stateRoot: two }

it('reads what was written before leaves were packed', () => {
  const leaf = { key: one, value: two }
  const old = { ...emptyState('aa'), tip, state: new Map([['01', leaf]]) }
  const state = decodeState(serialize(old))
  expect(sortedLeaves(state.state)).toEqual([leaf])
  expect(state.tip).toEqual(tip)
  const changes = [leaf, { key: two, value: one }]
  const removed = [{ key: one, value: undefined }]
  const written = [
    { kind: 'snapshot', tip, state: changes, blocksFromFile: 0 },
    { kind: 'final', tip, changes: removed },
  ]
  for (const operation of decodeOperations(serialize(written))) applyOperation(state, operation)
  expect(sortedLeaves(state.state)).toEqual([{ key: two, value: one }])
})
