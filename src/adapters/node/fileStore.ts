/**
 * `Store` of a validator in Node (BFT-10, SYNC-3): files, crash safe.
 *
 * Writes that arrive while others are on their way to the disk share the next frame and its sync. A
 * promise resolves after the sync; the data is visible to reads from then on.
 */

import { hex } from '../../core/base/bytes.ts'
import { copyStoredBlock } from '../../ports/copyStoredBlock.ts'
import {
  StoreFailure,
  type FinalBatch,
  type Store,
  type StoreError,
  type StoredBlock,
} from '../../ports/store.ts'
import { openBlockFiles, type BlockFiles } from './fileStoreBlocks.ts'
import { fileStoreFailure } from './fileStoreFailure.ts'
import { checkFormat } from './fileStoreFormat.ts'
import { makeFolder } from './fileStoreFrames.ts'
import { openJournal, type Journal } from './fileStoreJournal.ts'
import { packChanges, sortedLeaves } from './fileStoreLeaves.ts'
import {
  createWriteQueue,
  type CopiedBatch,
  type StoreFiles,
  type WriteQueue,
} from './fileStoreQueue.ts'
import type { NodeState } from './fileStoreState.ts'
import { openValueFiles, shortBytesMax, valueBytes, type ValueFiles } from './fileStoreValues.ts'

/** Opens or creates the store in `folder`, which is its alone. Rejects with a `StoreFailure`. */
export async function openFileStore(folder: string): Promise<Store> {
  const files = await openFiles(folder)
  const { journal, blocks, values } = files
  const queue = createWriteQueue(files)
  await placeLongValues(files, queue)
  let closed = false
  return {
    instance: { id: journal.state.id, created: journal.created },
    ...readOperations(files, () => closed),
    ...writeOperations(queue, blocks),
    async close() {
      closed = true
      await queue.close()
      await Promise.all([journal.close(), blocks.close(), values.close()])
    },
  }
}

async function openFiles(folder: string): Promise<StoreFiles> {
  let journal: Journal | undefined
  let values: ValueFiles | undefined
  try {
    await makeFolder(folder)
    await checkFormat(folder)
    journal = await openJournal(folder)
    values = await openValueFiles(folder, journal.state.places)
    return { journal, values, blocks: await openBlockFiles(folder, journal.state) }
  } catch (error) {
    await Promise.all([journal?.close(), values?.close()])
    throw fileStoreFailure(error)
  }
}

/** Earlier versions kept all values in the journal. */
async function placeLongValues({ journal }: StoreFiles, queue: WriteQueue): Promise<void> {
  const long = [...journal.state.values].filter(([, text]) => text.length > shortBytesMax)
  await Promise.all(
    long.map(([name, text]) => queue.operation({ kind: 'value', name, value: valueBytes(text) })),
  )
}

type Reads = Pick<
  Store,
  | 'readTip'
  | 'readState'
  | 'readBlock'
  | 'readBlocks'
  | 'findBlock'
  | 'readSafety'
  | 'readSafetyKey'
  | 'listSafety'
  | 'readPending'
  | 'getValue'
  | 'listValues'
>

function readOperations(
  { journal: { state }, blocks, values }: StoreFiles,
  isClosed: () => boolean,
): Reads {
  const run = async <T>(work: () => T | Promise<T>): Promise<T> => {
    if (isClosed()) throw failed({ code: 'STORAGE_UNAVAILABLE', reason: 'closed' })
    try {
      return await work()
    } catch (error) {
      throw fileStoreFailure(error)
    }
  }
  return {
    readTip: () => run(() => state.tip),
    readState: () => run(() => sortedLeaves(state.state)),
    readBlock: (height) => run(() => blocks.read(height)),
    readBlocks: (fromHeight, countMax) =>
      run(async () => {
        const found: StoredBlock[] = []
        for (const height of blocks.heightsFrom(fromHeight, countMax)) {
          const block = await blocks.read(height)
          // Pruned meanwhile, or dropped for a snapshot: so is all below it. No gap is shown.
          if (block === undefined) found.length = 0
          else found.push(block)
        }
        return found
      }),
    findBlock: (hash) => run(() => blocks.find(hash)),
    readSafety: (slot) =>
      run(() => {
        const stored = state.safety.get(slot)
        if (stored?.record === undefined) return undefined
        return { sequence: stored.sequence, record: stored.record }
      }),
    readSafetyKey: (slot) => run(() => state.safety.get(slot)?.sealedKey),
    listSafety: () => run(() => [...state.safety.keys()].sort()),
    readPending: () =>
      run(() => [...state.pending.values()].map(({ key, value }) => ({ hash: key, bytes: value }))),
    getValue: (name) => run(() => readValue(state, values, name)),
    listValues: (prefix) =>
      run(() =>
        [state.values, state.places].flatMap((map) =>
          [...map.keys()].filter((name) => name.startsWith(prefix)),
        ),
      ),
  }
}

async function readValue(
  { values: short, places }: NodeState,
  values: ValueFiles,
  name: string,
): Promise<Uint8Array | undefined> {
  for (;;) {
    const text = short.get(name)
    if (text !== undefined) return valueBytes(text)
    const place = places.get(name)
    if (place === undefined) return undefined
    try {
      return await values.read(place)
    } catch (error) {
      // Moved or replaced meanwhile, and its file given back.
      if (places.get(name) === place) throw error
    }
  }
}

type Writes = Omit<Store, keyof Reads | 'instance' | 'close'>

function writeOperations(queue: WriteQueue, blocks: BlockFiles): Writes {
  return {
    writeFinal: (batch) => queue.final(copyBatch(batch)),
    writeSnapshot(tip, state) {
      const copy = { tip: structuredClone(tip), state: packChanges(state) }
      return queue.alone(async (append) => {
        const blocksFromFile = await blocks.startFile()
        await append({ kind: 'snapshot', ...copy, blocksFromFile })
        await blocks.dropBefore(blocksFromFile)
      })
    },
    pruneBlocks: (belowHeight) =>
      queue.alone(async (append) => {
        await append({ kind: 'prune', belowHeight })
        await blocks.forgetBelow(belowHeight)
      }),
    createSafety: (slot, sealedKey) =>
      queue.operation({ kind: 'createSafety', slot, sealedKey: sealedKey.slice() }),
    writeSafety: ({ slot, sequence, record, pending }) =>
      queue.operation({
        kind: 'safety',
        slot,
        sequence,
        record: record.slice(),
        pending: pending.map(({ hash, bytes }) => ({ key: hash.slice(), value: bytes.slice() })),
      }),
    prunePending: (hashes) => queue.operation({ kind: 'prunePending', hashes: hashes.map(hex) }),
    eraseSafety: (slot) => queue.operation({ kind: 'eraseSafety', slot }),
    putValue: (name, value) => queue.operation({ kind: 'value', name, value: value?.slice() }),
  }
}

/** The caller may go on using it. `structuredClone` would copy the whole buffer of each view. */
function copyBatch({ blocks, changes, stateRoot }: FinalBatch): CopiedBatch {
  return {
    blocks: blocks.map(copyStoredBlock),
    changes: packChanges(changes),
    stateRoot: stateRoot.slice(),
  }
}

function failed(error: StoreError): StoreFailure {
  return new StoreFailure(error)
}
