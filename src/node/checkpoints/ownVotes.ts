/** What this validator signs on a checkpoint, where its device has the key (CKPT-1, BFT-10). */
import { equalBytes, hex } from '../../core/base/bytes.ts'
import { castVote } from '../../core/checkpoint/vote.ts'
import type { VoterSet } from '../../core/checkpoint/voterSet.ts'
import { CheckpointContent } from '../../core/codec/checkpoint.ts'
import type { EpochKey } from '../../ports/signer.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import type { CheckpointHost } from './host.ts'

const none = new Uint8Array(0)

export class OwnVotes {
  readonly #node: Pick<CheckpointHost, 'mayAct' | 'chain'>
  /** Of the newest keys: a set of 10,000 is not searched with each block. */
  readonly #places = new WeakMap<VoterSet, { identity: Uint8Array; place: number | undefined }>()

  constructor(node: Pick<CheckpointHost, 'mayAct' | 'chain'>) {
    this.#node = node
  }

  /** Undefined for who is not of the set. */
  placeIn(set: VoterSet): number | undefined {
    const { identity } = this.#node.mayAct
    if (identity === undefined) return undefined
    const known = this.#places.get(set)
    if (known?.identity === identity) return known.place
    const found = set.voters.findIndex(({ account }) => equalBytes(account, identity))
    const place = found < 0 ? undefined : found
    this.#places.set(set, { identity, place })
    return place
  }

  async castIn(ballot: CheckpointBallot): Promise<void> {
    // RECOVER-1: no checkpoint beside a restart that this voter signed for.
    if (!this.#node.chain.mayVoteOn(ballot.content)) return
    await this.#signPostQuantum(ballot)
    const { env, content } = ballot
    const voter = this.placeIn(env.set)
    if (voter === undefined || ballot.has(voter) || !ballot.postQuantum.isReady) return
    const key = await this.#keyOf(env.set, voter)
    if (key === undefined || !(await this.#note(key, content)) || !this.#mayAct) return
    ballot.addVote(castVote(env, content, { voter, sign: (message) => key.sign(message) }))
  }

  async #signPostQuantum({ postQuantum }: CheckpointBallot): Promise<void> {
    const named = postQuantum.due?.named
    const voter = named && this.placeIn(named)
    const message = voter === undefined ? undefined : postQuantum.messageOf(voter)
    if (named === undefined || voter === undefined || message === undefined) return
    const keys = (await this.#keyOf(named, voter))?.postQuantum()
    if (keys === undefined || !this.#mayAct) return
    const { publicKey } = keys
    postQuantum.add({ voter, publicKey, signature: keys.sign(message) })
  }

  /** Asked again after whatever took its time. */
  get #mayAct(): boolean {
    return this.#node.mayAct.signer !== undefined
  }

  /** The key under which the set knows this validator, when this device has it. */
  async #keyOf(set: VoterSet, voter: number): Promise<EpochKey | undefined> {
    const { key } = set.voters[voter] ?? { key: none }
    const opened = await this.#node.mayAct.signer?.openEpochKey(hex(key))
    return opened?.ok === true ? opened.value : undefined
  }

  /** BFT-10: one content for a number, ever, and durable before the vote is made. */
  async #note({ slot }: EpochKey, content: CheckpointContent): Promise<boolean> {
    const { store } = this.#node.chain
    const record = CheckpointContent.encode(content)
    const stored = await store.readSafety(slot)
    if (stored !== undefined && stored.sequence >= content.number) {
      return hex(stored.record) === hex(record)
    }
    await store.writeSafety({ slot, sequence: content.number, record, pending: [] })
    return true
  }
}
