/**
 * The duty cycle of a validator through the five phases (EPOCH-0): measure, prove, READY, CONFIRM,
 * serve. With every final block; what stands in the way is a reason to act on (EVID-2).
 */
import { hex } from '../../core/base/bytes.ts'
import type { Baseline } from '../../core/emotion/baseline.ts'
import type { ScoreMode } from '../../core/emotion/scoreMode.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord, parameters } from '../../core/ledger/tables.ts'
import { forTicketsOf, hasRevoked, isJailed, validatorOf } from '../../core/ledger/validators.ts'
import { phasesOf, protocol } from '../../core/params.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Prover, ProverProgress } from '../../ports/prover.ts'
import type { Pulse } from '../../ports/pulse.ts'
import type { Duty as DutyState, DutyReason, DutyRecord, ProofSummary } from '../api.ts'
import type { Node } from '../node.ts'
import { absenceCodeOf } from './absenceCodes.ts'
import { describeCandidate } from './candidate.ts'
import { CheckpointLease } from './checkpointLease.ts'
import { SeatWithoutConsent } from './consentChange.ts'
import { confirmState, hasSeatLinks, makeConfirm } from './confirmAttempt.ts'
import { eraseSpentKeys } from './epochKeys.ts'
import { startOfEpoch } from './epochTimes.ts'
import { minuteUnderWay } from './minuteUnderWay.ts'
import { authorOf, duty, isUnjudged } from './ownTransactions.ts'
import { isReadyDecided, OwnLevels } from './ownLevels.ts'
import { proofOffsetMs } from './provingTime.ts'
import { isStillRight, makeReady, type ReadyMade } from './readyAttempt.ts'
import { ReviewDuty } from './reviewDuty.ts'
import { describeSeat } from './seatDuty.ts'
import { enrolmentSecrets } from './secrets.ts'
import { provableWindow } from './signal.ts'

interface DutyOptions {
  readonly node: Node
  readonly identity: Uint8Array
  readonly prover: Prover
  readonly clock: Clock
  readonly proofSecret: Uint8Array
  readonly pulse: () => Pulse | undefined
  readonly baseline: () => Baseline | undefined
  /** PRIV-5: what its owner lets proofs say. */
  readonly scoreMode: () => ScoreMode
  readonly onChange: () => void
}

/** An epoch report holds the last hour. */
const historyMax = 120

export class DutyCycle {
  readonly #options: DutyOptions
  readonly #history: DutyRecord[] = []
  readonly #lease: CheckpointLease
  readonly #reviews: ReviewDuty
  readonly #consent: SeatWithoutConsent
  readonly #levels: OwnLevels
  #progress: Pick<ProverProgress, 'stage' | 'percent'> | undefined
  #abort: AbortController | undefined
  /** Epoch for which a READY was sent, and one for which a CONFIRM was. */
  #readyFor = -1
  #confirmFor = -1
  #absentFor = -1
  /** Proven and not sent yet, by the epoch to serve: two at most. */
  readonly #prepared = new Map<number, ReadyMade>()
  #obstacle: DutyReason | undefined
  #stoodDown: DutyReason | undefined
  #lastProof: ProofSummary | undefined
  /** Keys are to be erased that could not be while one was made (EPOCH-3). */
  #eraseDue = false
  #stop: () => void = () => undefined

  constructor(options: DutyOptions) {
    this.#options = options
    this.#lease = new CheckpointLease(options.node)
    this.#reviews = new ReviewDuty(options.node)
    this.#consent = new SeatWithoutConsent(options.node)
    this.#levels = new OwnLevels(options.clock)
  }

