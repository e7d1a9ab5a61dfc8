/**
 * Where each block of the file store lies, by height. In memory only: 48 bytes for each block that
 * is kept (SYNC-4), in one array of numbers.
 */
import type { FramePosition } from './fileStoreFrames.ts'

export interface BlockPlace {
  readonly file: number
  readonly position: FramePosition
  /** In the list of the frame. */
  readonly ordinal: number
  readonly hash: Uint8Array
}

/** Columns of a row. */
const [heightAt, fileAt, offsetAt, lengthAt, ordinalAt, markAt, columns] = [0, 1, 2, 3, 4, 5, 6]

export class BlockIndex {
  /** Rows in the order of their heights; room for more after `#count` of them. */
  #rows = new Float64Array(64 * columns)
  #count = 0

  get(height: number): Omit<BlockPlace, 'hash'> | undefined {
    const row = this.#rowOf(height)
    return this.#isOf(row, height) ? this.#place(row) : undefined
  }

  /** All that may have this hash, by a part of it; nearly always one or none. */
  heightsLike(hash: Uint8Array): readonly number[] {
    const mark = markOf(hash)
    return this.heights().filter((_, row) => this.#at(row, markAt) === mark)
  }

  /** Ascending. */
  heights(): readonly number[] {
    return Array.from({ length: this.#count }, (_, row) => this.#at(row, heightAt))
  }

  /** Ascending, from a height on. */
  heightsFrom(least: number, countMax: number): readonly number[] {
    const first = this.#rowOf(least)
    const length = Math.max(0, Math.min(countMax, this.#count - first))
    return Array.from({ length }, (_, row) => this.#at(first + row, heightAt))
  }

  put(height: number, place: BlockPlace): void {
    const row = this.#rowOf(height)
    if (!this.#isOf(row, height)) this.#makeRoom(row)
    const { offset, length } = place.position
    const values = [height, place.file, offset, length, place.ordinal, markOf(place.hash)]
    this.#rows.set(values, row * columns)
  }

  /** Forgets each block of which `isGone` is true. */
  remove(isGone: (height: number, file: number) => boolean): void {
    let kept = 0
    for (let row = 0; row < this.#count; row += 1) {
      if (isGone(this.#at(row, heightAt), this.#at(row, fileAt))) continue
      this.#rows.copyWithin(kept * columns, row * columns, (row + 1) * columns)
      kept += 1
    }
    this.#shrinkTo(kept)
  }

  /** Forgets the blocks below a height: one move, however many stay. */
  removeBelow(height: number): void {
    const first = this.#rowOf(height)
    this.#rows.copyWithin(0, first * columns, this.#count * columns)
    this.#shrinkTo(this.#count - first)
  }

  /** Of the lowest block. No block lies in an earlier one: files are filled upwards. */
  get firstFile(): number | undefined {
    return this.#count === 0 ? undefined : this.#at(0, fileAt)
  }

  #shrinkTo(count: number): void {
    this.#count = count
    const needed = Math.max(64, count) * columns
    if (4 * needed < this.#rows.length) this.#rows = this.#rows.slice(0, 2 * needed)
  }

  #isOf(row: number, height: number): boolean {
    return row < this.#count && this.#at(row, heightAt) === height
  }

  #at(row: number, column: number): number {
    return this.#rows[row * columns + column] ?? NaN
  }

  #place(row: number): Omit<BlockPlace, 'hash'> {
    return {
      file: this.#at(row, fileAt),
      position: { offset: this.#at(row, offsetAt), length: this.#at(row, lengthAt) },
      ordinal: this.#at(row, ordinalAt),
    }
  }

  /** The first row of this height or a higher one, or the end. */
  #rowOf(height: number): number {
    let [from, to] = [0, this.#count]
    // Blocks come in the order of their heights: mostly it is the end.
    if (to > 0 && this.#at(to - 1, heightAt) < height) return to
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#at(middle, heightAt) < height) from = middle + 1
      else to = middle
    }
    return from
  }

  /** For a row that is not there, before `row`. */
  #makeRoom(row: number): void {
    const used = this.#count * columns
    if (used === this.#rows.length) {
      const rows = new Float64Array(2 * used)
      rows.set(this.#rows)
      this.#rows = rows
    }
    this.#rows.copyWithin((row + 1) * columns, row * columns, used)
    this.#count += 1
  }
}

/** Six bytes of a hash: as many as a number holds exactly. */
function markOf(hash: Uint8Array): number {
  let mark = 0
  for (let index = 0; index < 6; index += 1) mark = mark * 256 + (hash[index] ?? 0)
  return mark
}
