/** Transactions whose promise means what it says (BFT-10): durable, or not there at all. */

import { StoreFailure } from '../../ports/store.ts'
import { storeFailure } from './indexedDbFailure.ts'
import type { NodeDatabase, NodeStores, NodeTransaction } from './indexedDbSchema.ts'

type Work = (transaction: NodeTransaction<'readwrite'>) => Promise<unknown>

export interface Transactions {
  readonly read: <T>(work: (database: NodeDatabase) => Promise<T>) => Promise<T>
  /** Resolves when the transaction is complete and flushed; rejects with a `StoreFailure`. */
  readonly write: (stores: NodeStores[], work: Work) => Promise<void>
  /** When every write under way has ended. */
  readonly settled: () => Promise<void>
}

/** `lost` is why the database went away, once it did. */
export function createTransactions(
  database: NodeDatabase,
  lost: () => StoreFailure | undefined,
): Transactions {
  const running = new Set<Promise<void>>()
  return {
    async read(work) {
      try {
        return await work(database)
      } catch (error) {
        throw lost() ?? storeFailure(error)
      }
    },
    write(stores, work) {
      const writing = writeOnce(database, stores, work).catch((error: unknown) => {
        throw error instanceof StoreFailure ? error : (lost() ?? storeFailure(error))
      })
      const ended = writing
        .catch(() => undefined)
        .finally(() => {
          running.delete(ended)
        })
      running.add(ended)
      return writing
    },
    async settled() {
      await Promise.all(running)
    },
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
