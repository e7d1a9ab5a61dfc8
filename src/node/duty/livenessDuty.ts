/**
 * The liveness credential of this validator (LIVE-6): what it is asked, the answer with its proofs,
 * and the end of the credential when contact with the sensor is lost.
 */
import { hex } from '../../core/base/bytes.ts'
import { err, type Result } from '../../core/base/result.ts'
import type { Liveness } from '../../core/codec/chain.ts'
import type { Validator } from '../../core/codec/state.ts'
import { readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import { lastAnswerEpoch } from '../../core/liveness/schedule.ts'
import type { LivenessStatement } from '../../core/liveness/statement.ts'
import type { BreathWindow } from '../../core/liveness/window.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Prover } from '../../ports/prover.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { LivenessSummary } from '../api.ts'
import type { Node } from '../node.ts'
import { contactName, decodeContact, encodeContact, type ContactRecord } from './contactRecord.ts'
import { ContactWatch } from './contactWatch.ts'
import { answerBytes, proveWindows, statementsOf, type AnswerError } from './livenessAnswer.ts'
import { livenessSummary, type LivenessProgress } from './livenessView.ts'
import { authorOf, duty, isUnjudged, provenanceCode } from './ownTransactions.ts'

interface LivenessOptions {
  readonly node: Node
  readonly identity: Uint8Array
  readonly prover: Prover
  readonly clock: Clock
  readonly proofSecret: Uint8Array
  readonly pulse: () => Pulse | undefined
  readonly onChange: () => void
}

/** How often it is written down that there is contact. */
const keepMs = 5_000

/** Before an answer that this node's verifier had no time for is sent again. */
const againMs = 1_000

export class LivenessDuty {
  readonly #options: LivenessOptions
  readonly #contact: ContactWatch
  readonly #abort = new AbortController()
  #progress: LivenessProgress | undefined
  #loaded: Promise<void> | undefined
  #kept: ContactRecord | undefined
  /** The credential whose end was sent, by its challenge, and in which epoch. */
  #ended: { readonly answeredMark: number; readonly epoch: number } | undefined

  constructor(options: LivenessOptions) {
    this.#options = options
    this.#contact = new ContactWatch(options.clock.nowMs())
  }

  stop(): void {
    this.#abort.abort()
  }

  describe(): LivenessSummary | undefined {
    const { state } = this.#options.node.chain.tip
    const validator = this.#validator(state)
    if (validator === undefined) return undefined
    return livenessSummary(state, validator, {
      nowMs: this.#options.node.nowMs(),
      progress: this.#progress,
      contactLostSinceMs: this.#contact.lostSinceMs,
    })
  }

  /** Once a second. */
  async look(): Promise<void> {
    const { pulse, clock, node } = this.#options
    await (this.#loaded ??= this.#load())
    const { state } = node.chain.tip
    const { epoch } = readSingle(state, epochRecord)
    const answeredMark = this.#liveMark(state, epoch)
    const contact = this.#contact.look(pulse(), clock.nowMs(), answeredMark)
    await this.#keep()
    if (contact === 'kept' || answeredMark === undefined || node.isSyncing) return
    const isSent = this.#ended?.answeredMark === answeredMark && this.#ended.epoch === epoch
    const author = authorOf(node)
    if (isSent || author === undefined) return
    this.#ended = { answeredMark, epoch }
    const sent = await node.submit(duty(author, { endLiveness: { answeredMark } }))
    const text = sent.ok ? 'its liveness credential ends' : `refused: ${sent.error.code}`
    node.events.emit({ type: 'notice', text: `contact with the sensor is lost: ${text}` })
  }

  /** LIVE-1: proves the windows of the challenge of `epoch` and sends the answer. */
  async answer(
    epoch: number,
    windows: readonly BreathWindow[],
  ): Promise<Result<undefined, AnswerError>> {
    if (this.#progress?.step === 'proving') return err({ code: 'BUSY' })
    const { pulse, node, proofSecret } = this.#options
    const source = pulse()
    if (source === undefined) return err({ code: 'NO_SENSOR' })
    const asking = authorOf(node)
    if (asking === undefined) return err(notNow(node))
    const stated = statementsOf(asking, { epoch, windows }, proofSecret)
    if (!stated.ok) return stated
    this.#setProgress({ epoch, step: 'proving' })
    let isSent = false
    try {
      const sent = await this.#proveAndSend(epoch, stated.value, source)
      isSent = sent.ok
      return sent
    } finally {
      this.#setProgress(isSent ? { epoch, step: 'sent' } : undefined)
    }
  }

  async #proveAndSend(
    epoch: number,
    statements: readonly LivenessStatement[],
    source: Pulse,
  ): Promise<Result<undefined, AnswerError>> {
    const { provenance } = source
    const { prover, clock } = this.#options
    const proven = await proveWindows(statements, prover, this.#abort.signal)
    if (!proven.ok) return proven
    await (this.#loaded ??= this.#load())
    this.#contact.begin(epoch + 1, source, clock.nowMs())
    await this.#keep()
    return this.#send({ epoch, windows: proven.value, provenance: provenanceCode(provenance) })
  }

  /** While nobody has judged it and it counts: minutes of breathing are not lost for a moment. */
  async #send(liveness: Liveness): Promise<Result<undefined, AnswerError>> {
    const { node, clock } = this.#options
    for (;;) {
      const author = authorOf(node)
      if (author === undefined) return err(notNow(node))
      const sent = await node.submit(answerBytes(author, liveness))
      const isOver = lastAnswerEpoch(liveness.epoch) < readSingle(author.state, epochRecord).epoch
      if (sent.ok || !isUnjudged(sent.error.code) || isOver) return sent
      await new Promise<void>((resolve) => clock.after(againMs, resolve))
      if (this.#abort.signal.aborted) return sent
    }
  }

  /**
   * The challenge behind a credential that lives. What a genesis granted says nothing about a
   * heart, so there is nothing to lose contact with.
   */
  #liveMark(state: LedgerState, epoch: number): number | undefined {
    const validator = this.#validator(state)
    const isLive = validator !== undefined && validator.credentialExpiry >= epoch
    return isLive && validator.answeredProvenance > 0 ? validator.answeredMark : undefined
  }

  async #load(): Promise<void> {
    const { node, identity } = this.#options
    const bytes = await node.chain.store.getValue(contactName(hex(identity)))
    this.#contact.restore(bytes && decodeContact(bytes))
  }

  /** Each five seconds, and whatever a reload must know at once. */
  async #keep(): Promise<void> {
    const { record } = this.#contact
    const kept = this.#kept
    const isNews =
      kept?.forgiven !== record?.forgiven ||
      kept?.answeredMark !== record?.answeredMark ||
      kept?.nextMark !== record?.nextMark ||
      Math.abs((record?.seenMs ?? 0) - (kept?.seenMs ?? 0)) >= keepMs
    if (record === undefined || !isNews) return
    this.#kept = record
    const { node, identity } = this.#options
    await node.chain.store.putValue(contactName(hex(identity)), encodeContact(record))
  }

  #setProgress(progress: LivenessProgress | undefined): void {
    this.#progress = progress
    this.#options.onChange()
  }

  #validator(state: LedgerState): Validator | undefined {
    return validatorOf(state, this.#options.identity)
  }
}

/** It was stopped, or its keys were locked, before the answer left. */
function notNow({ mayAct }: Node): AnswerError {
  return { code: mayAct.stopped ?? 'LOCKED' }
}
