/**
 * Runs the agreement of one epoch: feeds `step` what arrives and carries out what it orders.
 *
 * The order that keeps the promise of BFT-10: whatever may carry a signature of ours waits in one
 * queue behind every write of the safety record that came before it.
 */
import { shiftTimes } from '../core/bft/shiftTimes.ts'
import { step } from '../core/bft/step.ts'
import type {
  Agreement,
  AgreementEnv,
  BlockNode,
  BuildRequest,
  Contradiction,
  Effect,
  Input,
} from '../core/bft/types.ts'
import { Header, type Certificate } from '../core/codec/chain.ts'
import { hash } from '../core/crypto/hash.ts'
import { timeOf, type TimeMs } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import type { BuiltBlock } from './blockBuilder.ts'
import { ClockWatch } from './clockWatch.ts'
import type { BlockBytes, Execution } from './executor.ts'
import { SerialQueue } from './serialQueue.ts'
import type { AgreementMessage } from './wire.ts'

export interface FinalEffect {
  readonly nodes: readonly BlockNode[]
  readonly path: readonly Uint8Array[]
  readonly certificate: Certificate
  readonly closesEpoch: boolean
}

export interface EngineHost {
  readonly clock: Clock
  /** Time as TIME-1 wants it: corrected by the median offset of the seats. */
  readonly nowMs: () => number
  readonly store: Store
  /** Hex of the own epoch key; names the safety slot. */
  readonly slot: string | undefined
  broadcast(message: AgreementMessage): void
  fetch(hashes: readonly Uint8Array[], seats: readonly number[]): void
  execute(block: BlockBytes): Promise<Execution>
  build(request: BuildRequest): BuiltBlock | undefined
  /** PACE-1: whether evidence waits that applies on the block's parent. */
  presses(request: BuildRequest): boolean
  /** Must not hold up the queue: what follows may be a vote. */
  onFinal(effect: FinalEffect): void
  /** BFT-12. */
  onStrong(certificate: Certificate): void
  onEvidence(contradiction: Contradiction): void
  onAlarm(alarm: Extract<Effect, { type: 'alarm' }>): void
  /** Nothing of it holds, and it was given to `receive` (NET-5). */
  onRefused(message: Extract<Effect, { type: 'refused' }>['message']): void
  onFailure(error: unknown): void
  /** The clock was set, or time was lost: what was measured by it before holds no more (TIME-1). */
  onClockJump(): void
  /** Something that an operator wants in the log. */
  onNotice(text: string): void
  /** After every step that changed something. */
  onState(state: Agreement): void
}

/** What an execution says of this node and not of the block. */
const unjudged: ReadonlySet<string> = new Set([
  ...['BLOCK_PARENT_UNKNOWN', 'BLOCK_PROOF_UNVERIFIED', 'BLOCK_EXECUTION_FAILED'],
])

/** Before a block without a verdict is executed again: doubled each time, up to the second one. */
const recheckMs = { first: 500, max: 8000 }

export class Engine {
  readonly env: AgreementEnv
  readonly #host: EngineHost
  readonly #queue: SerialQueue
  #state: Agreement
  readonly #watch: ClockWatch
  #cancelWake: () => void = () => undefined
  #wakeAtMs = 0
  #stopped = false
  /** PACE-1: the block that this seat may build, and that waits for its time. */
  #paced: { readonly request: BuildRequest; readonly cancel: () => void } | undefined

