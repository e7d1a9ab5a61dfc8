/**
 * RECOVER-1 in a node: which Restart record it acts on. A record is taken when the ledger would let
 * it open a block on the final tip now; it is durable before anything is signed under it, and it is
 * dropped as soon as the tip leaves its base. Nothing final is given up for one (BFT-7).
 *
 * A record that is signed but comes before its base or its time waits: one, the newest. What a
 * voter signed itself is kept here too, so that its seat in an earlier committee stays silent.
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import { err, ok, type Result } from '../core/base/result.ts'
import type { Committee, Restart } from '../core/codec/chain.ts'
import { RestartRecord, type RestartPayload } from '../core/codec/restart.ts'
import type { Verifier } from '../core/ledger/env.ts'
import type { RestartError } from '../core/ledger/errors.ts'
import { readSingle } from '../core/ledger/state.ts'
import { chainInfo, epochRecord, parameters } from '../core/ledger/tables.ts'
import { decodeTransaction, type DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { applyRestart, lastAttempt, restartSignature } from '../core/ledger/transactions/restart.ts'
import { mayVoteOnCheckpoint, seatMaySign, signedRecord } from '../core/restart/voterRules.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Verdict } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { SerialQueue } from './serialQueue.ts'

/** The record taken last, in the store of this device. */
const storedName = 'restart'

/** What this voter signed for a restart, a RestartRecord. */
const signedName = 'restart/signed'

/** A record this much before its time waits for it; an earlier one is refused. */
const earlyMsMax = 10_000

export interface PendingRestart {
  /** Opens the first block of the new committee. */
  readonly transaction: DecodedTransaction
  readonly restart: Restart
  readonly committee: Committee
  readonly base: HashHex
}

export type RestartOfferError =
  | RestartError
  /** No transaction with a Restart. */
  | { readonly code: 'TX_KIND' }

interface RestartOptions {
  readonly chain: Chain
  readonly verifier: Verifier
  readonly clock: Clock
  readonly nowMs: () => number
  /** Everything that moves the final tip, one after the other. */
  readonly queue: SerialQueue
  /** The epoch goes on with another committee, or with a seat that is silent. In the queue. */
  readonly onChanged: (options: { readonly restarted: boolean }) => Promise<void>
  /** The attempt is over: final blocks of an earlier committee may be taken. In the queue. */
  readonly onReleased: () => Promise<void>
}

export class RestartDesk {
  readonly #options: RestartOptions
  #pending: PendingRestart | undefined
  #waiting: DecodedTransaction | undefined
  #signed: RestartRecord | undefined
  #isStopped = false
  #cancel: () => void = () => undefined
  /** Ends the hold on final blocks; undefined while there is none. */
  #cancelHold: (() => void) | undefined

  constructor(options: RestartOptions) {
    this.#options = options
    options.chain.holdsBack = (epoch, attempt) => this.#holdsBack(epoch, attempt)
    options.chain.mayVoteOn = (content) => this.#mayVoteOn(content)
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Under which the running epoch goes on, until its first block is final. */
  get pending(): PendingRestart | undefined {
    return this.#pending
  }

  /** The attempt that this node runs now: 0 for the committee of the hand-over. */
  get attempt(): number {
    return this.#pending?.restart.attempt ?? lastAttempt(this.#options.chain.tip.state)
  }

  /** What was taken before this process began. */
  async open(): Promise<void> {
    const { store } = this.#options.chain
    const signed = await store.getValue(signedName)
    if (signed !== undefined) this.#signed = RestartRecord.decode(signed)
    const stored = await store.getValue(storedName)
    // Its time was checked before it was stored; a clock that was set back changes nothing.
    const judged = stored && this.#judge(stored, Number.MAX_SAFE_INTEGER)
    if (judged?.ok === true) this.#pending = judged.value
    // How long this device was off, its clock alone says: an attempt is waited for as a whole.
    if (this.#newest > 0)
      this.#hold(readSingle(this.#options.chain.tip.state, parameters).restartAfterMs)
  }

  /** Whether the record is new; it is durable, and ends the agreement before, when taken. */
  offer(bytes: Uint8Array): Promise<Result<boolean, RestartOfferError>> {
    return new Promise((resolve) => {
      this.#options.queue.push(async () => {
        const taken = await this.#take(bytes)
        resolve(taken)
        if (taken.ok && taken.value) await this.#options.onChanged({ restarted: false })
      })
    })
  }

