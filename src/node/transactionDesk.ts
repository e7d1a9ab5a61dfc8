/** Transactions that come in: of this node's owner, and by gossip (NET-2, BATCH-1). */
import { ok, type Result } from '../core/base/result.ts'
import type { LedgerState } from '../core/ledger/state.ts'
import type { Transport, Verdict } from '../ports/transport.ts'
import type { Clock } from '../ports/clock.ts'
import type { BatchDesk } from './batchDesk.ts'
import { isDuty } from './dutyKinds.ts'
import { EarlyRooms, type EarlyRoom } from './earlyRooms.ts'
import type { Mempool, MempoolError } from './mempool.ts'
import type { RestartDesk } from './restartDesk.ts'
import { FalseReviews } from './reviews/falseReviews.ts'
import { wrongPartEvidence } from './sharing/wrongPartEvidence.ts'
import { topicOf } from './topicOf.ts'

interface TransactionDeskOptions {
  /** The code of a transaction of somebody else that was not kept. */
  readonly onRefused: (code: string) => void
  /** Evidence was kept that is new (PACE-1). */
  readonly onEvidence: () => void
  readonly mempool: Mempool
  readonly restart: RestartDesk
  readonly batches: BatchDesk
  readonly transport: Transport
  readonly clock: Clock
  readonly chainId: string
  /** Of the final tip. */
  readonly state: () => LedgerState
  readonly nowMs: () => number
}

/**
 * A part of the sharing may come from a seat that is a block ahead (BEACON-6), and so may a review
 * (ZK-4): it is asked again until then. So is a proof that the verifier had no time for: gossip
 * brings it once. Only who holds a seat, or held one, or was drawn, or is called, gets so far.
 */
const early = { waitMs: 250, attemptsMax: 8 }
const rooms: ReadonlyMap<string, EarlyRoom> = new Map([
  ['SHARING_PLACE', 'sharing'],
  ['SHARING_TIME', 'sharing'],
  ['SHARING_NO_DEAL', 'sharing'],
  ['ATTEST_NO_READY', 'reviews'],
  ['READY_PROOF_UNVERIFIED', 'proofs'],
  ['LIVENESS_UNVERIFIED', 'proofs'],
  ['EVIDENCE_UNVERIFIED', 'proofs'],
])

/** Wrong for everybody who verifies it. */
function isForged(code: string): boolean {
  return [
    ...['READY_PROOF_INVALID', 'LIVENESS_INVALID', 'CHECKPOINT_UNSIGNED', 'EVIDENCE_PROOF_HOLDS'],
  ].includes(code)
}

export class TransactionDesk {
  readonly #held = new EarlyRooms()
  readonly #falseReviews: FalseReviews

  readonly #options: TransactionDeskOptions

  constructor(options: TransactionDeskOptions) {
    this.#options = options
    this.#falseReviews = new FalseReviews(options.chainId)
  }

  /** Checked, kept and sent: duty to everybody, payments on the way of batches. */
  async submit(bytes: Uint8Array): Promise<Result<undefined, MempoolError>> {
    const { restart, transport, batches } = this.#options
    const added = await this.keep(bytes)
    if (!added.ok && added.error.code === 'RESTART_PLACE') {
      const offered = await restart.offer(bytes)
      if (!offered.ok) return offered
      transport.publish('tx', bytes)
      return ok(undefined)
    }
    if (!added.ok) return added
    if (isDuty(added.value)) transport.publish(topicOf(added.value.kind), bytes)
    else batches.offer(added.value)
    return ok(undefined)
  }

  /** E8: everybody can see that the sender of this is at fault. */
  accuse(bytes: Uint8Array): void {
    const evidence = wrongPartEvidence(this.#options.chainId, bytes)
    if (evidence !== undefined) void this.submit(evidence)
  }

  async #inTime(bytes: Uint8Array): ReturnType<Mempool['add']> {
    let added = await this.keep(bytes)
    for (let attempt = 1; attempt < early.attemptsMax; attempt += 1) {
      const room = added.ok ? undefined : rooms.get(added.error.code)
      const leave = room && this.#held.enter(room, bytes)
      if (leave === undefined) break
      await new Promise<void>((resolve) => this.#options.clock.after(early.waitMs, resolve))
      leave()
      added = await this.keep(bytes)
    }
    return added
  }

  async keep(bytes: Uint8Array): ReturnType<Mempool['add']> {
    const { mempool, state, nowMs, onEvidence } = this.#options
    const added = await mempool.add(bytes, state(), nowMs())
    if (added.ok && added.value.kind === 'evidence') onEvidence()
    return added
  }

  /** Those of one batch. */
  keepAll(list: readonly Uint8Array[]): ReturnType<Mempool['addAll']> {
    const { mempool, state, nowMs } = this.#options
    return mempool.addAll(list, state(), nowMs())
  }

  async verdict(bytes: Uint8Array): Promise<Verdict> {
    const added = await this.#inTime(bytes)
    if (added.ok) return 'accept'
    const { code } = added.error
    this.#options.onRefused(code)
    const evidence = this.#falseReviews.refused(bytes, added.error, this.#options.state())
    for (const one of evidence) void this.submit(one)
    if (code === 'SHARING_WRONG') {
      this.accuse(bytes)
      return 'reject'
    }
    if (code === 'RESTART_PLACE') return this.#options.restart.verdict(bytes)
    // What another state may accept is not the sender's fault; malformed bytes are.
    if (code === 'TX_MALFORMED' || code === 'TX_KIND' || code === 'TX_SIGNATURE') return 'reject'
    return isForged(code) ? 'reject' : 'ignore'
  }
}