  constructor(env: AgreementEnv, state: Agreement, host: EngineHost) {
    this.env = env
    this.#state = state
    this.#host = host
    this.#watch = new ClockWatch(host.clock, host.nowMs)
    this.#queue = new SerialQueue((error) => {
      this.stop()
      host.onFailure(error)
    })
  }

  get state(): Agreement {
    return this.#state
  }

  start(): void {
    this.feed({ type: 'start', nowMs: this.#now() })
  }

  /** Everything queued is carried out; nothing more is begun. */
  stop(): void {
    this.#stopped = true
    this.#cancelWake()
    this.#paced?.cancel()
  }

  idle(): Promise<void> {
    return this.#queue.idle()
  }

  /**
   * BFT-10: the present state as others may be told of it, when every record is durable whose votes
   * it holds, alone or in a certificate. Undefined when the store has failed.
   */
  shown(): Promise<Agreement | undefined> {
    const state = this.#state
    return this.#queue.run(() => Promise.resolve(state))
  }

  /** PACE-1: a leader that waits for its time does not let evidence wait. */
  evidenceCame(): void {
    const paced = this.#paced
    if (paced === undefined || this.#stopped || paced.request.view !== this.#state.view) return
    if (!paced.request.isTail && this.#host.presses(paced.request)) this.#beginPaced()
  }

  receive(message: AgreementMessage): void {
    this.feed({ ...message, nowMs: this.#now() })
  }

  /** Its time is the one of now: whoever feeds it may read another clock. */
  feed(input: Input): void {
    if (this.#stopped) return
    this.#lookAtClock()
    this.#step({ ...input, nowMs: this.#now() })
  }

  /** Before anything is signed at a time that came by a jump (BFT-10). */
  #lookAtClock(): void {
    const { shiftMs: jumpMs, jump } = this.#watch.look()
    if (jump !== 'none') this.#host.onClockJump()
    // Its correction is gone with that, before anything is done at the new time.
    const shiftMs = jump === 'none' ? jumpMs : jumpMs + this.#watch.look().shiftMs
    if (shiftMs !== 0) {
      this.#state = shiftTimes(this.#state, shiftMs)
      this.#wakeAtMs = 0
    }
    if (jump === 'none') return
    this.#host.onNotice(`${jump === 'back' ? 'CLOCK_SET_BACK' : 'TIME_LOST'}:${String(shiftMs)} ms`)
    if (jump === 'gap') this.#step({ type: 'gap', nowMs: this.#now() })
  }

  #step(input: Input): void {
    const { state, effects } = step(this.env, this.#state, input)
    const changed = state !== this.#state
    this.#state = state
    for (const effect of effects) this.#perform(effect)
    if (changed) this.#host.onState(state)
  }

  #now(): TimeMs {
    return timeOf(this.#host.nowMs())
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'wake':
        this.#wake(effect.atMs)
        return
      case 'build':
        this.#build(effect.request)
        return
      case 'check':
        void this.#check(effect.node)
        return
      case 'fetch':
        this.#host.fetch(effect.hashes, effect.seats)
        return
      case 'evidence':
        this.#host.onEvidence(effect.contradiction)
        return
      case 'alarm':
        this.#host.onAlarm(effect)
        return
      case 'refused':
        this.#host.onRefused(effect.message)
        return
      default:
        this.#performLate(effect)
    }
  }

  /** BFT-10: in order, each after every earlier record is durable. */
  #performLate(
    effect: Extract<
      Effect,
      { type: 'persist' | 'sendProposal' | 'sendVote' | 'sendCertificate' | 'final' | 'strong' }
    >,
  ): void {
    const host = this.#host
    this.#queue.push(async () => {
      switch (effect.type) {
        case 'persist': {
          const { sequence, record, pending } = effect
          if (host.slot === undefined) return
          await host.store.writeSafety({ slot: host.slot, sequence, record, pending })
          return
        }
        case 'sendProposal':
          host.broadcast({ type: 'proposal', proposal: effect.proposal })
          return
        case 'sendVote':
          host.broadcast({ type: 'vote', vote: effect.vote })
          return
        case 'sendCertificate':
          host.broadcast({ type: 'certificate', certificate: effect.certificate })
          return
        case 'final':
          host.onFinal(effect)
          return
        case 'strong':
          host.onStrong(effect.certificate)
      }
    })
  }

  /**
   * BFT-5: a verdict, or none yet. Without one the block stays as it is, neither voted for nor
   * called invalid, and is executed again while the agreement waits for it.
   */
  async #check(node: BlockNode, waitMs = recheckMs.first): Promise<void> {
    const { hash: blockHash, header, proposal, isTail } = node
    const block = { hash: blockHash, header, body: proposal.body, isTail }
    const execution = await this.#execute(block)
    if (!execution.valid && unjudged.has(execution.code)) {
      // Not a word about the block: this node lacked what it needs to judge it.
      this.#host.onNotice(`BLOCK_UNJUDGED:${execution.code}`)
      this.#host.clock.after(waitMs, () => {
        const isWaiting = this.#state.blocks.get(node.key)?.validity === 'checking'
        if (this.#stopped || !isWaiting) return
        void this.#check(node, Math.min(2 * waitMs, recheckMs.max))
      })
      return
    }
    if (execution.valid) this.#noteUntimely(header)
    this.feed({
      type: 'checked',
      nowMs: this.#now(),
      hash: blockHash,
      valid: execution.valid,
      isBoundary: execution.valid && execution.isBoundary,
    })
  }

  /** TIME-1: no VOTE for it, or a late one. Counted, as it may be this clock that is off. */
  #noteUntimely({ view, timeMs }: Header): void {
    const aheadMs = timeMs - this.#host.nowMs()
    const { timePastMs, timeFutureMs } = this.env.times
    if (view < this.#state.view || (aheadMs >= -timePastMs && aheadMs <= timeFutureMs)) return
    this.#host.onNotice(`HEADER_UNTIMELY:view ${String(view)}, ${String(aheadMs)} ms ahead`)
  }

  /** What fails here, a worker or the store, says nothing of the block. */
  async #execute(block: BlockBytes): Promise<Execution> {
    try {
      return await this.#host.execute(block)
    } catch (thrown) {
      this.#host.onNotice(`BLOCK_EXECUTION_FAILED:${String(thrown)}`)
      return { valid: false, code: 'BLOCK_EXECUTION_FAILED' }
    }
  }

  #build(request: BuildRequest): void {
    this.#paced?.cancel()
    this.#await(request)
    this.evidenceCame()
  }

  /** Again when it was woken too early: offsets to others' clocks move meanwhile (TIME-1). */
  #await(request: BuildRequest): void {
    const waitMs = Math.max(0, request.notBeforeMs - this.#host.nowMs())
    const cancel = this.#host.clock.after(waitMs, () => {
      if (this.#host.nowMs() < request.notBeforeMs) this.#await(request)
      else this.#beginPaced()
    })
    this.#paced = { request, cancel }
  }

  #beginPaced(): void {
    const paced = this.#paced
    if (paced === undefined) return
    this.#paced = undefined
    paced.cancel()
    void this.#buildNow(paced.request)
  }

  async #buildNow(request: BuildRequest): Promise<void> {
    if (this.#stopped || this.#state.view !== request.view) return
    const built = this.#host.build(request)
    if (built === undefined) {
      this.feed({ type: 'buildFailed', nowMs: this.#now(), view: request.view })
      return
    }
    const execution = await this.#execute(blockBytesOf(built, request))
    if (!execution.valid) {
      this.#host.onNotice(`BUILD_REFUSED:${execution.code}`)
      this.feed({ type: 'buildFailed', nowMs: this.#now(), view: request.view })
      return
    }
    this.feed({
      type: 'built',
      nowMs: this.#now(),
      view: request.view,
      header: built.header,
      body: built.body,
      isBoundary: execution.isBoundary,
    })
  }

  #wake(atMs: number): void {
    if (atMs === this.#wakeAtMs) return
    this.#cancelWake()
    this.#wakeAtMs = atMs
    const delayMs = Math.max(0, atMs - this.#host.nowMs())
    this.#watch.sleeps(delayMs)
    this.#cancelWake = this.#host.clock.after(delayMs, () => {
      this.#wakeAtMs = 0
      this.feed({ type: 'tick', nowMs: this.#now() })
    })
  }
}

function blockBytesOf(built: BuiltBlock, request: BuildRequest): BlockBytes {
  return {
    hash: hash('header', built.header),
    header: Header.decode(built.header),
    body: built.body,
    isTail: request.isTail,
  }
}
