/**
 * The journal of the file store: one checkpoint and the operations since (BFT-10).
 *
 * When the journal has outgrown its checkpoint, or when a key was erased (EPOCH-3), a new
 * checkpoint takes its place by an atomic rename and the old files go: what was erased is then in
 * no file.
 */

import { randomBytes } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hex } from '../../core/base/bytes.ts'
import { StoreFailure } from '../../ports/store.ts'
import { fileStoreFailure } from './fileStoreFailure.ts'
import {
  appendFrame,
  createFrameFile,
  cutFrameFile,
  openFrameFile,
  syncFolder,
  type FrameFile,
} from './fileStoreFrames.ts'
import {
  applyOperation,
  decodeOperations,
  decodeState,
  emptyState,
  encodeOperations,
  encodeState,
  type NodeState,
  type Operation,
} from './fileStoreState.ts'

export interface Journal {
  readonly state: NodeState
  /** Nothing was in the folder before. */
  readonly created: boolean
  /** Durable and applied to `state` when this resolves. */
  append(operations: readonly Operation[]): Promise<void>
  /** After a failed append: takes it back, so that the journal can be used again. */
  takeBack(): Promise<void>
  close(): Promise<void>
}

/** Below this a new checkpoint is not worth its writing. */
const journalBytesMin = 4 * 1024 * 1024

export async function openJournal(folder: string): Promise<Journal> {
  const { number, state, created } = await openCheckpoint(folder)
  let current = number
  let checkpointBytes = 0
  let file = created
    ? await createFrameFile(journalPath(folder, number))
    : await replay(journalPath(folder, number), state)
  await removeOthers(folder, number)

  async function startAnew(): Promise<void> {
    const next = current + 1
    const nextFile = await createFrameFile(journalPath(folder, next))
    try {
      checkpointBytes = await writeCheckpoint(folder, next, state)
    } catch (error) {
      await nextFile.handle.close()
      throw error
    }
    await file.handle.close()
    file = nextFile
    current = next
    await removeOthers(folder, next)
  }

  /** The operations are durable already: a disk too full for a checkpoint only delays it. */
  async function tryStartAnew(): Promise<void> {
    try {
      await startAnew()
    } catch (error) {
      if (fileStoreFailure(error).detail.code !== 'STORAGE_FULL') throw error
    }
  }

  return {
    state,
    created,
    async append(operations) {
      await appendFrame(file, encodeOperations(operations))
      for (const operation of operations) applyOperation(state, operation)
      const erased = operations.some((operation) => operation.kind === 'eraseSafety')
      if (erased) await startAnew()
      else if (file.endOffset > Math.max(journalBytesMin, checkpointBytes)) await tryStartAnew()
    },
    takeBack: () => cutFrameFile(file),
    close: () => file.handle.close(),
  }
}

interface Checkpoint {
  readonly number: number
  readonly state: NodeState
  readonly created: boolean
}

async function openCheckpoint(folder: string): Promise<Checkpoint> {
  const names = await readdir(folder)
  const numbers = names.flatMap((name) => numberOf(name, 'checkpoint') ?? [])
  const number = Math.max(-1, ...numbers)
  if (number < 0) {
    // A journal or blocks without a checkpoint: the checkpoint was there before them.
    const remains = names.find((name) => /^(blocks|values)-\d+\.emo$/.test(name))
    if (remains !== undefined) throw corrupt(`${folder}: checkpoint`)
    const state = emptyState(hex(randomBytes(16)))
    await writeCheckpoint(folder, 0, state)
    return { number: 0, state, created: true }
  }
  let state: NodeState | undefined
  const file = await openFrameFile(checkpointPath(folder, number), (payload) => {
    state = decodeState(payload)
  })
  await file.handle.close()
  if (state === undefined) throw corrupt(checkpointPath(folder, number))
  return { number, state, created: false }
}

async function replay(path: string, state: NodeState): Promise<FrameFile> {
  try {
    return await openFrameFile(path, (payload) => {
      for (const operation of decodeOperations(payload)) applyOperation(state, operation)
    })
  } catch (error) {
    // The journal is there before the checkpoint that names it, but for the very first.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      if (state.tip === undefined && state.safety.size === 0) return createFrameFile(path)
      throw corrupt(path)
    }
    throw error
  }
}

/** The checkpoint appears whole and durable, or not at all. */
async function writeCheckpoint(folder: string, number: number, state: NodeState): Promise<number> {
  const draft = join(folder, 'checkpoint.draft')
  const file = await createFrameFile(draft)
  try {
    await appendFrame(file, encodeState(state))
  } finally {
    await file.handle.close()
  }
  await rename(draft, checkpointPath(folder, number))
  await syncFolder(folder)
  return file.endOffset
}

/** Gone for good when this resolves: an erased key must not come back with its old file. */
async function removeOthers(folder: string, number: number): Promise<void> {
  const others = (await readdir(folder)).filter((name) => {
    const other = numberOf(name, 'checkpoint') ?? numberOf(name, 'journal')
    return name === 'checkpoint.draft' || (other !== undefined && other !== number)
  })
  for (const name of others) await rm(join(folder, name), { force: true })
  if (others.length > 0) await syncFolder(folder)
}

function checkpointPath(folder: string, number: number): string {
  return join(folder, `checkpoint-${String(number)}.emo`)
}

function journalPath(folder: string, number: number): string {
  return join(folder, `journal-${String(number)}.emo`)
}

function numberOf(name: string, kind: 'checkpoint' | 'journal'): number | undefined {
  const match = /^([a-z]+)-(\d+)\.emo$/.exec(name)
  return match?.[1] === kind ? Number(match[2]) : undefined
}

function corrupt(what: string): StoreFailure {
  return new StoreFailure({ code: 'STORE_CORRUPT', what })
}
