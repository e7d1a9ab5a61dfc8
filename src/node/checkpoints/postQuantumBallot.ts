/** The ML-DSA-87 signatures under one checkpoint that a node holds, where they are due (CKPT-1). */
import { bitmapOf, indicesOf } from '../../core/base/bitmap.ts'
import { equalBytes } from '../../core/base/bytes.ts'
import type { DrawSeed } from '../../core/checkpoint/beaconDraw.ts'
import type { CheckpointEnv } from '../../core/checkpoint/env.ts'
import { postQuantumKeyHash, postQuantumMessage } from '../../core/checkpoint/message.ts'
import { checkpointProtocol } from '../../core/checkpoint/parameters.ts'
import { postQuantumDraw } from '../../core/checkpoint/postQuantumDraw.ts'
import type { VoterSet } from '../../core/checkpoint/voterSet.ts'
import type { CheckpointContent, PostQuantumSignature } from '../../core/codec/checkpoint.ts'
import { mlDsa87Verify } from '../../core/crypto/mlDsa87.ts'

/** From whom ML-DSA-87 is due, if it is. */
export interface PostQuantumDue {
  readonly named: VoterSet
  readonly seed: DrawSeed
}

export class PostQuantumBallot {
  readonly due: PostQuantumDue | undefined
  /** Units of stake that are drawn, by voter. */
  readonly #drawn: ReadonlyMap<number, number>
  readonly #message: Uint8Array
  readonly #held = new Map<number, PostQuantumSignature>()

  constructor(env: CheckpointEnv, content: CheckpointContent, due: PostQuantumDue | undefined) {
    const { chainId, set } = env
    this.due = due
    this.#drawn = due === undefined ? new Map() : postQuantumDraw(due.named, due.seed)
    this.#message = postQuantumMessage({ chainId, votersRoot: set.root, content })
  }

  /** Whatever does not hold is left out. */
  add(shown: PostQuantumSignature): void {
    const { voter, publicKey, signature } = shown
    if (!this.#drawn.has(voter) || this.#held.has(voter)) return
    const registered = this.due?.named.voters[voter]?.postQuantumKeyHash
    if (registered === undefined) return
    if (!equalBytes(registered, postQuantumKeyHash(publicKey))) return
    if (mlDsa87Verify(signature, this.#message, publicKey)) this.#held.set(voter, shown)
  }

  /** What a drawn voter signs; undefined for everybody else, and once it is here. */
  messageOf(voter: number): Uint8Array | undefined {
    const isOpen = this.#drawn.has(voter) && !this.#held.has(voter)
    return isOpen ? this.#message : undefined
  }

  /** Whether a voter may vote: nothing more is due, or enough of it is here. */
  get isReady(): boolean {
    if (this.due === undefined) return true
    let units = 0
    for (const voter of this.#held.keys()) units += this.#drawn.get(voter) ?? 0
    return units >= checkpointProtocol.postQuantumThreshold
  }

  /** Ascending, as a checkpoint carries them. */
  get signatures(): PostQuantumSignature[] {
    return [...this.#held.values()].toSorted((left, right) => left.voter - right.voter)
  }

  get held(): Uint8Array {
    return bitmapOf(this.due?.named.voters.length ?? 0, this.#held.keys())
  }

  /** Signatures that somebody with this bitmap lacks. */
  lackedBy(held: Uint8Array): PostQuantumSignature[] {
    const count = this.due?.named.voters.length ?? 0
    const known = new Set(indicesOf(count, held) ?? [])
    return this.signatures.filter(({ voter }) => !known.has(voter))
  }
}
