/**
 * What every `Store` must do (BFT-10, SYNC-3). Written without a test framework, so that the same
 * checks run in Node and inside a browser's worker.
 */

import { hex } from '../../src/core/base/bytes.ts'
import {
  StoreFailure,
  type Store,
  type StoredBlock,
  type StoreError,
  type SafetyWrite,
} from '../../src/ports/store.ts'

/** Opens the same store again, after the last one was closed or died. */
export type OpenStore = () => Promise<Store>

export interface StoreCheck {
  readonly name: string
  /** Starts on an empty store of its own; throws when the rule does not hold. */
  readonly run: (open: OpenStore) => Promise<void>
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

function hashOf(height: number): Uint8Array {
  return new Uint8Array(32).fill(height & 255).fill(height >> 8, 0, 1)
}

function block(height: number, bodyBytes = 3): StoredBlock {
  return {
    height,
    epoch: Math.floor(height / 10),
    hash: hashOf(height),
    header: bytes(1, height & 255),
    body: new Uint8Array(bodyBytes).fill(height & 255),
    certificate: bytes(9, 9, height & 255),
    path: height % 2 === 0 ? [] : [bytes(7), bytes(8, 8)],
  }
}

function blocks(from: number, to: number): StoredBlock[] {
  return Array.from({ length: to - from + 1 }, (_, index) => block(from + index))
}

function safety(sequence: number, content: number, slot = 'aa'): SafetyWrite {
  return { slot, sequence, record: bytes(content, content), pending: [] }
}

function show(value: unknown): string {
  // In a list: JSON has no text for an `undefined` that stands alone.
  return JSON.stringify([value], (_, item: unknown) =>
    item instanceof Uint8Array ? `0x${hex(item)}` : item,
  )
}

function same(actual: unknown, expected: unknown, what: string): void {
  if (show(actual) !== show(expected)) {
    throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}`)
  }
}

async function refused(promise: Promise<unknown>, code: StoreError['code']): Promise<StoreError> {
  try {
    await promise
  } catch (error) {
    if (!(error instanceof StoreFailure)) throw error
    same(error.detail.code, code, 'error code')
    return error.detail
  }
  throw new Error(`expected ${code}, but it succeeded`)
}

async function reopened(store: Store, open: OpenStore): Promise<Store> {
  await store.close()
  return open()
}

export const storeChecks: readonly StoreCheck[] = [
  {
    name: 'SYNC-3: a new store is empty and says that it was created',
    async run(open) {
      let store = await open()
      const { id } = store.instance
      same(store.instance.created, true, 'created')
      same(await store.readTip(), undefined, 'tip')
      same(await store.readState(), [], 'state')
      same(await store.readBlock(1), undefined, 'block')
      same(await store.readPending(), [], 'pending')
      same(await store.listSafety(), [], 'slots')
      store = await reopened(store, open)
      same(store.instance, { id, created: false }, 'instance')
      await store.close()
    },
  },
  {
    name: 'SYNC-3: a final batch is there after reopening, blocks, state and tip',
    async run(open) {
      let store = await open()
      await store.writeFinal({
        blocks: blocks(1, 3),
        changes: [
          { key: bytes(2), value: bytes(20) },
          { key: bytes(1), value: bytes(10) },
          { key: bytes(3), value: bytes(30) },
        ],
        stateRoot: bytes(5, 5),
      })
      await store.writeFinal({
        blocks: [block(4, 100_000)],
        changes: [
          { key: bytes(2), value: undefined },
          { key: bytes(1), value: new Uint8Array(0) },
        ],
        stateRoot: bytes(6, 6),
      })
      for (const again of [false, true]) {
        if (again) store = await reopened(store, open)
        same(await store.readTip(), { height: 4, hash: hashOf(4), stateRoot: bytes(6, 6) }, 'tip')
        same(
          await store.readState(),
          [
            { key: bytes(1), value: new Uint8Array(0) },
            { key: bytes(3), value: bytes(30) },
          ],
          'state in key order',
        )
        for (const height of [1, 2, 3]) {
          same(await store.readBlock(height), block(height), `block ${String(height)}`)
        }
        same(await store.readBlock(4), block(4, 100_000), 'large block')
        same(await store.findBlock(hashOf(3)), block(3), 'block by hash')
        same(await store.findBlock(hashOf(99)), undefined, 'unknown hash')
        same(await store.readBlocks(2, 2), blocks(2, 3), 'page of blocks')
        same((await store.readBlocks(0, 100)).length, 4, 'all blocks')
      }
      await store.close()
    },
  },
  {
    name: 'SYNC-4: pruning removes what is below, in steps, and nothing else',
    async run(open) {
      let store = await open()
      for (const height of [1, 5, 9]) {
        await store.writeFinal({
          blocks: blocks(height, height + 3),
          changes: [],
          stateRoot: bytes(height),
        })
      }
      await store.pruneBlocks(3)
      await store.pruneBlocks(2)
      await store.pruneBlocks(10)
      for (const again of [false, true]) {
        if (again) store = await reopened(store, open)
        const heights = (await store.readBlocks(0, 100)).map((one) => one.height)
        same(heights, [10, 11, 12], 'heights left')
        same(await store.findBlock(hashOf(3)), undefined, 'pruned block by hash')
        same(await store.readBlock(9), undefined, 'pruned block')
        same(await store.readBlock(10), block(10), 'kept block')
        same((await store.readTip())?.height, 12, 'tip')
      }
      await store.close()
    },
  },
  {
    name: 'SYNC-4: who reads while blocks are pruned gets those that stay, without a gap',
    async run(open) {
      const store = await open()
      for (const one of blocks(1, 60)) {
        await store.writeFinal({ blocks: [one], changes: [], stateRoot: bytes(1) })
      }
      for (const below of [20, 40, 55]) {
        const reads = Array.from({ length: 12 }, () => store.readBlocks(1, 100))
        const pruned = store.pruneBlocks(below)
        for (const found of await Promise.all(reads)) {
          const heights = found.map((one) => one.height)
          const first = heights[0] ?? 0
          same(
            heights,
            Array.from({ length: 61 - first }, (_, index) => first + index),
            'heights while blocks are pruned',
          )
        }
        await pruned
      }
      same(await store.readBlocks(0, 100), blocks(55, 60), 'blocks left')
      await store.close()
    },
  },
  {
    name: 'SYNC-1: a snapshot replaces state, tip and blocks, and nothing else',
    async run(open) {
      let store = await open()
      await store.writeFinal({
        blocks: blocks(1, 2),
        changes: [{ key: bytes(1), value: bytes(1) }],
        stateRoot: bytes(1),
      })
      await store.writeSafety(safety(1, 1))
      await store.putValue('peers', bytes(4))
      const tip = { height: 50, hash: hashOf(50), stateRoot: bytes(50) }
      await store.writeSnapshot(tip, [{ key: bytes(9), value: bytes(9) }])
      await store.writeFinal({ blocks: blocks(51, 51), changes: [], stateRoot: bytes(51) })
      for (const again of [false, true]) {
        if (again) store = await reopened(store, open)
        same((await store.readTip())?.height, 51, 'tip')
        same(await store.readState(), [{ key: bytes(9), value: bytes(9) }], 'state')
        same(await store.readBlocks(0, 10), blocks(51, 51), 'blocks')
        same(await store.findBlock(hashOf(1)), undefined, 'old block by hash')
        same((await store.readSafety('aa'))?.sequence, 1, 'safety record')
        same(await store.getValue('peers'), bytes(4), 'value')
      }
      await store.close()
    },
  },
  {
    name: 'BFT-10: the newest safety record is there after reopening, with its pending bytes',
    async run(open) {
      let store = await open()
      const pending = [{ hash: hashOf(1), bytes: bytes(1, 2, 3) }]
      await store.writeSafety({ ...safety(1, 1), pending })
      await store.writeSafety({ ...safety(7, 7), pending: [{ hash: hashOf(2), bytes: bytes(4) }] })
      for (const again of [false, true]) {
        if (again) store = await reopened(store, open)
        same(await store.readSafety('aa'), { sequence: 7, record: bytes(7, 7) }, 'record')
        same(await store.readSafety('bb'), undefined, 'other slot')
        same(
          [...(await store.readPending())].sort((a, b) => a.bytes.length - b.bytes.length),
          [{ hash: hashOf(2), bytes: bytes(4) }, ...pending],
          'pending',
        )
      }
      await store.prunePending([hashOf(1), hashOf(9)])
      store = await reopened(store, open)
      same(await store.readPending(), [{ hash: hashOf(2), bytes: bytes(4) }], 'pending left')
      await store.close()
    },
  },
  {
    name: 'BFT-10: an old safety record is refused and changes nothing',
    async run(open) {
      const store = await open()
      await store.writeSafety(safety(5, 5))
      for (const sequence of [5, 4, 0]) {
        const detail = await refused(
          store.writeSafety({
            ...safety(sequence, 1),
            pending: [{ hash: hashOf(1), bytes: bytes(1) }],
          }),
          'SAFETY_RECORD_OLD',
        )
        same(detail, { code: 'SAFETY_RECORD_OLD', stored: 5, offered: sequence }, 'detail')
      }
      same(await store.readSafety('aa'), { sequence: 5, record: bytes(5, 5) }, 'record')
      same(await store.readPending(), [], 'pending of a refused write')
      await store.close()
    },
  },
  {
    name: 'BFT-10: of writes that race, an older one never lands on a newer',
    async run(open) {
      let store = await open()
      const outcomes = await Promise.allSettled(
        [3, 1, 4, 4, 2, 9].map((sequence) => store.writeSafety(safety(sequence, sequence))),
      )
      same(
        outcomes.map((outcome) => outcome.status === 'fulfilled'),
        [true, false, true, false, false, true],
        'outcomes in order',
      )
      store = await reopened(store, open)
      same(await store.readSafety('aa'), { sequence: 9, record: bytes(9, 9) }, 'record')
      await store.close()
    },
  },
  {
    name: 'EPOCH-3: a sealed epoch key lives and dies with its safety slot',
    async run(open) {
      let store = await open()
      await store.createSafety('aa', bytes(1, 1))
      await store.createSafety('bb', bytes(2, 2))
      await refused(store.createSafety('aa', bytes(3, 3)), 'SAFETY_RECORD_OLD')
      same(await store.readSafety('aa'), undefined, 'record of a key that signed nothing')
      await store.writeSafety(safety(0, 1))
      await store.writeSafety(safety(1, 2))
      store = await reopened(store, open)
      same(await store.readSafetyKey('aa'), bytes(1, 1), 'sealed key')
      same((await store.readSafety('aa'))?.sequence, 1, 'record')
      same(await store.listSafety(), ['aa', 'bb'], 'slots')
      await store.eraseSafety('aa')
      store = await reopened(store, open)
      same(await store.readSafetyKey('aa'), undefined, 'erased key')
      same(await store.readSafety('aa'), undefined, 'erased record')
      same(await store.listSafety(), ['bb'], 'slots left')
      await store.close()
    },
  },
  {
    name: 'SYNC-3: named values are replaced and removed',
    async run(open) {
      let store = await open()
      await store.putValue('a', bytes(1))
      await store.putValue('b', bytes(2))
      await store.putValue('a', bytes(3))
      await store.putValue('b', undefined)
      await store.putValue('never', undefined)
      store = await reopened(store, open)
      same(await store.getValue('a'), bytes(3), 'value')
      same(await store.getValue('b'), undefined, 'removed value')
      const large = new Uint8Array(5_000).fill(7)
      await Promise.all([
        store.putValue('c/1', large),
        store.putValue('c/2', bytes(2)),
        store.putValue('c/3', large),
        store.putValue('c/4', large.subarray(0, 1_000)),
      ])
      await store.putValue('c/2', large)
      await store.putValue('c/3', undefined)
      await store.putValue('c/4', bytes(4))
      for (const again of [false, true]) {
        if (again) store = await reopened(store, open)
        same(await store.getValue('c/1'), large, 'large value')
        same(await store.getValue('c/2'), large, 'value that became large')
        same(await store.getValue('c/3'), undefined, 'removed large value')
        same(await store.getValue('c/4'), bytes(4), 'value that became small')
        same([...(await store.listValues('c/'))].sort(), ['c/1', 'c/2', 'c/4'], 'names')
      }
      await store.close()
    },
  },
  {
    name: 'BFT-10: what is stored does not change with the buffers of the caller',
    async run(open) {
      const store = await open()
      const record = bytes(1, 2)
      const value = bytes(5)
      const pruned = hashOf(1)
      const pending = [{ hash: hashOf(1), bytes: bytes(1) }]
      const writes = [
        store.writeSafety({ ...safety(1, 0), record, pending }),
        store.putValue('v', value),
        store.prunePending([pruned]),
      ]
      record.fill(0)
      value.fill(0)
      pruned.fill(0)
      await Promise.all(writes)
      same(await store.readPending(), [], 'pending after its pruning')
      same((await store.readSafety('aa'))?.record, bytes(1, 2), 'record')
      same(await store.getValue('v'), bytes(5), 'value')
      await store.close()
    },
  },
  {
    name: 'SYNC-3: writes that overlap all land',
    async run(open) {
      let store = await open()
      await Promise.all([
        ...Array.from({ length: 20 }, (_, index) =>
          store.putValue(`v${String(index)}`, bytes(index)),
        ),
        store.writeFinal({ blocks: blocks(1, 5), changes: [], stateRoot: bytes(1) }),
        store.writeSafety(safety(1, 1)),
      ])
      store = await reopened(store, open)
      for (let index = 0; index < 20; index += 1) {
        same(await store.getValue(`v${String(index)}`), bytes(index), 'value')
      }
      same((await store.readTip())?.height, 5, 'tip')
      await store.close()
    },
  },
  {
    name: 'SYNC-3: a closed store refuses every call',
    async run(open) {
      const store = await open()
      await store.close()
      await refused(store.readTip(), 'STORAGE_UNAVAILABLE')
      await refused(store.writeSafety(safety(1, 1)), 'STORAGE_UNAVAILABLE')
      await refused(store.putValue('a', bytes(1)), 'STORAGE_UNAVAILABLE')
    },
  },
]
