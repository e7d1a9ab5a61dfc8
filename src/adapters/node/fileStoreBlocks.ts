/**
 * Blocks of the file store: append-only files, an index by height and hash in memory (SYNC-3).
 *
 * Blocks are durable before the journal speaks of them, so blocks above the tip may be left by a
 * crash: the index passes over them, and they are written again with their tip.
 */

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { equalBytes } from '../../core/base/bytes.ts'
import { createBoundedCache } from '../../core/crypto/boundedCache.ts'
import type { StoredBlock } from '../../ports/store.ts'
import { BlockIndex, type BlockPlace } from './fileStoreBlockIndex.ts'
import {
  appendFrame,
  createFrameFile,
  cutFrameFile,
  openFrameFile,
  readFrame,
  type FrameFile,
  type FramePosition,
} from './fileStoreFrames.ts'
import type { NodeState } from './fileStoreState.ts'

export interface BlockFiles {
  /** Durable when this resolves; returns what to `index` once the journal has them too. */
  append(blocks: readonly StoredBlock[]): Promise<readonly [number, BlockPlace][]>
  index(places: readonly [number, BlockPlace][]): void
  takeBack(): Promise<void>
  read(height: number): Promise<StoredBlock | undefined>
  find(hash: Uint8Array): Promise<StoredBlock | undefined>
  /** Ascending, from a height on. */
  heightsFrom(least: number, countMax: number): readonly number[]
  /** Starts a new file and returns its number: earlier ones may go after a snapshot. */
  startFile(): Promise<number>
  dropBefore(file: number): Promise<void>
  /** Forgets the blocks below a height, and gives back the space of files that held no other. */
  forgetBelow(height: number): Promise<void>
  close(): Promise<void>
}

const fileBytesMax = 32 * 1024 * 1024
const framesCachedMax = 8

export async function openBlockFiles(folder: string, state: NodeState): Promise<BlockFiles> {
  const files = new Map<number, FrameFile>()
  const index = new BlockIndex()
  const counts = (height: number): boolean =>
    height <= (state.tip?.height ?? -1) && height >= state.prunedBelow

  for (const number of await fileNumbers(folder)) {
    if (number < state.blocksFromFile) {
      await rm(blocksPath(folder, number))
      continue
    }
    const file = await openFrameFile(blocksPath(folder, number), (payload, position) => {
      for (const [height, place] of placesOf(decodeBlocks(payload), number, position)) {
        if (counts(height)) index.put(height, place)
      }
    })
    files.set(number, file)
  }
  const active = Math.max(state.blocksFromFile, ...files.keys())
  if (!files.has(active)) files.set(active, await createFrameFile(blocksPath(folder, active)))
  const opened = new OpenBlockFiles({ folder, files, index, active })
  // A process that ended between the journal and the files left those that hold nothing.
  await opened.forgetBelow(state.prunedBelow)
  return opened
}

class OpenBlockFiles implements BlockFiles {
  readonly #folder: string
  readonly #files: Map<number, FrameFile>
  readonly #index: BlockIndex
  readonly #frames = createBoundedCache<readonly StoredBlock[]>(framesCachedMax)
  #active: number

  constructor(opened: {
    readonly folder: string
    readonly files: Map<number, FrameFile>
    readonly index: BlockIndex
    readonly active: number
  }) {
    this.#folder = opened.folder
    this.#files = opened.files
    this.#index = opened.index
    this.#active = opened.active
  }

  async append(blocks: readonly StoredBlock[]): Promise<readonly [number, BlockPlace][]> {
    if (this.#fileOf(this.#active).endOffset > fileBytesMax) await this.startFile()
    const position = await appendFrame(this.#fileOf(this.#active), serialize(blocks))
    return placesOf(blocks, this.#active, position)
  }

  index(places: readonly [number, BlockPlace][]): void {
    for (const [height, place] of places) this.#index.put(height, place)
  }

  takeBack(): Promise<void> {
    return cutFrameFile(this.#fileOf(this.#active))
  }

  async read(height: number): Promise<StoredBlock | undefined> {
    const place = this.#index.get(height)
    if (place === undefined) return undefined
    const key = `${String(place.file)}:${String(place.position.offset)}`
    let blocks = this.#frames.get(key)
    if (blocks === undefined) {
      blocks = decodeBlocks(await readFrame(this.#fileOf(place.file), place.position))
      this.#frames.set(key, blocks)
    }
    return blocks[place.ordinal]
  }

  async find(hash: Uint8Array): Promise<StoredBlock | undefined> {
    for (const height of this.#index.heightsLike(hash)) {
      const block = await this.read(height)
      if (block !== undefined && equalBytes(block.hash, hash)) return block
    }
    return undefined
  }

  heightsFrom(least: number, countMax: number): readonly number[] {
    return this.#index.heightsFrom(least, countMax)
  }

  async startFile(): Promise<number> {
    const next = this.#active + 1
    this.#files.set(next, await createFrameFile(blocksPath(this.#folder, next)))
    this.#active = next
    return next
  }

  async dropBefore(first: number): Promise<void> {
    this.#index.remove((_height, file) => file < first)
    for (const number of [...this.#files.keys()]) if (number < first) await this.#drop(number)
  }

  async forgetBelow(height: number): Promise<void> {
    this.#index.removeBelow(height)
    const first = this.#index.firstFile ?? this.#active
    for (const number of [...this.#files.keys()]) if (number < first) await this.#drop(number)
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.handle.close()
  }

  #fileOf(number: number): FrameFile {
    const file = this.#files.get(number)
    if (file === undefined) throw new Error(`no block file ${String(number)}`)
    return file
  }

  async #drop(number: number): Promise<void> {
    const file = this.#fileOf(number)
    this.#files.delete(number)
    await rm(file.path, { force: true })
    await file.handle.close()
  }
}

function placesOf(
  blocks: readonly StoredBlock[],
  file: number,
  position: FramePosition,
): [number, BlockPlace][] {
  return blocks.map((block, ordinal) => [
    block.height,
    { file, position, ordinal, hash: block.hash },
  ])
}

function decodeBlocks(payload: Buffer): readonly StoredBlock[] {
  return deserialize(payload) as readonly StoredBlock[]
}

function blocksPath(folder: string, number: number): string {
  return join(folder, `blocks-${String(number)}.emo`)
}

async function fileNumbers(folder: string): Promise<number[]> {
  const names = await readdir(folder)
  return names
    .flatMap((name) => {
      const match = /^blocks-(\d+)\.emo$/.exec(name)
      return match?.[1] === undefined ? [] : [Number(match[1])]
    })
    .sort((left, right) => left - right)
}
