/**
 * Blocks of the file store: append-only files, an index by height and hash in memory (SYNC-3).
 *
 * Blocks are durable before the journal speaks of them, so blocks above the tip may be left by a
 * crash: the index passes over them, and they are written again with their tip.
 */

import { deserialize, serialize } from 'node:v8'
import { equalBytes } from '../../core/base/bytes.ts'
import { createBoundedCache } from '../../core/crypto/boundedCache.ts'
import type { StoredBlock } from '../../ports/store.ts'
import { BlockIndex, type BlockPlace } from './fileStoreBlockIndex.ts'
import { FrameFiles, type FramePlace } from './fileStoreFiles.ts'
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
  const index = new BlockIndex()
  const counts = (height: number): boolean =>
    height <= (state.tip?.height ?? -1) && height >= state.prunedBelow
  const files = await FrameFiles.open({
    ...{ folder, kind: 'blocks', fileBytesMax },
    isKept: (number) => number >= state.blocksFromFile,
    onFrame: (payload, place) => {
      for (const [height, at] of placesOf(decodeBlocks(payload), place)) {
        if (counts(height)) index.put(height, at)
      }
    },
  })
  if (files.activeNumber === undefined) await files.begin(state.blocksFromFile)
  const opened = new OpenBlockFiles(files, index)
  // A process that ended between the journal and the files left those that hold nothing.
  await opened.forgetBelow(state.prunedBelow)
  return opened
}

class OpenBlockFiles implements BlockFiles {
  readonly #files: FrameFiles
  readonly #index: BlockIndex
  readonly #frames = createBoundedCache<readonly StoredBlock[]>(framesCachedMax)

  constructor(files: FrameFiles, index: BlockIndex) {
    this.#files = files
    this.#index = index
  }

  async append(blocks: readonly StoredBlock[]): Promise<readonly [number, BlockPlace][]> {
    return placesOf(blocks, await this.#files.append(serialize(blocks)))
  }

  index(places: readonly [number, BlockPlace][]): void {
    for (const [height, place] of places) this.#index.put(height, place)
  }

  takeBack(): Promise<void> {
    return this.#files.takeBack()
  }

  async read(height: number): Promise<StoredBlock | undefined> {
    const place = this.#index.get(height)
    if (place === undefined) return undefined
    const { file, position, ordinal } = place
    const key = `${String(file)}:${String(position.offset)}`
    const known = this.#frames.get(key)
    if (known !== undefined) return known[ordinal]
    try {
      const blocks = decodeBlocks(await this.#files.read({ file, ...position }))
      this.#frames.set(key, blocks)
      return blocks[ordinal]
    } catch (error) {
      // Pruned while its file was being opened.
      if (this.#index.get(height)?.file === file) throw error
      return this.read(height)
    }
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
    const next = (this.#files.activeNumber ?? 0) + 1
    await this.#files.begin(next)
    return next
  }

  async dropBefore(first: number): Promise<void> {
    this.#index.remove((_height, file) => file < first)
    await this.#dropFilesBefore(first)
  }

  async forgetBelow(height: number): Promise<void> {
    this.#index.removeBelow(height)
    await this.#dropFilesBefore(this.#index.firstFile ?? this.#files.activeNumber ?? 0)
  }

  close(): Promise<void> {
    return this.#files.close()
  }

  async #dropFilesBefore(first: number): Promise<void> {
    for (const number of this.#files.numbers) if (number < first) await this.#files.drop(number)
  }
}

function placesOf(
  blocks: readonly StoredBlock[],
  { file, offset, length }: FramePlace,
): [number, BlockPlace][] {
  return blocks.map((block, ordinal) => [
    block.height,
    { file, position: { offset, length }, ordinal, hash: block.hash },
  ])
}

function decodeBlocks(payload: Buffer): readonly StoredBlock[] {
  return deserialize(payload) as readonly StoredBlock[]
}