  /**
   * Whether this voter may sign that payload, once for an attempt. When it is true the record is
   * durable (BFT-10), and no seat of an earlier committee of the epoch signs here any more.
   */
  sign(payload: RestartPayload): Promise<boolean> {
    return new Promise((resolve) => {
      this.#options.queue.push(async () => {
        const isFresh = hex(payload.base) === this.#options.chain.tip.key
        const record = isFresh ? signedRecord(this.#signed, payload) : undefined
        const known = this.#signed?.payload ?? new Uint8Array(0)
        if (record !== undefined && !equalBytes(record.payload, known)) {
          await this.#options.chain.store.putValue(signedName, RestartRecord.encode(record))
          this.#signed = record
          this.#hold(this.#leftMs())
          await this.#options.onChanged({ restarted: true })
        }
        resolve(record !== undefined)
      })
    })
  }

  /** Whether a seat of that committee still signs. */
  maySign(committee: Pick<Committee, 'epoch' | 'attempt'>): boolean {
    return seatMaySign(this.#signed, committee)
  }

  #mayVoteOn(content: { readonly epoch: number }): boolean {
    const { state } = this.#options.chain.tip
    const { restartEpoch: epoch, restartAttempt: attempt } = readSingle(state, chainInfo)
    const params = readSingle(state, parameters)
    return mayVoteOnCheckpoint(this.#signed, content, { epoch, attempt }, params)
  }

  /** For gossip: what the key did not sign costs its sender. */
  async verdict(bytes: Uint8Array): Promise<Verdict> {
    const offered = await this.offer(bytes)
    if (offered.ok) return offered.value ? 'accept' : 'ignore'
    return offered.error.code === 'RESTART_SIGNATURE' ? 'reject' : 'ignore'
  }

  async #take(bytes: Uint8Array): Promise<Result<boolean, RestartOfferError>> {
    const judged = this.#judge(bytes, this.#options.nowMs())
    if (!judged.ok) {
      this.#keepForLater(bytes, judged.error)
      return judged
    }
    const { restart } = judged.value
    const known = this.#pending
    if (known !== undefined && restart.attempt <= known.restart.attempt) {
      return hex(bytes) === hex(known.transaction.bytes)
        ? ok(false)
        : err({ code: 'RESTART_STALE' })
    }
    await this.#options.chain.store.putValue(storedName, bytes)
    this.#pending = judged.value
    this.#waiting = undefined
    this.#hold(this.#leftMs())
    return ok(true)
  }

  /** The tip moved, in the queue: what stood on the old one ends, what waited may begin. */
  async settle(): Promise<void> {
    const { chain } = this.#options
    if (this.#pending !== undefined && this.#pending.base !== chain.tip.key) {
      this.#pending = undefined
      await chain.store.putValue(storedName, undefined)
    }
    const waiting = this.#waiting
    if (waiting !== undefined) await this.#take(waiting.bytes)
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
    this.#cancelHold?.()
  }

  /**
   * Final blocks of an earlier committee that come after a restart was taken or signed, while its
   * attempt runs, would leave this node alone above the base. When the attempt brings nothing they
   * are taken, and the next one begins above them.
   */
  #holdsBack(epoch: number, attempt: number): boolean {
    const { chain } = this.#options
    const isDevnet = readSingle(chain.tip.state, chainInfo).devnet !== undefined
    if (isDevnet || epoch !== chain.epoch || this.#cancelHold === undefined) return false
    return attempt < this.#newest
  }

  /** The newest attempt of the running epoch that was signed or taken here; 0 for none. */
  get #newest(): number {
    const signed = this.#signed?.epoch === this.#options.chain.epoch ? this.#signed.attempt : 0
    return Math.max(signed, this.#pending?.restart.attempt ?? 0)
  }

  /** Of the newest attempt. No more than one lasts, whatever the clock says. */
  #leftMs(): number {
    const { state } = this.#options.chain.tip
    const { restartAfterMs } = readSingle(state, parameters)
    const endMs = readSingle(state, epochRecord).boundaryMs + (this.#newest + 1) * restartAfterMs
    return Math.max(0, Math.min(restartAfterMs, endMs - this.#options.nowMs()))
  }

  /** By a timer, that waits for time that passes: a clock that is set ends no attempt. */
  #hold(durationMs: number): void {
    const { clock, queue, onReleased } = this.#options
    this.#cancelHold?.()
    this.#cancelHold = clock.after(durationMs, () => {
      this.#cancelHold = undefined
      queue.push(onReleased)
    })
  }

  #judge(bytes: Uint8Array, timeMs: number): Result<PendingRestart, RestartOfferError> {
    const { chain, verifier } = this.#options
    const { state, hash, key } = chain.tip
    const { transactionBytesMax } = readSingle(state, parameters)
    const decoded = decodeTransaction(bytes, transactionBytesMax)
    const restart = decoded.ok ? decoded.value.transaction.restart : undefined
    if (!decoded.ok || restart === undefined) return err({ code: 'TX_KIND' })
    // The signature before all else: what is not signed is somebody's noise, however it reads. Of
    // another epoch the set of voters is not known here.
    const isDevnet = readSingle(state, chainInfo).devnet !== undefined
    if (!isDevnet && restart.epoch !== chain.epoch) return err({ code: 'RESTART_FORBIDDEN' })
    const signed = restartSignature(state, restart, verifier)
    if (!signed.ok) return signed
    const applied = applyRestart(state, restart, { base: hash, timeMs }, verifier)
    if (!applied.ok) return applied
    const { committee } = applied.value
    return ok({ transaction: decoded.value, restart, committee, base: key })
  }

  /** The base may be on its way to this node, or its clock a little behind the others'. */
  #keepForLater(bytes: Uint8Array, error: RestartOfferError): void {
    const { chain, clock, nowMs } = this.#options
    if (error.code !== 'RESTART_STALE' && error.code !== 'RESTART_EARLY') return
    const decoded = decodeTransaction(bytes, bytes.length)
    const restart = decoded.ok ? decoded.value.transaction.restart : undefined
    if (!decoded.ok || restart === undefined || restart.epoch < chain.epoch) return
    const known = this.#waiting?.transaction.restart
    if (known !== undefined && !isNewer(restart, known)) return
    if (error.code === 'RESTART_EARLY') {
      const waitMs = error.notBeforeMs - nowMs()
      if (waitMs > earlyMsMax) return
      this.#cancel()
      this.#cancel = clock.after(waitMs, () => void this.offer(bytes))
    } else if (restart.epoch === chain.epoch && restart.attempt <= this.attempt) return
    this.#waiting = decoded.value
  }
}

function isNewer(one: Restart, other: Restart): boolean {
  return one.epoch === other.epoch ? one.attempt > other.attempt : one.epoch > other.epoch
}
