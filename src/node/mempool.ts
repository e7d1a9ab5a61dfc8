/**
 * Transactions that wait for a block: bounded, checked before they are kept, forgotten when they
 * are final or expired (REPLAY-1). Duty messages (READY, CONFIRM, evidence) come first.
 */
import { err, ok, type Result } from '../core/base/result.ts'
import { checkTransaction } from '../core/ledger/checkTransaction.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import type { TransactionError } from '../core/ledger/errors.ts'
import { accountOf } from '../core/ledger/accounts.ts'
import { isFreshEvidence } from '../core/ledger/freshEvidence.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { epochRecord, parameters } from '../core/ledger/tables.ts'
import { decodeTransaction, type DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { Desks } from './desks.ts'
import { isDuty } from './dutyKinds.ts'
import { isJudged, keyOf, roomOf, usefulUntil } from './mempoolKey.ts'
import type { ProofDesk } from './proofDesk.ts'
import type { SharingDesk } from './sharing/sharingDesk.ts'
import type { SignatureDesk } from './signatureDesk.ts'

export type MempoolError =
  | TransactionError
  /** Known already: nothing to do. */
  | { readonly code: 'TX_KNOWN' }
  /** Too much is waiting. Try again in a few blocks. */
  | { readonly code: 'MEMPOOL_FULL' }

/** Local policy (NET-6): a minute of full blocks, and nobody fills it alone. */
export const mempoolLimits = { transactionsMax: 4096, bytesMax: 8 * 1024 * 1024, senderMax: 64 }

/** Duty has room of its own, so that payments never keep a committee from changing. */
const dutyLimits = { transactionsMax: 1024, bytesMax: 4 * 1024 * 1024, senderMax: 64 }

/** What has no verdict here yet. */
const unverified: ReadonlySet<string> = new Set([
  ...['READY_PROOF_UNVERIFIED', 'LIVENESS_UNVERIFIED', 'CHECKPOINT_UNVERIFIED'],
  'EVIDENCE_UNVERIFIED',
])
const sharingUnverified = 'SHARING_UNVERIFIED'
const judgedElsewhere: ReadonlySet<string> = new Set([...unverified, sharingUnverified])

type Verdict = ReturnType<typeof checkTransaction>

/**
 * Where one sender has no use for many: evidence of one kind against one seat of one epoch convicts
 * nobody else, and of a validator's READYs one counts; a reload or two make more.
 */
const fewMax = 4
const fewKinds: ReadonlySet<string> = new Set(['evidence', 'ready'])

/**
 * Proofs that are verified at once of those that one validator signed, or signed a review of
 * (ZK-4): nobody fills the verifier's queue, in which the proofs of blocks wait too.
 */
const judgedAtOnceMax = 4
const unproven: ReadonlySet<string> = new Set([
  ...['READY_PROOF_UNVERIFIED', 'LIVENESS_UNVERIFIED', 'EVIDENCE_UNVERIFIED'],
])

export class Mempool {
  readonly #env: LedgerEnv
  readonly #proofs: ProofDesk
  readonly #signatures: SignatureDesk
  readonly #sharing: SharingDesk
  readonly #waiting = new Map<string, DecodedTransaction>()
  readonly #senders = new Map<string, number>()
  /** By room, those whose proof is being verified. */
  readonly #judging = new Map<string, number>()
  readonly #used = { duty: { count: 0, bytes: 0 }, paid: { count: 0, bytes: 0 } }

  constructor(options: Desks) {
    this.#env = options.env
    this.#proofs = options.proofs
    this.#signatures = options.signatures
    this.#sharing = options.sharing
  }

  get count(): number {
    return this.#waiting.size
  }

  has(transaction: DecodedTransaction): boolean {
    return this.#waiting.has(keyOf(transaction))
  }

  /** Checks on `state` at `nowMs`; signature and a READY's proof are verified before. */
  async add(
    bytes: Uint8Array,
    state: LedgerState,
    nowMs: number,
  ): Promise<Result<DecodedTransaction, MempoolError>> {
    const seen = this.#look(bytes, state)
    if (!seen.ok) return seen
    // Off this thread; what the threads cannot say, or refuse, the check asks the core itself.
    await this.#signatures.verifyArrived([seen.value])
    return this.#admit(seen.value, state, nowMs)
  }

  /**
   * Those that came together, with the answers of `add` in their order; their signatures are one
   * question to the threads. What a batch may hold bounds the list (BATCH-1).
   */
  async addAll(
    list: readonly Uint8Array[],
    state: LedgerState,
    nowMs: number,
  ): Promise<readonly Result<DecodedTransaction, MempoolError>[]> {
    const seen = list.map((bytes) => this.#look(bytes, state))
    await this.#signatures.verifyArrived(seen.flatMap((one) => (one.ok ? [one.value] : [])))
    const answers: Result<DecodedTransaction, MempoolError>[] = []
    for (const one of seen) {
      answers.push(one.ok ? await this.#admit(one.value, state, nowMs) : one)
    }
    return answers
  }

  /** What costs no signature: its form, whether it is known, and whether there is room. */
  #look(bytes: Uint8Array, state: LedgerState): Result<DecodedTransaction, MempoolError> {
    const { transactionBytesMax } = readSingle(state, parameters)
    const decoded = decodeTransaction(bytes, transactionBytesMax)
    if (!decoded.ok) return decoded
    return this.#place(keyOf(decoded.value), decoded.value)
  }

  #place(key: string, transaction: DecodedTransaction): Result<DecodedTransaction, MempoolError> {
    if (this.#isCovered(key, transaction)) return err({ code: 'TX_KNOWN' })
    if (!this.#hasRoom(key, transaction)) return err({ code: 'MEMPOOL_FULL' })
    return ok(transaction)
  }

  /** At once when nothing but the signature had to be verified: most are payments. */
  #admit(
    transaction: DecodedTransaction,
    state: LedgerState,
    nowMs: number,
  ): Result<DecodedTransaction, MempoolError> | Promise<Result<DecodedTransaction, MempoolError>> {
    const check = (): Verdict => checkTransaction(state, transaction, nowMs, this.#env)
    const verdict = check()
    if (verdict.ok || !judgedElsewhere.has(verdict.error.code)) {
      return this.#conclude(transaction, state, verdict)
    }
    if (!unproven.has(verdict.error.code)) return this.#judged(transaction, state, check)
    const room = roomOf(transaction)
    const count = this.#judging.get(room) ?? 0
    if (count >= judgedAtOnceMax) {
      // Who is accused may fill this room: what others say of it is asked again.
      return transaction.kind === 'evidence' ? verdict : err({ code: 'MEMPOOL_FULL' })
    }
    this.#judging.set(room, count + 1)
    return this.#judged(transaction, state, check).finally(() => {
      const left = (this.#judging.get(room) ?? 1) - 1
      if (left > 0) this.#judging.set(room, left)
      else this.#judging.delete(room)
    })
  }

  async #judged(
    transaction: DecodedTransaction,
    state: LedgerState,
    check: () => Verdict,
  ): Promise<Result<DecodedTransaction, MempoolError>> {
    return this.#conclude(transaction, state, await this.#judge(transaction, state, check))
  }

  /** Asks for the verdicts that the ledger does not find by itself. */
  async #judge(
    transaction: DecodedTransaction,
    state: LedgerState,
    check: () => Verdict,
  ): Promise<Verdict> {
    let verdict = check()
    if (!verdict.ok && unverified.has(verdict.error.code)) {
      await this.#proofs.verify(state, transaction)
      verdict = check()
    }
    if (!verdict.ok && verdict.error.code === sharingUnverified) {
      await this.#sharing.judge(state, transaction)
      verdict = check()
    }
    return verdict
  }

  #conclude(
    transaction: DecodedTransaction,
    state: LedgerState,
    verdict: Verdict,
  ): Result<DecodedTransaction, MempoolError> {
    if (!verdict.ok) {
      const { error } = verdict
      if (error.code !== 'TX_NONCE_GAP') return verdict
      // A gap is decided before the fee: only who could pay may keep others' room.
      if (!canWait(state, transaction, error.next)) return verdict
    }
    // Others came in while this one was looked at.
    const key = keyOf(transaction)
    const placed = this.#place(key, transaction)
    if (!placed.ok) return placed
    const shorter = this.#waiting.get(key)
    if (shorter !== undefined) this.#drop(key, shorter)
    this.#keep(key, transaction)
    return placed
  }

  /** In the order a proposer tries them: duty first, then by arrival; nonces in order. */
  candidates(): readonly DecodedTransaction[] {
    const all = [...this.#waiting.values()]
    const byNonce = (left: DecodedTransaction, right: DecodedTransaction): number =>
      left.transaction.nonce - right.transaction.nonce
    const duty = all.filter((transaction) => isDuty(transaction))
    const rest = all.filter((transaction) => !isDuty(transaction))
    return [...duty, ...rest.toSorted(byNonce)]
  }

  /** PACE-1: whether fresh evidence waits that a block on this state may hold. */
  hasEvidenceFor(state: LedgerState, nowMs: number): boolean {
    for (const one of this.#waiting.values()) {
      const { evidence } = one.transaction
      if (evidence === undefined || !isFreshEvidence(state, evidence)) continue
      if (isJudged(state, one)) continue
      if (checkTransaction(state, one, nowMs, this.#env).ok) return true
    }
    return false
  }

  pending(): readonly Uint8Array[] {
    return [...this.#waiting.values()].map((transaction) => transaction.bytes)
  }

  /** Drops what a final block holds and what can never be included any more. */
  settle(state: LedgerState): void {
    const { epoch } = readSingle(state, epochRecord)
    for (const [key, transaction] of this.#waiting) {
      const { sender, nonce, expiryEpoch, ready, confirm } = transaction.transaction
      const isSpent = sender.length === 32 && accountOf(state, sender).nonce > nonce
      const isOld =
        expiryEpoch < epoch ||
        (ready !== undefined && ready.epoch <= epoch) ||
        (confirm !== undefined && confirm.epoch <= epoch) ||
        isJudged(state, transaction)
      if (isOld || (isSpent && !isDuty(transaction))) this.#drop(key, transaction)
    }
  }

  /** What waits was verified, and stays in force for as long as this one would. */
  #isCovered(key: string, transaction: DecodedTransaction): boolean {
    const waiting = this.#waiting.get(key)
    return waiting !== undefined && usefulUntil(waiting) >= usefulUntil(transaction)
  }

  #hasRoom(key: string, transaction: DecodedTransaction): boolean {
    const replaced = this.#waiting.get(key)
    const fromSender = this.#senders.get(roomOf(transaction)) ?? 0
    const limits = isDuty(transaction) ? dutyLimits : mempoolLimits
    const senderMax = fewKinds.has(transaction.kind) ? fewMax : limits.senderMax
    const used = this.#usedBy(transaction)
    const one = replaced === undefined ? 0 : 1
    const addedBytes = transaction.bytes.length - (replaced?.bytes.length ?? 0)
    return (
      used.count - one < limits.transactionsMax &&
      used.bytes + addedBytes <= limits.bytesMax &&
      fromSender - one < senderMax
    )
  }

  #usedBy(transaction: DecodedTransaction): { count: number; bytes: number } {
    return isDuty(transaction) ? this.#used.duty : this.#used.paid
  }

  #keep(key: string, transaction: DecodedTransaction): void {
    const sender = roomOf(transaction)
    this.#waiting.set(key, transaction)
    this.#senders.set(sender, (this.#senders.get(sender) ?? 0) + 1)
    const used = this.#usedBy(transaction)
    used.count += 1
    used.bytes += transaction.bytes.length
  }

  #drop(key: string, transaction: DecodedTransaction): void {
    const sender = roomOf(transaction)
    const left = (this.#senders.get(sender) ?? 1) - 1
    if (left > 0) this.#senders.set(sender, left)
    else this.#senders.delete(sender)
    this.#waiting.delete(key)
    const used = this.#usedBy(transaction)
    used.count -= 1
    used.bytes -= transaction.bytes.length
  }
}

function canWait(state: LedgerState, transaction: DecodedTransaction, next: number): boolean {
  const { sender, nonce, feeMaxMicro } = transaction.transaction
  const feeMicro = BigInt(transaction.bytes.length) * readSingle(state, parameters).byteFeeMicro
  const { balanceMicro } = accountOf(state, sender)
  const isNear = nonce - next < mempoolLimits.senderMax
  return isNear && feeMaxMicro >= feeMicro && balanceMicro >= feeMicro
}
