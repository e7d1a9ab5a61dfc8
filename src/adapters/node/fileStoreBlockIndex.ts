/** Where each block of the file store lies, by height and by hash. In memory only. */

import type { FramePosition } from './fileStoreFrames.ts'

export interface BlockPlace {
  readonly file: number
  readonly position: FramePosition
  /** In the list of the frame. */
  readonly ordinal: number
  readonly hash: string
}

export class BlockIndex {
  readonly #places = new Map<number, BlockPlace>()
  readonly #heights = new Map<string, number>()

  get(height: number): BlockPlace | undefined {
    return this.#places.get(height)
  }

  heightOf(hash: string): number | undefined {
    return this.#heights.get(hash)
  }

  /** Ascending. */
  heights(): readonly number[] {
    return [...this.#places.keys()].sort((left, right) => left - right)
  }

  put(height: number, place: BlockPlace): void {
    const replaced = this.#places.get(height)
    if (replaced !== undefined) this.#heights.delete(replaced.hash)
    this.#places.set(height, place)
    this.#heights.set(place.hash, height)
  }

  remove(height: number): void {
    const place = this.#places.get(height)
    if (place === undefined) return
    this.#places.delete(height)
    if (this.#heights.get(place.hash) === height) this.#heights.delete(place.hash)
  }

  /** The blocks whose file `isMeant`. */
  inFiles(isMeant: (file: number) => boolean): readonly (readonly [number, BlockPlace])[] {
    return [...this.#places].filter(([, place]) => isMeant(place.file))
  }
}