  start(): void {
    this.#stop = this.#options.node.events.on((event) => {
      if (event.type === 'final') {
        void this.#look()
        void this.#reviews.look(event.block)
      }
      if (event.type === 'epoch') void this.#onEpoch(event.running.epoch)
    })
    void this.#look()
  }

  stop(): void {
    this.#stop()
    this.#abort?.abort()
  }

  get history(): readonly DutyRecord[] {
    return this.#history
  }

  get lastProof(): ProofSummary | undefined {
    return this.#lastProof
  }

  /** Off duty until `standReady`; announced, so that it costs nothing (EVID-2). */
  async stepDown(reason: DutyReason): Promise<void> {
    this.#stoodDown = reason
    this.#abort?.abort()
    await this.announceAbsence(reason)
    this.#options.onChange()
  }

  /** EPOCH-7: the hidden tab cannot serve; who stepped down by hand stays so. */
  async hide(): Promise<void> {
    if (this.#stoodDown !== undefined) return
    this.#obstacle = 'HIDDEN'
    await this.stepDown('HIDDEN')
  }

  /** EPOCH-7: visible again. */
  show(): void {
    if (this.#stoodDown === 'HIDDEN') this.standReady()
  }

  standReady(): void {
    this.#stoodDown = undefined
    void this.#look()
    this.#options.onChange()
  }

  async announceAbsence(reason: DutyReason): Promise<void> {
    const { node } = this.#options
    const epoch = node.chain.epoch
    const author = authorOf(node)
    if (author === undefined || this.#absentFor === epoch) return
    if (validatorOf(author.state, author.signer.identity) === undefined) return
    this.#absentFor = epoch
    await node.submit(duty(author, { absence: { reason: absenceCodeOf(reason) } }))
  }

  async #look(): Promise<void> {
    const { node } = this.#options
    if (node.isSyncing) return
    if (node.mayAct.signer === undefined) {
      // FORK-1, RECOVER-1: nothing is proven for what will not be sent either.
      this.#abort?.abort()
      this.#options.onChange()
      return
    }
    await this.#consent.look()
    const isClockOff = await this.#lookAtClock()
    if (!isClockOff) await this.#sendReady()
    if (!isClockOff) await this.#tryConfirm()
    if (this.#stoodDown === undefined) await this.#lease.look()
    this.#options.onChange()
    if (this.#eraseDue) await this.#eraseKeys()
    if (!isClockOff) await this.#prepareReady()
  }

  /** TIME-1: its headers and votes would be untimely; announced, so that it costs nothing. */
  async #lookAtClock(): Promise<boolean> {
    const { isClockOff } = this.#options.node.peers
    if (isClockOff) {
      this.#obstacle = 'CLOCK_OFF'
      await this.announceAbsence('CLOCK_OFF')
    } else if (this.#obstacle === 'CLOCK_OFF') this.#obstacle = undefined
    return isClockOff
  }

  /** READY counts in the first seconds of the epoch before the one that it serves. */
  async #sendReady(): Promise<void> {
    const { node } = this.#options
    const author = authorOf(node)
    if (author === undefined) return
    const record = readSingle(author.state, epochRecord)
    const epoch = record.epoch + 1
    const offsetMs = node.nowMs() - record.startMs
    if (this.#readyFor >= epoch || !record.open || this.#stoodDown !== undefined) return
    const { readyUntilMs } = phasesOf(readSingle(author.state, parameters))
    if (offsetMs > readyUntilMs) return
    const made = this.#prepared.get(epoch)
    if (made === undefined) return
    // Also of a READY that was made before: it would only be refused.
    if (this.#mayNotServe(epoch) || !isStillRight(made, author, this.#options.scoreMode())) {
      this.#prepared.delete(epoch)
      return
    }
    const sentBefore = this.#readyFor
    this.#readyFor = epoch
    const sent = await node.submit(duty(author, { ready: made.ready }))
    // Nobody judged it: the next block asks again, while READY is open.
    const isToRepeat = !sent.ok && isUnjudged(sent.error.code)
    if (isToRepeat && this.#readyFor === epoch) this.#readyFor = sentBefore
    const marginMs = record.startMs + readyUntilMs - made.madeAtMs
    this.#lastProof = { epoch, tookMs: made.tookMs, marginMs, accepted: sent.ok }
    if (!sent.ok) node.events.emit({ type: 'notice', text: `READY refused: ${sent.error.code}` })
    this.#obstacle = sent.ok
      ? undefined
      : sent.error.code === 'READY_LATE'
        ? 'LATE'
        : 'PROOF_FAILED'
  }

  /**
   * Proves for the epoch after the next one, at this validator's own offset, so that provers do not
   * burst (EPOCH-0); and for the next one at once when that was not done in time.
   */
  async #prepareReady(): Promise<void> {
    const { node, identity } = this.#options
    const { state } = node.chain.tip
    const record = readSingle(state, epochRecord)
    if (this.#abort !== undefined || this.#stoodDown !== undefined || !record.open) return
    const { epochMs } = readSingle(state, parameters)
    const offsetMs = node.nowMs() - record.startMs
    const { readyUntilMs } = phasesOf({ epochMs })
    const canStillSend = offsetMs < readyUntilMs && this.#readyFor < record.epoch + 1
    const isOwnTime = offsetMs >= proofOffsetMs(identity, record.epoch, epochMs)
    const isUnsent = canStillSend && this.#prepared.has(record.epoch + 1)
    // FIT-3: it opens what the READY that is sent leaves, or what was there before.
    const isFollowed = isUnsent || this.#readyFor > record.epoch
    const isDue = isOwnTime && (!isFollowed || isReadyDecided(state, identity))
    const epoch = canStillSend && !isUnsent ? record.epoch + 1 : record.epoch + 2
    if (epoch === record.epoch + 2 && !isDue) return
    if (this.#prepared.has(epoch) || this.#mayNotServe(epoch)) return
    const obstacle = await this.#attempt(epoch)
    const isNews = obstacle !== this.#obstacle
    this.#obstacle = obstacle
    if (isNews && obstacle !== undefined) {
      node.events.emit({ type: 'notice', text: `no READY for ${String(epoch)}: ${obstacle}` })
    }
    if (obstacle === 'SENSOR_LOST') await this.announceAbsence(obstacle)
    await this.#sendReady()
  }

  /** Not registered, too young, jailed, unbonded, no consent: nothing to do, nor to complain of. */
  #mayNotServe(epoch: number): boolean {
    const { node, identity } = this.#options
    const { state } = node.chain.tip
    const validator = validatorOf(state, identity)
    if (validator === undefined || isJailed(validator, epoch)) return true
    if (validator.consentVersion === 0) return true
    const past = forTicketsOf(validator, epoch)
    const { bondMinMicro } = readSingle(state, parameters)
    if (validator.bondedMicro < bondMinMicro) return true
    return past === undefined || past.stakeMicro < bondMinMicro
  }

  async #attempt(epoch: number): Promise<DutyReason | undefined> {
    const { node, prover, pulse, baseline, proofSecret } = this.#options
    const own = baseline()
    const source = pulse()
    const author = authorOf(node)
    if (author === undefined) return node.mayAct.stopped ?? 'STEPPED_DOWN'
    if (own === undefined) return 'NO_BASELINE'
    const window = provableWindow(source, node.nowMs())
    if (!window.ok || source === undefined) return window.ok ? 'NO_SENSOR' : window.error
    const abort = new AbortController()
    this.#abort = abort
    try {
      const made = await makeReady({
        author,
        mayAct: node.mayAct,
        epoch,
        window: window.value,
        provenance: source.provenance,
        secrets: enrolmentSecrets(proofSecret, own),
        levels: this.#levels,
        scoreMode: this.#options.scoreMode(),
        prover,
        peerId: node.transport.self,
        nowMs: () => node.nowMs(),
        signal: abort.signal,
        onProgress: (progress) => {
          this.#progress = progress
          this.#options.onChange()
        },
        onRefused: (code) => {
          node.events.emit({ type: 'notice', text: `no proof for ${String(epoch)}: ${code}` })
        },
      })
      if (!made.ok) return made.error
      this.#prepared.set(epoch, made.value)
      return undefined
    } finally {
      this.#abort = undefined
      this.#progress = undefined
    }
  }

  async #tryConfirm(): Promise<void> {
    const { node } = this.#options
    const author = authorOf(node)
    const epoch = node.chain.epoch + 1
    if (author === undefined) return
    if (this.#confirmFor >= epoch || this.#stoodDown !== undefined) return
    if (confirmState(author.state, author.signer.identity) !== 'due') return
    if (!hasSeatLinks(author.state, node.transport.peers())) {
      this.#obstacle = 'NO_PEERS'
      return
    }
    const bytes = await makeConfirm(author, node.mayAct)
    if (bytes === undefined) {
      this.#obstacle = node.mayAct.stopped ?? 'EPOCH_KEY_ELSEWHERE'
      return
    }
    const sent = await node.submit(bytes)
    if (sent.ok) this.#confirmFor = epoch
    else node.events.emit({ type: 'notice', text: `CONFIRM refused: ${sent.error.code}` })
  }

  async #onEpoch(epoch: number): Promise<void> {
    const { node } = this.#options
    const seat = node.running?.seat
    const isMissed = seat === undefined && this.#readyFor < epoch && this.#obstacle !== undefined
    // It starts again when keys change or consent is taken back: one record all the same.
    if (this.#history.at(-1)?.epoch === epoch) this.#history.pop()
    this.#history.push({
      epoch,
      outcome: seat !== undefined ? 'served' : isMissed ? 'missed' : 'none',
      reason: isMissed ? this.#obstacle : undefined,
      seat,
    })
    if (this.#history.length > historyMax) this.#history.shift()
    this.#obstacle = this.#stoodDown === 'HIDDEN' ? 'HIDDEN' : undefined
    for (const prepared of this.#prepared.keys()) {
      if (prepared <= epoch) this.#prepared.delete(prepared)
    }
    await this.#eraseKeys()
    await this.#look()
  }

  /**
   * Not while a key is being made, which nothing names yet, nor from the old states that are passed
   * while catching up: with a later block then.
   */
  async #eraseKeys(): Promise<void> {
    const { node } = this.#options
    const { signer } = node.mayAct
    // What it knows of the chain may be what the network gave up: every key is kept.
    if (signer === undefined) return
    this.#eraseDue = this.#abort !== undefined || this.#lease.isMakingKey || node.isSyncing
    if (this.#eraseDue) return
    this.#eraseDue = !(await eraseSpentKeys({
      store: node.chain.store,
      signer,
      state: node.chain.tip.state,
      unsent: () => [...this.#prepared.values()].map(({ slot }) => slot),
      nowMs: node.nowMs(),
    }))
  }

  /** Where this validator stands, most important first. */
  describe(): DutyState {
    const { node, identity } = this.#options
    const { state } = node.chain.tip
    const running = node.running
    const record = readSingle(state, epochRecord)
    const params = readSingle(state, parameters)
    const validator = validatorOf(state, identity)
    const { stopped } = node.mayAct
    if (stopped !== undefined) return { state: 'abstaining', reason: stopped }
    if (validator === undefined) return { state: 'unregistered' }
    const { epoch } = record
    if (isJailed(validator, epoch)) {
      return { state: 'jailed', untilEpoch: validator.jailedUntilEpoch, reason: 'EVIDENCE' }
    }
    if (node.peers.isClockOff) return { state: 'absent', reason: 'CLOCK_OFF' }
    if (running?.seat !== undefined) return describeSeat(running, running.seat, epoch)
    if (hasRevoked(state, identity)) return { state: 'absent', reason: 'CONSENT_REVOKED' }
    const isBonded = validator.bondedMicro >= params.bondMinMicro
    if (!isBonded) return { state: 'absent', reason: 'UNBONDED' }
    if (this.#stoodDown !== undefined) return { state: 'absent', reason: this.#stoodDown }
    if (this.#mayNotServe(epoch + 1)) {
      const servesFromEpoch = Math.max(
        epoch + 1,
        validator.registeredEpoch + protocol.stakeLagEpochs,
      )
      const startsAtMs = startOfEpoch(record, params, servesFromEpoch)
      return { state: 'waiting', servesFromEpoch, startsAtMs }
    }
    const { pulse, baseline } = this.#options
    const source = baseline() === undefined ? undefined : pulse()
    const nowMs = node.nowMs()
    return describeCandidate(state, identity, {
      progress: this.#progress,
      readyFor: this.#readyFor,
      obstacle: this.#obstacle,
      isLive: source?.freshness(nowMs) === 'fresh',
      minute: minuteUnderWay(source, record, params, nowMs),
    })
  }

  /** Hex of the identity, for logs. */
  get identity(): string {
    return hex(this.#options.identity)
  }
}
