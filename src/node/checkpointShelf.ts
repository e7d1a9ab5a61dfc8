/**
 * Checkpoints that formed, in the store of a node (CKPT-1): each with the set that it names, found
 * by the number of the one before, as somebody who follows asks for them. The newest are kept, and
 * a set that several of them name is kept once.
 */
import { hex } from '../core/base/bytes.ts'
import type { VoterSet } from '../core/checkpoint/voterSet.ts'
import { Committee } from '../core/codec/chain.ts'
import { CheckpointVoters } from '../core/codec/checkpoint.ts'
import type { Store } from '../ports/store.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'

/** Local policy: 256 are nearly two days of 30 s epochs; who is further behind asks an archive. */
const keptMax = 256

const newestName = 'checkpoint/newest'

/** By number: bytes, root of the set that it names, number of the next one, its committee. */
const kinds = ['formed', 'root', 'after', 'committee'] as const
const nameOf = (kind: (typeof kinds)[number], number: number): string =>
  `checkpoint/${kind}/${String(number)}`
const votersName = (root: Uint8Array): string => `checkpoint/voters/${hex(root)}`

export class CheckpointShelf {
  readonly #store: Pick<Store, 'getValue' | 'putValue'>

  constructor(store: Pick<Store, 'getValue' | 'putValue'>) {
    this.#store = store
  }

  async newest(): Promise<number | undefined> {
    const value = await this.#store.getValue(newestName)
    return value && decodeHeight(value)
  }

  /** Exact bytes of a Checkpoint, and the number of the one that named its voters. */
  async putFormed(number: number, checkpoint: Uint8Array, follows: number): Promise<void> {
    await this.#store.putValue(nameOf('formed', number), checkpoint)
    await this.#store.putValue(nameOf('after', follows), encodeHeight(number))
  }

  /** The set that a number names. */
  async putNamed(number: number, { root, voters }: VoterSet): Promise<void> {
    if ((await this.#store.getValue(votersName(root))) === undefined) {
      const bytes = CheckpointVoters.encode({ voters: [...voters] })
      await this.#store.putValue(votersName(root), bytes)
    }
    await this.#store.putValue(nameOf('root', number), root)
  }

  /** Who certified the boundary of a number. */
  async putCommittee(number: number, committee: Committee): Promise<void> {
    await this.#store.putValue(nameOf('committee', number), Committee.encode(committee))
  }

  /** All of a number that is kept at all is here: the oldest ones go. */
  async moveTo(number: number): Promise<void> {
    const before = (await this.newest()) ?? number - 1
    await this.#store.putValue(newestName, encodeHeight(number))
    const last = Math.min(before, number - keptMax)
    for (let oldest = before - keptMax + 1; oldest <= last; oldest += 1) {
      await this.#drop(oldest, number)
    }
  }

  async #drop(oldest: number, newest: number): Promise<void> {
    const root = await this.rootOf(oldest)
    for (const kind of kinds) await this.#store.putValue(nameOf(kind, oldest), undefined)
    if (root === undefined || (await this.#isNamed(root, newest))) return
    await this.#store.putValue(votersName(root), undefined)
  }

  formed(number: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf('formed', number))
  }

  /** Root of the set that a number names. */
  rootOf(number: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf('root', number))
  }

  /** Exact bytes of the set with that root. */
  voters(root: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#store.getValue(votersName(root))
  }

  /** Exact bytes of a Committee. */
  committee(number: number): Promise<Uint8Array | undefined> {
    return this.#store.getValue(nameOf('committee', number))
  }

  async after(number: number): Promise<number | undefined> {
    const value = await this.#store.getValue(nameOf('after', number))
    return value && decodeHeight(value)
  }

  /** Whether one of the kept numbers names the set: one that left may be named again later. */
  async #isNamed(root: Uint8Array, newest: number): Promise<boolean> {
    for (let number = newest; number > newest - keptMax; number -= 1) {
      const other = await this.rootOf(number)
      if (other !== undefined && hex(other) === hex(root)) return true
    }
    return false
  }
}
