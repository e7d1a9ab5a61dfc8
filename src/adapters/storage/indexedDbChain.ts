/** Blocks, state and tip in IndexedDB (SYNC-3). */

import { copyStoredBlock } from '../../ports/copyStoredBlock.ts'
import type { FinalBatch, StateChange, Store, StoredTip } from '../../ports/store.ts'
import { pairs } from './indexedDbPairs.ts'
import type { NodeDatabase, NodeTransaction } from './indexedDbSchema.ts'
import type { Transactions } from './indexedDbTransactions.ts'

type ChainOperations = Pick<
  Store,
  | 'readTip'
  | 'readState'
  | 'writeFinal'
  | 'writeSnapshot'
  | 'readBlock'
  | 'readBlocks'
  | 'findBlock'
  | 'pruneBlocks'
>

export function chainOperations({ read, write }: Transactions): ChainOperations {
  return {
    readTip: () => read((db) => db.get('tip', 'tip')),
    readState: () => read(readState),
    writeFinal(batch) {
      const copy = copyBatch(batch)
      return write(['blocks', 'state', 'tip'], (transaction) => putBatch(transaction, copy))
    },
    writeSnapshot(tip, state) {
      const changes = state.map(copyChange)
      const newTip: StoredTip = { ...tip, hash: tip.hash.slice(), stateRoot: tip.stateRoot.slice() }
      return write(['blocks', 'state', 'tip'], async (transaction) => {
        await Promise.all([
          transaction.objectStore('blocks').clear(),
          transaction.objectStore('state').clear(),
          putChanges(transaction, changes),
          transaction.objectStore('tip').put(newTip, 'tip'),
        ])
      })
    },
    readBlock: (height) => read((db) => db.get('blocks', height)),
    readBlocks: (fromHeight, countMax) =>
      read((db) => db.getAll('blocks', IDBKeyRange.lowerBound(fromHeight), countMax)),
    findBlock: (hash) => read((db) => db.getFromIndex('blocks', 'hash', hash.slice())),
    pruneBlocks(belowHeight) {
      const below = IDBKeyRange.upperBound(belowHeight, true)
      return write(['blocks'], (transaction) => transaction.objectStore('blocks').delete(below))
    },
  }
}

async function readState(
  database: NodeDatabase,
): Promise<readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]> {
  const state = database.transaction('state').store
  const [keys, values] = await Promise.all([state.getAllKeys(), state.getAll()])
  return pairs(keys, values)
}

async function putBatch(
  transaction: NodeTransaction<'readwrite'>,
  batch: FinalBatch,
): Promise<void> {
  const blocks = transaction.objectStore('blocks')
  const last = batch.blocks.at(-1)
  await Promise.all([
    ...batch.blocks.map((block) => blocks.put(block)),
    putChanges(transaction, batch.changes),
    last === undefined
      ? undefined
      : transaction
          .objectStore('tip')
          .put({ height: last.height, hash: last.hash, stateRoot: batch.stateRoot }, 'tip'),
  ])
}

async function putChanges(
  transaction: NodeTransaction<'readwrite'>,
  changes: readonly StateChange[],
): Promise<void> {
  const state = transaction.objectStore('state')
  await Promise.all(
    changes.map(({ key, value }) =>
      value === undefined ? state.delete(key.slice()) : state.put(value, key.slice()),
    ),
  )
}

/** A view is cloned with its whole buffer, and the caller may go on using it: copies are exact. */
function copyBatch(batch: FinalBatch): FinalBatch {
  return {
    blocks: batch.blocks.map(copyStoredBlock),
    changes: batch.changes.map(copyChange),
    stateRoot: batch.stateRoot.slice(),
  }
}

function copyChange(change: StateChange): StateChange {
  return { key: change.key.slice(), value: change.value?.slice() }
}
