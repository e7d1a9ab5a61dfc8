/**
 * The one writer of the file store. Jobs run in the order they came; those that wait together go to
 * the disk together. A job that is refused or does not fit leaves the files as they were.
 */

import type { FinalBatch } from '../../ports/store.ts'
import { StoreFailure } from '../../ports/store.ts'
import type { BlockFiles } from './fileStoreBlocks.ts'
import { fileStoreFailure } from './fileStoreFailure.ts'
import type { Journal } from './fileStoreJournal.ts'
import type { Operation } from './fileStoreState.ts'
import { shortBytesMax, type ValueFiles } from './fileStoreValues.ts'

/** A batch that is the store's own, its changes packed. */
export type CopiedBatch = Omit<FinalBatch, 'changes'> & { readonly changes: Uint8Array }

export interface WriteQueue {
  operation(operation: Operation): Promise<void>
  final(batch: CopiedBatch): Promise<void>
  /** Runs with no other write under way. */
  alone(work: (append: (operation: Operation) => Promise<void>) => Promise<void>): Promise<void>
  close(): Promise<void>
}

type Work =
  | { readonly operation: Operation }
  | { readonly batch: CopiedBatch }
  | { readonly alone: (append: (operation: Operation) => Promise<void>) => Promise<void> }

interface Job {
  readonly work: Work
  readonly resolve: () => void
  readonly reject: (failure: StoreFailure) => void
}

export interface StoreFiles {
  readonly journal: Journal
  readonly blocks: BlockFiles
  readonly values: ValueFiles
}

export function createWriteQueue(files: StoreFiles): WriteQueue {
  const jobs: Job[] = []
  let broken: StoreFailure | undefined
  let running: Promise<void> | undefined

  function push(work: Work): Promise<void> {
    if (broken !== undefined) return Promise.reject(broken)
    return new Promise((resolve, reject) => {
      jobs.push({ work, resolve, reject })
      running ??= drain()
    })
  }

  async function drain(): Promise<void> {
    // What was pushed in the same turn goes together.
    await Promise.resolve()
    for (;;) {
      const group = nextGroup(jobs)
      if (group.length === 0) {
        // In the same turn: a job pushed later starts a new run.
        running = undefined
        return
      }
      try {
        await writeGroup(group, files)
      } catch (error) {
        const failure = fileStoreFailure(error)
        await takeBack(failure)
        for (const job of group) job.reject(failure)
        continue
      }
      // What the group wrote is durable, however this ends.
      if (group.some(isOfValue)) await reclaim(files).catch(takeBack)
    }
  }

  /** After a failed sync nothing on the disk is certain: the store is not used again. */
  async function takeBack(error: unknown): Promise<void> {
    const failure = fileStoreFailure(error)
    try {
      await Promise.all([files.blocks, files.values, files.journal].map((one) => one.takeBack()))
    } catch {
      broken = failure
    }
    if (failure.detail.code !== 'STORAGE_FULL') broken = failure
  }

  return {
    operation: (operation) => push({ operation }),
    final: (batch) => push({ batch }),
    alone: (work) => push({ alone: work }),
    async close() {
      await running
      broken ??= new StoreFailure({ code: 'STORAGE_UNAVAILABLE', reason: 'closed' })
    },
  }
}

async function writeGroup(group: readonly Job[], files: StoreFiles): Promise<void> {
  const { journal, blocks } = files
  const [first] = group
  if (first !== undefined && 'alone' in first.work) {
    await first.work.alone((operation) => journal.append([operation]))
    first.resolve()
    return
  }
  const accepted = admit(journal, group)
  const batches = accepted.flatMap(({ work }) => ('batch' in work ? [work.batch] : []))
  const added = batches.flatMap((batch) => batch.blocks)
  const places = added.length === 0 ? [] : await blocks.append(added)
  const operations: Operation[] = []
  for (const operation of accepted.flatMap(({ work }) => operationsOf(work))) {
    operations.push(await placed(operation, files.values))
  }
  if (operations.length > 0) await journal.append(operations)
  blocks.index(places)
  for (const job of accepted) job.resolve()
}

/** A longer value goes to its file first. */
async function placed(operation: Operation, values: ValueFiles): Promise<Operation> {
  if (operation.kind !== 'value' || (operation.value?.length ?? 0) <= shortBytesMax) {
    return operation
  }
  const { name, value = new Uint8Array(0) } = operation
  return { kind: 'placed', name, place: await values.append(value) }
}

function isOfValue({ work }: Job): boolean {
  return 'operation' in work && work.operation.kind === 'value'
}

/** Gives back the room of values that were replaced or removed. */
async function reclaim({ journal, values }: StoreFiles): Promise<void> {
  const moved: Operation[] = []
  for (const name of await values.reclaim(journal.state.places)) {
    const place = journal.state.places.get(name)
    if (place === undefined) continue
    moved.push({ kind: 'placed', name, place: await values.append(await values.read(place)) })
  }
  if (moved.length === 0) return
  await journal.append(moved)
  await values.reclaim(journal.state.places)
}

/** All that wait up to a job that must be alone, or that one. */
function nextGroup(jobs: Job[]): Job[] {
  const alone = jobs.findIndex(({ work }) => 'alone' in work)
  if (alone === 0) return jobs.splice(0, 1)
  return jobs.splice(0, alone < 0 ? jobs.length : alone)
}

/** Refuses old safety records, against the disk and against what goes in the same frame. */
function admit({ state }: Journal, group: readonly Job[]): readonly Job[] {
  const newest = new Map<string, number>()
  return group.filter(({ work, reject }) => {
    if (!('operation' in work)) return true
    const { operation } = work
    if (operation.kind === 'eraseSafety') newest.delete(operation.slot)
    if (operation.kind !== 'safety' && operation.kind !== 'createSafety') return true
    const stored = state.safety.get(operation.slot)
    const offered = operation.kind === 'safety' ? operation.sequence : 0
    const isFresh = operation.kind === 'safety' && stored?.record === undefined
    const storedSequence = newest.get(operation.slot) ?? (isFresh ? undefined : stored?.sequence)
    if (storedSequence !== undefined && offered <= storedSequence) {
      reject(new StoreFailure({ code: 'SAFETY_RECORD_OLD', stored: storedSequence, offered }))
      return false
    }
    newest.set(operation.slot, operation.kind === 'safety' ? offered : -1)
    return true
  })
}

function operationsOf(work: Work): readonly Operation[] {
  if ('operation' in work) return [work.operation]
  if (!('batch' in work)) return []
  const { blocks, changes, stateRoot } = work.batch
  const last = blocks.at(-1)
  if (last === undefined) return []
  const tip = { height: last.height, hash: last.hash, stateRoot }
  return [{ kind: 'final', tip, changes }]
}
