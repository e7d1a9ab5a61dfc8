/**
 * Longer values of the file store (SYNC-4): in append-only files, a frame each, and read when they
 * are asked for, so that boundaries and checkpoints of a week cost their places in memory.
 *
 * A value is durable before the journal names its place; one that no name leads to any more is
 * given back with its file. Files that are mostly such values are moved together.
 */

import { StoreFailure } from '../../ports/store.ts'
import { FrameFiles, type FramePlace } from './fileStoreFiles.ts'

/** Of the payload in its file. */
export type ValuePlace = FramePlace

type Places = ReadonlyMap<string, ValuePlace>

/** A longer value is not worth its memory. */
export const shortBytesMax = 64

/** At most a quarter of it is moved at once. */
const fileBytesMax = 4 * 1024 * 1024

export async function openValueFiles(folder: string, places: Places): Promise<ValueFiles> {
  const named = new Set([...places.values()].map(({ file }) => file))
  const isKept = (number: number): boolean => named.has(number)
  const files = await FrameFiles.open({ folder, kind: 'values', fileBytesMax, isKept })
  const missing = [...named].find((number) => !files.numbers.includes(number))
  if (missing !== undefined) {
    await files.close()
    const what = `${folder}: values-${String(missing)}.emo`
    throw new StoreFailure({ code: 'STORE_CORRUPT', what })
  }
  return new ValueFiles(files)
}

export class ValueFiles {
  readonly #files: FrameFiles

  constructor(files: FrameFiles) {
    this.#files = files
  }

  /** Durable when this resolves. */
  append(value: Uint8Array): Promise<ValuePlace> {
    return this.#files.append(value)
  }

  /** Fails when the file was given back: then the value has another place, or none. */
  async read(place: ValuePlace): Promise<Uint8Array> {
    return new Uint8Array(await this.#files.read(place))
  }

  takeBack(): Promise<void> {
    return this.#files.takeBack()
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
    for (const number of this.#files.numbers) {
      const left = bytes.get(number) ?? 0
      if (number === this.#files.activeNumber) continue
      if (left === 0) await this.#files.drop(number)
      else if (4 * left < this.#files.sealedBytes(number)) sparse = number
    }
    if (sparse === undefined) return []
    return [...places].flatMap(([name, { file }]) => (file === sparse ? [name] : []))
  }

  close(): Promise<void> {
    return this.#files.close()
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
