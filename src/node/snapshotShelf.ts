/**
 * The states that this node offers as snapshots (SYNC-1): those after its last two snapshot
 * boundaries. States share what they have in common, so holding them costs what changed since.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import { CertifiedBlock } from '../core/codec/chain.ts'
import {
  AnswerCode,
  SnapshotRequest,
  type SnapshotOffer,
  type SnapshotResponse,
} from '../core/codec/light.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { smtProveRange } from '../core/crypto/smtRange.ts'
import { stateRoot, type LedgerState } from '../core/ledger/state.ts'
import { transportLimits } from '../ports/transport.ts'
import { certifiedOf, type Chain } from './chain.ts'

/** Two paths of at most 256 hashes, and the framing of some thousand leaves. */
const proofBytesMax = 40 * 1024

/** Of an answer, less its framing. */
const offersBytesMax = transportLimits.responseBytesMax - 1024

export const snapshotsKept = 2
const requestBytesMax = 256

/** Local policy: what a node does when it is far behind, and what it offers to those who are. */
export interface SnapshotPolicy {
  /** A snapshot is taken when the newest boundary is at least this many epochs ahead. */
  readonly behindEpochs: number
  /** A snapshot is offered of the first boundary and of each n-th one; the last two are held. */
  readonly everyEpochs: number
  /** A chunk with its proof; more only when one leaf alone is larger. */
  readonly chunkBytes: number
}

export const snapshotDefaults: SnapshotPolicy = {
  behindEpochs: 20,
  everyEpochs: 10,
  chunkBytes: 256 * 1024,
}

interface Snapshot {
  readonly epoch: number
  readonly height: number
  readonly state: LedgerState
}

export class SnapshotShelf {
  readonly #chain: Chain
  readonly #policy: SnapshotPolicy
  #held: readonly Snapshot[] = []

  constructor(chain: Chain, policy: SnapshotPolicy) {
    this.#chain = chain
    this.#policy = policy
  }

  /** The tip is boundary(epoch). Who began a moment ago holds none, and waits for no other. */
  note(epoch: number): void {
    if ((epoch + 1) % this.#policy.everyEpochs !== 0 && this.#held.length > 0) return
    const { height, state } = this.#chain.tip
    this.#held = [{ epoch, height, state }, ...this.#held].slice(0, snapshotsKept)
  }

  async answer(bytes: Uint8Array): Promise<SnapshotResponse> {
    const request = decodeStrict(SnapshotRequest, bytes, requestBytesMax)
    if (!request.ok) return { code: AnswerCode.REQUEST_MALFORMED, offers: [] }
    const { root, after } = request.value
    if (root.length === 0) return { code: AnswerCode.ANSWERED, offers: await this.#offers() }
    const held = this.#held.find(({ state }) => equalBytes(stateRoot(state), root))
    const from = after.length === 0 ? undefined : after
    const chunk =
      held && smtProveRange(held.state.tree, from, this.#policy.chunkBytes - proofBytesMax)
    return chunk === undefined
      ? { code: AnswerCode.NOT_HELD, offers: [] }
      : { code: AnswerCode.ANSWERED, offers: [], chunk }
  }

  /**
   * Those whose next block is final: its header is what their root is checked against. As many as
   * fit one answer.
   */
  async #offers(): Promise<SnapshotOffer[]> {
    const offers: SnapshotOffer[] = []
    let sizeBytes = 0
    for (const { epoch, height } of this.#held) {
      const next = await this.#chain.store.readBlock(height + 1)
      if (next === undefined) continue
      const block = certifiedOf(next)
      const isOpening = restartOpening(next.body) !== undefined
      const bare = CertifiedBlock.encode({ ...block, body: new Uint8Array(0) })
      const restart = isOpening ? CertifiedBlock.encode(block) : new Uint8Array(0)
      sizeBytes += bare.length + restart.length
      if (sizeBytes > offersBytesMax) break
      offers.push({ epoch, block: bare, restart })
    }
    return offers
  }
}
