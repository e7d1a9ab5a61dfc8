/**
 * A row of append-only files of one kind: the last one is written to, the others are only read.
 * One handle stays open beside those of the readers.
 */

import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  appendFrame,
  createFrameFile,
  cutFrameFile,
  openFrameFile,
  readFrame,
  type FrameFile,
  type FramePosition,
  type SealedFile,
} from './fileStoreFrames.ts'
import { ReadHandles } from './fileStoreHandles.ts'

export interface FramePlace extends FramePosition {
  readonly file: number
}

interface FilesOptions {
  readonly folder: string
  /** The name of a file is this and its number. */
  readonly kind: 'blocks' | 'values'
  /** A new file is begun when the last one has as many bytes. */
  readonly fileBytesMax: number
}

export class FrameFiles {
  readonly #options: FilesOptions
  readonly #sealed = new Map<number, SealedFile>()
  readonly #handles = new ReadHandles()
  #active: { readonly number: number; readonly file: FrameFile } | undefined

  private constructor(options: FilesOptions) {
    this.#options = options
  }

  /** Opens the files that are kept, in the order of their numbers, and removes the others. */
  static async open(
    options: FilesOptions & {
      readonly isKept: (number: number) => boolean
      readonly onFrame?: (payload: Buffer, place: FramePlace) => void
    },
  ): Promise<FrameFiles> {
    const { isKept, onFrame } = options
    const files = new FrameFiles(options)
    const numbers = await files.#numbersInFolder()
    for (const number of numbers) if (!isKept(number)) await rm(files.#pathOf(number))
    const kept = numbers.filter(isKept)
    for (const number of kept) {
      const file = await openFrameFile(files.#pathOf(number), (payload, position) => {
        onFrame?.(payload, { file: number, ...position })
      })
      if (number === kept.at(-1)) files.#active = { number, file }
      else await files.#seal(number, file)
    }
    return files
  }

  /** Ascending. */
  get numbers(): readonly number[] {
    return [...this.#sealed.keys(), ...(this.#active === undefined ? [] : [this.#active.number])]
  }

  get activeNumber(): number | undefined {
    return this.#active?.number
  }

  /** Of a file that is not written to any more. */
  sealedBytes(number: number): number {
    return this.#sealed.get(number)?.endOffset ?? 0
  }

  /** Durable when this resolves. */
  async append(payload: Uint8Array): Promise<FramePlace> {
    const isFull = (this.#active?.file.endOffset ?? 0) > this.#options.fileBytesMax
    if (isFull || this.#active === undefined) await this.begin((this.#active?.number ?? 0) + 1)
    const active = this.#active
    if (active === undefined) throw new Error('a file was begun')
    return { file: active.number, ...(await appendFrame(active.file, payload)) }
  }

  /** From now on that file is written to. */
  async begin(number: number): Promise<void> {
    const file = await createFrameFile(this.#pathOf(number))
    const before = this.#active
    this.#active = { number, file }
    if (before !== undefined) await this.#seal(before.number, before.file)
  }

  /** Takes back what a failed append left behind it. */
  async takeBack(): Promise<void> {
    if (this.#active !== undefined) await cutFrameFile(this.#active.file)
  }

  /** Fails when the file is gone: whoever holds places looks whether they still count. */
  async read(place: FramePlace): Promise<Buffer> {
    const { number, file } = this.#active ?? {}
    if (number === place.file && file !== undefined) return readFrame(file, file.handle, place)
    const sealed = this.#sealed.get(place.file)
    if (sealed === undefined) throw new Error(`no file ${this.#pathOf(place.file)}`)
    return this.#handles.use(sealed.path, (handle) => readFrame(sealed, handle, place))
  }

  /** Of a file that is not written to. */
  async drop(number: number): Promise<void> {
    const file = this.#sealed.get(number)
    if (file === undefined) return
    this.#sealed.delete(number)
    await rm(file.path, { force: true })
    await this.#handles.forget(file.path)
  }

  async close(): Promise<void> {
    await this.#active?.file.handle.close()
    await this.#handles.close()
  }

  async #seal(number: number, { path, marker, endOffset, handle }: FrameFile): Promise<void> {
    this.#sealed.set(number, { path, marker, endOffset })
    // Waits for what is being read.
    await handle.close()
  }

  #pathOf(number: number): string {
    return join(this.#options.folder, `${this.#options.kind}-${String(number)}.emo`)
  }

  async #numbersInFolder(): Promise<number[]> {
    const names = await readdir(this.#options.folder)
    const numbers = names.flatMap((name) => {
      const [, kind, digits] = /^([a-z]+)-(\d+)\.emo$/.exec(name) ?? []
      return kind === this.#options.kind ? [Number(digits)] : []
    })
    return numbers.sort((left, right) => left - right)
  }
}
