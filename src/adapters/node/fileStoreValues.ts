/**
 * Longer values of the file store (SYNC-4): in append-only files, a frame each, and read when they
 * are asked for, so that boundaries and checkpoints of a week cost their places in memory.
 *
 * A value is durable before the journal names its place; one that no name leads to any more is
 * given back with its file. Files that are mostly such values are moved together.
 */

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreFailure } from '../../ports/store.ts'
import {
  appendFrame,
  createFrameFile,
  cutFrameFile,
  openFrameFile,
  readFrame,
  type FrameFile,
} from './fileStoreFrames.ts'

export interface ValuePlace {
  readonly file: number
  /** Of the payload in the file. */
  readonly offset: number
  readonly length: number
}

type Places = ReadonlyMap<string, ValuePlace>

/** A longer value is not worth its memory. */
export const shortBytesMax = 64

/** At most a quarter of it is moved at once. */
const fileBytesMax = 4 * 1024 * 1024

export async function openValueFiles(folder: string, places: Places): Promise<ValueFiles> {
  const files = new Map<number, FrameFile>()
  const named = new Set([...places.values()].map(({ file }) => file))
  for (const number of await fileNumbers(folder)) {
    if (!named.delete(number)) await rm(valuesPath(folder, number))
    else files.set(number, await openFrameFile(valuesPath(folder, number), () => undefined))
  }
  const [missing] = named
  if (missing !== undefined) {
    await Promise.all([...files.values()].map(({ handle }) => handle.close()))
    throw new StoreFailure({ code: 'STORE_CORRUPT', what: valuesPath(folder, missing) })
  }
  return new ValueFiles(folder, files)
}

export class ValueFiles {
  readonly #folder: string
  readonly #files: Map<number, FrameFile>
  #active: number

  constructor(folder: string, files: Map<number, FrameFile>) {
    this.#folder = folder
    this.#files = files
    this.#active = Math.max(0, ...files.keys())
  }

  /** Durable when this resolves. */
  async append(value: Uint8Array): Promise<ValuePlace> {
    const { offset, length } = await appendFrame(await this.#fileWithRoom(), value)
    return { file: this.#active, offset, length }
  }

  async read({ file, offset, length }: ValuePlace): Promise<Uint8Array> {
    const opened = this.#files.get(file)
    if (opened === undefined) throw new Error(`no value file ${String(file)}`)
    return new Uint8Array(await readFrame(opened, { offset, length }))
  }

  async takeBack(): Promise<void> {
    const active = this.#files.get(this.#active)
    if (active !== undefined) await cutFrameFile(active)
  }

  /**
   * Drops the files that no place leads to. Names of values that should move before the next call,
   * all of one file that is mostly forgotten.
   */
  async reclaim(places: Places): Promise<readonly string[]> {
    const bytes = new Map<number, number>()
    for (const { file, length } of places.values()) {
      bytes.set(file, (bytes.get(file) ?? 0) + length)
    }
    let sparse: number | undefined
    for (const [number, file] of [...this.#files]) {
      const left = bytes.get(number) ?? 0
      if (number === this.#active) continue
      if (left === 0) await this.#drop(number, file)
      else if (4 * left < file.endOffset) sparse = number
    }
    if (sparse === undefined) return []
    return [...places].flatMap(([name, { file }]) => (file === sparse ? [name] : []))
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) await file.handle.close()
  }

  async #fileWithRoom(): Promise<FrameFile> {
    const active = this.#files.get(this.#active)
    if (active !== undefined && active.endOffset <= fileBytesMax) return active
    const next = this.#active + 1
    const file = await createFrameFile(valuesPath(this.#folder, next))
    this.#files.set(next, file)
    this.#active = next
    return file
  }

  async #drop(number: number, file: FrameFile): Promise<void> {
    this.#files.delete(number)
    await rm(file.path, { force: true })
    // Waits for what is being read.
    await file.handle.close()
  }
}

/** A character a byte. */
export function valueText(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1')
}

/** Not a view into the pool that Buffer shares among small ones. */
export function valueBytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

function valuesPath(folder: string, number: number): string {
  return join(folder, `values-${String(number)}.emo`)
}

async function fileNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => {
    const match = /^values-(\d+)\.emo$/.exec(name)
    return match?.[1] === undefined ? [] : [Number(match[1])]
  })
}
