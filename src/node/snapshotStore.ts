/**
 * Verified chunks of the snapshot that is being imported, in the store (SYNC-3): after a restart of
 * the process no chunk is fetched again. Only one import is kept at a time.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { SnapshotProgress, StateChunk, type StateLeaf } from '../core/codec/light.ts'
import type { Store } from '../ports/store.ts'

const progressName = 'snapshot'

export class SnapshotStore {
  readonly #store: Pick<Store, 'getValue' | 'putValue'>

  constructor(store: Pick<Store, 'getValue' | 'putValue'>) {
    this.#store = store
  }

  async progress(): Promise<SnapshotProgress | undefined> {
    const value = await this.#store.getValue(progressName)
    return value && SnapshotProgress.decode(value)
  }

  /** What is stored of this snapshot; chunks of another one are dropped. */
  async begin(epoch: number, root: Uint8Array): Promise<SnapshotProgress> {
    const known = await this.progress()
    if (known !== undefined && equalBytes(known.root, root)) return known
    await this.clear()
    const progress = { epoch, root, chunks: 0, after: new Uint8Array(0), isEnd: false }
    await this.#store.putValue(progressName, SnapshotProgress.encode(progress))
    return progress
  }

  /** The chunk first: progress never speaks of one that is not there. */
  async add(
    progress: SnapshotProgress,
    leaves: StateLeaf[],
    range: { readonly lastKey: Uint8Array; readonly isEnd: boolean },
  ): Promise<SnapshotProgress> {
    const { chunks } = progress
    const next = { ...progress, chunks: chunks + 1, after: range.lastKey, isEnd: range.isEnd }
    await this.#store.putValue(chunkName(chunks), StateChunk.encode({ leaves }))
    await this.#store.putValue(progressName, SnapshotProgress.encode(next))
    return next
  }

  async leaves(progress: SnapshotProgress): Promise<readonly StateLeaf[]> {
    const all: StateLeaf[] = []
    for (let index = 0; index < progress.chunks; index += 1) {
      const value = await this.#store.getValue(chunkName(index))
      if (value !== undefined) for (const leaf of StateChunk.decode(value).leaves) all.push(leaf)
    }
    return all
  }

  async clear(): Promise<void> {
    const known = await this.progress()
    for (let index = 0; index <= (known?.chunks ?? -1); index += 1) {
      await this.#store.putValue(chunkName(index), undefined)
    }
    await this.#store.putValue(progressName, undefined)
  }
}

function chunkName(index: number): string {
  return `snapshot/${String(index)}`
}
