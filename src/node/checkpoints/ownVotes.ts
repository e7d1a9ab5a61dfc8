/**
 * What this validator signs on a checkpoint, where its device has the key (CKPT-1, BFT-10): one
 * message for a number, ever, in either signature. Two are E11, so reading what was signed, writing
 * what will be and signing it is one piece, one after the other.
 */
import { equalBytes, hex } from '../../core/base/bytes.ts'
import { castVote } from '../../core/checkpoint/vote.ts'
import type { VoterSet } from '../../core/checkpoint/voterSet.ts'
import { CheckpointPayload } from '../../core/codec/checkpoint.ts'
import type { EpochKey } from '../../ports/signer.ts'
import { StoreFailure } from '../../ports/store.ts'
import type { Chain } from '../chain.ts'
import type { CheckpointBallot } from '../checkpointBallot.ts'
import type { MayAct } from '../mayAct.ts'

const none = new Uint8Array(0)

interface Host {
  readonly mayAct: MayAct
  readonly chain: Pick<Chain, 'store' | 'mayVoteOn'>
}

export class OwnVotes {
  readonly #node: Host
  /** Of the newest keys: a set of 10,000 is not searched with each block. */
  readonly #places = new WeakMap<VoterSet, { identity: Uint8Array; place: number | undefined }>()
  #tail: Promise<void> = Promise.resolve()

  constructor(node: Host) {
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

  /** Rejects with a `StoreFailure` when nothing can be written down, and then signed nothing. */
  castIn(ballot: CheckpointBallot): Promise<void> {
    const casting = this.#tail.then(async () => {
      await this.#signPostQuantum(ballot)
      await this.#vote(ballot)
    })
    this.#tail = casting.catch(() => undefined)
    return casting
  }

  async #vote(ballot: CheckpointBallot): Promise<void> {
    const { env, content } = ballot
    const voter = this.placeIn(env.set)
    if (voter === undefined || ballot.has(voter) || !ballot.postQuantum.isReady) return
    const key = await this.#keyFor(ballot, env.set, voter)
    if (key === undefined) return
    ballot.addVote(castVote(env, content, { voter, sign: (message) => key.sign(message) }))
  }

  async #signPostQuantum(ballot: CheckpointBallot): Promise<void> {
    const { postQuantum } = ballot
    const named = postQuantum.due?.named
    const voter = named && this.placeIn(named)
    const message = voter === undefined ? undefined : postQuantum.messageOf(voter)
    if (named === undefined || voter === undefined || message === undefined) return
    const keys = (await this.#keyFor(ballot, named, voter))?.postQuantum()
    if (keys === undefined) return
    const { publicKey } = keys
    postQuantum.add({ voter, publicKey, signature: keys.sign(message) })
  }

  /**
   * The key under which that set knows this validator, when this device has it and it may sign what
   * the ballot is about, now: whatever took its time, a restart was signed or a fork was seen
   * meanwhile, is asked after the last wait.
   */
  async #keyFor(
    ballot: CheckpointBallot,
    set: VoterSet,
    voter: number,
  ): Promise<EpochKey | undefined> {
    if (!this.#maySign(ballot)) return undefined
    const { key } = set.voters[voter] ?? { key: none }
    const opened = await this.#node.mayAct.signer?.openEpochKey(hex(key))
    if (opened?.ok !== true || !(await this.#note(opened.value, ballot))) return undefined
    return this.#maySign(ballot) ? opened.value : undefined
  }

  /** RECOVER-1: no checkpoint beside a restart that this voter signed for. */
  #maySign({ content }: CheckpointBallot): boolean {
    const { chain, mayAct } = this.#node
    return mayAct.signer !== undefined && chain.mayVoteOn(content)
  }

  /** BFT-10: what is signed for a number, ever; true when it is this, and durable. */
  async #note({ slot }: EpochKey, { env, content }: CheckpointBallot): Promise<boolean> {
    const { store } = this.#node.chain
    const { chainId, set } = env
    const record = CheckpointPayload.encode({ chainId, votersRoot: set.root, content })
    const stored = await store.readSafety(slot)
    if (stored !== undefined && stored.sequence >= content.number) {
      return equalBytes(stored.record, record)
    }
    try {
      await store.writeSafety({ slot, sequence: content.number, record, pending: [] })
      return true
    } catch (thrown) {
      // Somebody else wrote for this key since it was read: what that was is asked the next time.
      if (thrown instanceof StoreFailure && thrown.detail.code === 'SAFETY_RECORD_OLD') return false
      throw thrown
    }
  }
}
