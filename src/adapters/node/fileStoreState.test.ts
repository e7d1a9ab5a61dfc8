import { serialize } from 'node:v8'
import { expect, it } from 'vitest'
import { sortedLeaves } from './fileStoreLeaves.ts'
import { applyOperation, decodeOperations, decodeState, emptyState } from './fileStoreState.ts'
import { valueBytes } from './fileStoreValues.ts'

const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)]
const tip = { height: 1, hash: one, stateRoot: two }

it('reads what was written before leaves and values were packed', () => {
  const leaf = { key: one, value: two }
  const { places, ...before } = emptyState('aa')
  const values = new Map([['name', Uint8Array.of(200, 0, 255)]])
  const old = { ...before, tip, state: new Map([['01', leaf]]), values, keptHeights: [] }
  const state = decodeState(serialize(old))
  expect(sortedLeaves(state.state)).toEqual([leaf])
  expect(state.tip).toEqual(tip)
  expect(valueBytes(state.values.get('name') ?? '')).toEqual(Uint8Array.of(200, 0, 255))
  expect(state.places).toEqual(places)
  const changes = [leaf, { key: two, value: one }]
  const removed = [{ key: one, value: undefined }]
  const written = [
    { kind: 'snapshot', tip, state: changes, blocksFromFile: 0 },
    { kind: 'final', tip, changes: removed },
  ]
  for (const operation of decodeOperations(serialize(written))) applyOperation(state, operation)
  expect(sortedLeaves(state.state)).toEqual([{ key: two, value: one }])
})
