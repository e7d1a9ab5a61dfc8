/**
 * Checkpoints that formed, in the store of a node (CKPT-1): each with the set that it names, found
 * by the number of the one before, as somebody who follows asks for them. The newest are kept.
 */
import { Checkpoint, CheckpointVoters } from '../core/codec/checkpoint.ts'
import type { VoterSet } from '../core/checkpoint/voterSet.ts'
import type { Store } from '../ports/store.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'

/** Local policy: 256 are nearly two days of 30 s epochs; who is further behind asks an archive. */
const keptMax = 256

const newestName = 'checkpoint/newest'
const nameOf = (kind: 'formed' | 'names' | 'after', number: number): string =>
  `checkpoint/${kind}/${String(number)}`

interface Shelved {
  readonly number: number
  readonly checkpoint: Checkpoint
  /** The set that it names. */
  readonly names: VoterSet | undefined
  /** Number of the one that named its voters; undefined where nobody can follow from it here. */
  readonly follows: number | undefined
}

export class CheckpointShelf {
  readonly #store: Pick<Store, 'getValue' | 'putValue'>

  constructor(store: Pick<Store, 'getValue' | 'putValue'>) {
    this.#store = store
  }

  async newest(): Promise<number | undefined> {
    const value = await this.#store.getValue(newestName)
    return value && decodeHeight(value)
  }

  async put({ number, checkpoint, names, follows }: Shelved): Promise<void> {
    const voters = CheckpointVoters.encode({ voters: [...(names?.voters ?? [])] })
    await this.#store.putValue(nameOf('names', number), voters)
    if (follows !== undefined) {
      await this.#store.putValue(nameOf('formed', number), Checkpoint.encode(checkpoint))
      await this.#store.putValue(nameOf('after', follows), encodeHeight(number))
    }
    await this.#store.putValue(newestName, encodeHeight(number))
    for (const kind of ['formed', 'names', 'after'] as const) {
      await this.#store.putValue(nameOf(kind, number - keptMax), undefined)
    }
  }

  formed(number: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf('formed', number))
  }

  /** Exact bytes of the set that a number names. */
  names(number: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf('names', number))
  }

  async after(number: number): Promise<number | undefined> {
    const value = await this.#store.getValue(nameOf('after', number))
    return value && decodeHeight(value)
  }
}
