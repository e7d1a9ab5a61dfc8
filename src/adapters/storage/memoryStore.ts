/**
 * `Store` in memory, for the simulator and for tests (BFT-10 is then only as durable as the
 * process). The disk outlives the store, so that a simulated node can crash and start again.
 */

import { compareBytes, hex } from '../../core/base/bytes.ts'
import {
  StoreFailure,
  type SafetyWrite,
  type StateChange,
  type Store,
  type StoredBlock,
  type StoredTip,
  type StoreInstance,
} from '../../ports/store.ts'

interface SafetySlot {
  readonly sequence: number
  readonly record: Uint8Array | undefined
  readonly sealedKey: Uint8Array | undefined
}

interface KeyedBytes {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** What is on the disk; maps are keyed by the hex of hash or key. */
export interface MemoryDisk {
  readonly id: string
  opened: boolean
  tip: StoredTip | undefined
  readonly blocks: Map<number, StoredBlock>
  readonly heights: Map<string, number>
  readonly state: Map<string, KeyedBytes>
  readonly safety: Map<string, SafetySlot>
  readonly pending: Map<string, KeyedBytes>
  readonly values: Map<string, Uint8Array>
}

export function createMemoryDisk(id = '00'): MemoryDisk {
  return {
    id,
    opened: false,
    tip: undefined,
    blocks: new Map(),
    heights: new Map(),
    state: new Map(),
    safety: new Map(),
    pending: new Map(),
    values: new Map(),
  }
}

export function openMemoryStore(disk: MemoryDisk = createMemoryDisk()): Store {
  const instance: StoreInstance = { id: disk.id, created: !disk.opened }
  disk.opened = true
  let closed = false
  /** The work is synchronous, so each call is atomic; its outcome arrives as a promise. */
  const run = <T>(work: () => T): Promise<T> => {
    if (closed) {
      return Promise.reject(new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason: 'closed' }))
    }
    try {
      return Promise.resolve(work())
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return {
    instance,
    readTip: () => run(() => disk.tip),
    readState: () => run(() => sortedState(disk)),
    writeFinal: (batch) =>
      run(() => {
        for (const block of batch.blocks) putBlock(disk, block)
        for (const change of batch.changes) putState(disk, change)
        const last = batch.blocks.at(-1)
        if (last === undefined) return
        disk.tip = copyTip({ height: last.height, hash: last.hash, stateRoot: batch.stateRoot })
      }),
    writeSnapshot: (tip, state) =>
      run(() => {
        disk.blocks.clear()
        disk.heights.clear()
        disk.state.clear()
        for (const change of state) putState(disk, change)
        disk.tip = copyTip(tip)
      }),
    readBlock: (height) => run(() => disk.blocks.get(height)),
    readBlocks: (fromHeight, countMax) => run(() => readBlocks(disk, fromHeight, countMax)),
    findBlock: (hash) => run(() => disk.blocks.get(disk.heights.get(hex(hash)) ?? -1)),
    pruneBlocks: (belowHeight) => run(() => pruneBlocks(disk, belowHeight)),
    createSafety: (slot, sealedKey) => run(() => createSafety(disk, slot, sealedKey)),
    readSafetyKey: (slot) => run(() => disk.safety.get(slot)?.sealedKey),
    listSafety: () => run(() => [...disk.safety.keys()].sort()),
    writeSafety: (write) => run(() => writeSafety(disk, write)),
    readSafety: (slot) => run(() => readSafety(disk, slot)),
    readPending: () =>
      run(() => [...disk.pending.values()].map(({ key, value }) => ({ hash: key, bytes: value }))),
    prunePending: (hashes) =>
      run(() => {
        for (const hash of hashes) disk.pending.delete(hex(hash))
      }),
    eraseSafety: (slot) =>
      run(() => {
        disk.safety.delete(slot)
      }),
    getValue: (name) => run(() => disk.values.get(name)),
    putValue: (name, value) =>
      run(() => {
        if (value === undefined) disk.values.delete(name)
        else disk.values.set(name, value.slice())
      }),
    listValues: (prefix) =>
      run(() => [...disk.values.keys()].filter((name) => name.startsWith(prefix))),
    close() {
      closed = true
      return Promise.resolve()
    },
  }
}

function copyTip(tip: StoredTip): StoredTip {
  return { height: tip.height, hash: tip.hash.slice(), stateRoot: tip.stateRoot.slice() }
}

function putBlock(disk: MemoryDisk, block: StoredBlock): void {
  const replaced = disk.blocks.get(block.height)
  if (replaced !== undefined) disk.heights.delete(hex(replaced.hash))
  disk.blocks.set(block.height, {
    height: block.height,
    epoch: block.epoch,
    hash: block.hash.slice(),
    header: block.header.slice(),
    body: block.body.slice(),
    certificate: block.certificate.slice(),
    path: block.path.map((header) => header.slice()),
  })
  disk.heights.set(hex(block.hash), block.height)
}

function putState(disk: MemoryDisk, change: StateChange): void {
  const key = hex(change.key)
  if (change.value === undefined) disk.state.delete(key)
  else disk.state.set(key, { key: change.key.slice(), value: change.value.slice() })
}

function sortedState(disk: MemoryDisk): readonly KeyedBytes[] {
  return [...disk.state.values()].sort((left, right) => compareBytes(left.key, right.key))
}

function readBlocks(disk: MemoryDisk, fromHeight: number, countMax: number): StoredBlock[] {
  return [...disk.blocks.values()]
    .filter((block) => block.height >= fromHeight)
    .sort((left, right) => left.height - right.height)
    .slice(0, countMax)
}

function pruneBlocks(disk: MemoryDisk, belowHeight: number): void {
  for (const block of [...disk.blocks.values()]) {
    if (block.height >= belowHeight) continue
    disk.blocks.delete(block.height)
    disk.heights.delete(hex(block.hash))
  }
}

function createSafety(disk: MemoryDisk, slot: string, sealedKey: Uint8Array): void {
  refuseOld(disk.safety.get(slot), 0)
  disk.safety.set(slot, { sequence: 0, record: undefined, sealedKey: sealedKey.slice() })
}

function writeSafety(disk: MemoryDisk, write: SafetyWrite): void {
  const stored = disk.safety.get(write.slot)
  if (stored?.record !== undefined) refuseOld(stored, write.sequence)
  disk.safety.set(write.slot, {
    sequence: write.sequence,
    record: write.record.slice(),
    sealedKey: stored?.sealedKey,
  })
  for (const { hash, bytes } of write.pending) {
    disk.pending.set(hex(hash), { key: hash.slice(), value: bytes.slice() })
  }
}

function readSafety(
  disk: MemoryDisk,
  slot: string,
): { readonly sequence: number; readonly record: Uint8Array } | undefined {
  const stored = disk.safety.get(slot)
  if (stored?.record === undefined) return undefined
  return { sequence: stored.sequence, record: stored.record }
}

function refuseOld(stored: SafetySlot | undefined, offered: number): void {
  if (stored === undefined || offered > stored.sequence) return
  throw new StoreFailure({ code: 'SAFETY_RECORD_OLD', stored: stored.sequence, offered })
}
