/**
 * Transactions whose promise means what it says (BFT-10): durable, or not there at all.
 *
 * Writes follow each other, also where their stores have nothing in common and IndexedDB would run
 * them at once. Chromium takes a database in which two writes were under way when it was killed
 * for a damaged one, and removes everything that the origin keeps in IndexedDB
 * (docs/decisions/0015).
 */

import { StoreFailure } from '../../ports/store.ts'
import { storeFailure } from './indexedDbFailure.ts'
import type { NodeDatabase, NodeStores, NodeTransaction } from './indexedDbSchema.ts'
import { createWriteQueue } from './writeQueue.ts'

type Work = (transaction: NodeTransaction<'readwrite'>) => Promise<unknown>

/** A vote waits for these (BFT-10). */
type SafetyStores = 'safety' | 'pending'
type ChainStores = Exclude<NodeStores, SafetyStores>

export interface Transactions {
  readonly read: <T>(work: (database: NodeDatabase) => Promise<T>) => Promise<T>
  /**
   * Resolves when the transaction is complete and flushed; rejects with a `StoreFailure`. `work`
   * runs when its turn comes, so it must own what it writes. No transaction writes to stores of
   * both kinds: that is what lets safety records go first.
   */
  readonly write: (stores: SafetyStores[] | ChainStores[], work: Work) => Promise<void>
  /** When every write asked for so far has ended. */
  readonly settled: () => Promise<void>
}

const safetyStores: readonly NodeStores[] = ['safety', 'pending'] satisfies SafetyStores[]

/** `lost` is why the database went away, once it did. */
export function createTransactions(
  database: NodeDatabase,
  lost: () => StoreFailure | undefined,
): Transactions {
  const queue = createWriteQueue()
  return {
    async read(work) {
      try {
        return await work(database)
      } catch (error) {
        throw lost() ?? storeFailure(error)
      }
    },
    async write(stores, work) {
      const lane = stores.every((store) => safetyStores.includes(store)) ? 'first' : 'later'
      try {
        await queue.run(lane, () => writeOnce(database, stores, work))
      } catch (error) {
        throw error instanceof StoreFailure ? error : (lost() ?? storeFailure(error))
      }
    },
    settled: () => queue.settled(),
  }
}

async function writeOnce(database: NodeDatabase, stores: NodeStores[], work: Work): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite', { durability: 'strict' })
  const ended = transaction.done.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error('aborted')),
  )
  try {
    await work(transaction)
  } catch (error) {
    rollBack(transaction)
    await ended
    // A full disk aborts the transaction: the requests in it then fail for that reason alone.
    throw error instanceof StoreFailure ? error : (transaction.error ?? error)
  }
  const failure = await ended
  if (failure !== undefined) throw failure
}

function rollBack(transaction: NodeTransaction<'readwrite'>): void {
  try {
    transaction.abort()
  } catch {
    // It has ended by itself.
  }
}
