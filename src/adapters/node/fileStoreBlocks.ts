/**
 * Blocks of the file store: append-only files, an index by height and hash in memory (SYNC-3).
 *
 * Blocks are durable before the journal speaks of them, so blocks above the tip may be left by a
 * crash: the index passes over them, and they are written again with their tip.
 */

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { hex } from '../../core/base/bytes.ts'
import { createBoundedCache } from '../../core/crypto/boundedCache.ts'
import type { StoredBlock } from '../../ports/store.ts'
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

interface BlockPlace {
  readonly file: number
  readonly position: FramePosition
  /** In the list of the frame. */
  readonly ordinal: number
  readonly hash: string
}

export interface BlockFiles {
  /** Durable when this resolves; returns what to `index` once the journal has them too. */
  append(blocks: readonly StoredBlock[]): Promise<readonly [number, BlockPlace][]>
  index(places: readonly [number, BlockPlace][]): void
  takeBack(): Promise<void>
  read(height: number): Promise<StoredBlock | undefined>
  heightOf(hash: Uint8Array): number | undefined
  /** Ascending. */
  heights(): readonly number[]
  /** Starts a new file and returns its number: earlier ones may go after a snapshot. */
  startFile(): Promise<number>
  dropBefore(file: number): Promise<void>
  /** Forgets blocks, and gives the space back of files that are mostly forgotten. */
  forget(heights: readonly number[]): Promise<void>
  close(): Promise<void>
}

const fileBytesMax = 32 * 1024 * 1024
const framesCachedMax = 8

export async function openBlockFiles(folder: string, state: NodeState): Promise<BlockFiles> {
  const files = new Map<number, FrameFile>()
  const places = new Map<number, BlockPlace>()
  const heightsByHash = new Map<string, number>()
  const frames = createBoundedCache<readonly StoredBlock[]>(framesCachedMax)
  const kept = new Set(state.keptHeights)

  function put(height: number, place: BlockPlace): void {
    const replaced = places.get(height)
    if (replaced !== undefined) heightsByHash.delete(replaced.hash)
    places.set(height, place)
    heightsByHash.set(place.hash, height)
  }

  function remove(height: number): void {
    const place = places.get(height)
    if (place === undefined) return
    places.delete(height)
    if (heightsByHash.get(place.hash) === height) heightsByHash.delete(place.hash)
  }

  const counts = (height: number): boolean =>
    height <= (state.tip?.height ?? -1) && (height >= state.prunedBelow || kept.has(height))

  for (const number of await fileNumbers(folder)) {
    if (number < state.blocksFromFile) {
      await rm(blocksPath(folder, number))
      continue
    }
    const file = await openFrameFile(blocksPath(folder, number), (payload, position) => {
      for (const [height, place] of placesOf(decodeBlocks(payload), number, position)) {
        if (counts(height)) put(height, place)
      }
    })
    files.set(number, file)
  }
  let active = Math.max(state.blocksFromFile, ...files.keys())
  if (!files.has(active)) files.set(active, await createFrameFile(blocksPath(folder, active)))

  const fileOf = (number: number): FrameFile => {
    const file = files.get(number)
    if (file === undefined) throw new Error(`no block file ${String(number)}`)
    return file
  }

  async function startFile(): Promise<number> {
    const next = active + 1
    files.set(next, await createFrameFile(blocksPath(folder, next)))
    active = next
    return next
  }

  async function append(blocks: readonly StoredBlock[]): Promise<[number, BlockPlace][]> {
    if (fileOf(active).endOffset > fileBytesMax) await startFile()
    const position = await appendFrame(fileOf(active), serialize(blocks))
    return placesOf(blocks, active, position)
  }

  async function read(height: number): Promise<StoredBlock | undefined> {
    const place = places.get(height)
    if (place === undefined) return undefined
    const key = `${String(place.file)}:${String(place.position.offset)}`
    let blocks = frames.get(key)
    if (blocks === undefined) {
      blocks = decodeBlocks(await readFrame(fileOf(place.file), place.position))
      frames.set(key, blocks)
    }
    return blocks[place.ordinal]
  }

  async function drop(number: number): Promise<void> {
    const file = fileOf(number)
    files.delete(number)
    await rm(file.path, { force: true })
    await file.handle.close()
  }

  /** Moves what is left of a file to the end of the active one when most of it is forgotten. */
  async function compact(number: number): Promise<void> {
    const left = [...places].filter(([, place]) => place.file === number)
    if (left.length > 0) {
      const lengths = new Map(left.map(([, { position }]) => [position.offset, position.length]))
      const bytesLeft = [...lengths.values()].reduce((sum, length) => sum + length, 0)
      if (4 * bytesLeft > fileOf(number).endOffset) return
      const blocks = await Promise.all(left.map(([height]) => read(height)))
      const moved = await append(blocks.filter((block) => block !== undefined))
      for (const [height, place] of moved) put(height, place)
    }
    await drop(number)
  }

  return {
    append,
    index(added) {
      for (const [height, place] of added) put(height, place)
    },
    takeBack: () => cutFrameFile(fileOf(active)),
    read,
    heightOf: (hash) => heightsByHash.get(hex(hash)),
    heights: () => [...places.keys()].sort((left, right) => left - right),
    startFile,
    async dropBefore(first) {
      for (const [height, place] of [...places]) if (place.file < first) remove(height)
      for (const number of [...files.keys()]) if (number < first) await drop(number)
    },
    async forget(heights) {
      for (const height of heights) remove(height)
      for (const number of [...files.keys()]) if (number !== active) await compact(number)
    },
    async close() {
      for (const file of files.values()) await file.handle.close()
    },
  }
}

function placesOf(
  blocks: readonly StoredBlock[],
  file: number,
  position: FramePosition,
): [number, BlockPlace][] {
  return blocks.map((block, ordinal) => [
    block.height,
    { file, position, ordinal, hash: hex(block.hash) },
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
