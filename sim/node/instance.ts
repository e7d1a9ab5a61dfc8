/**
 * One node of a run: the production `step` behind one processor, one store and one clock.
 *
 * The processor takes one thing after the other: an input costs what its signatures cost, and what
 * it orders happens when that time is over. The store makes one record durable after the other, and
 * whatever may carry an own signature waits behind every earlier write (BFT-10), as in
 * `src/node/engine.ts`.
 */
import { createAgreement } from '../../src/core/bft/init.ts'
import { step } from '../../src/core/bft/step.ts'
import type { Agreement, AgreementEnv, BlockNode, Effect, Input } from '../../src/core/bft/types.ts'
import { Proposal, type Certificate, type SafetyRecord } from '../../src/core/codec/chain.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { timeOf, type TimeMs } from '../../src/core/types/ids.ts'
import type { Audit } from '../base/audit.ts'
import type { EventQueue } from '../base/eventQueue.ts'
import type { Costs } from './costs.ts'
import type { Meter } from './meteredBls.ts'

/** A final block as a node keeps it. */
export interface FinalEntry {
  readonly node: BlockNode
  readonly certificate: Certificate
  readonly path: readonly Uint8Array[]
  readonly closesEpoch: boolean
}

export interface InstanceHost {
  readonly queue: EventQueue
  readonly costs: Costs
  readonly audit: Audit
  /** An effect other than `persist` whose time has come. */
  perform(instance: Instance, effect: Effect): void
  durable(instance: Instance, record: Uint8Array): void
  /** The node found that it had stood still, and asks the others (BFT-10). */
  lostTime(instance: Instance): void
}

/** A timer that fires this late means that the node stood still (BFT-10). */
const gapMs = 2000

/** Inputs that wait at most; more than that a real node would not hold either. */
const inboxMax = 20_000

export class Instance {
  readonly id: number
  readonly validator: number
  readonly meter: Meter
  readonly final: FinalEntry[] = []
  env: AgreementEnv
  state: Agreement
  /** What others may be told of: every record is durable whose votes it holds (BFT-10). */
  shown: Agreement
  isUp = true
  /** Counts starts: what an earlier life ordered does not happen any more. */
  generation = 0
  /** Processor time spent so far, µs. */
  workedUs = 0
  record: Uint8Array | undefined
  pending = new Map<string, Proposal>()
  /** Local clock less true time, ms, as it was last set. */
  offsetMs = 0
  /** How much longer everything takes here than `costs` says. */
  slowness = 1
  /** Nothing runs before this time: a frozen tab. */
  frozenUntilUs = 0
  readonly #host: InstanceHost
  #inbox: { readonly costUs: number; readonly input: () => Input }[] = []
  #isBusy = false
  #storeFreeUs = 0
  #wakeAtMs = 0
  #drift = 0
  #driftsSinceMs = 0

  constructor(
    identity: { readonly id: number; readonly validator: number; readonly meter: Meter },
    env: AgreementEnv,
    host: InstanceHost,
  ) {
    this.id = identity.id
    this.validator = identity.validator
    this.meter = identity.meter
    this.#host = host
    this.env = env
    this.state = agreement(env, this.nowMs, undefined)
    this.shown = this.state
  }

  get nowMs(): TimeMs {
    const trueMs = this.#host.queue.nowUs / 1000
    const gainedMs = (trueMs - this.#driftsSinceMs) * this.#drift
    return timeOf(Math.floor(trueMs + this.offsetMs + gainedMs))
  }

  get seat(): number | undefined {
    return this.env.own?.seat
  }

  /** From now on the clock is so far from true time, and runs faster by this share. */
  setClock(offsetMs: number, drift: number): void {
    this.offsetMs = offsetMs
    this.#drift = drift
    this.#driftsSinceMs = this.#host.queue.nowUs / 1000
  }

  /** Gives the node something to work on, after what is already waiting. */
  take(input: () => Input, costUs = 0): void {
    if (!this.isUp || this.#inbox.length >= inboxMax) return
    this.#inbox.push({ costUs, input })
    if (!this.#isBusy) this.#next()
  }

  crash(): void {
    this.isUp = false
    this.generation += 1
    this.#inbox = []
    this.#isBusy = false
  }

  /** Starts an epoch, or comes back in one with what its store held (BFT-10). */
  begin(env: AgreementEnv, record: SafetyRecord | undefined): void {
    this.env = env
    this.isUp = true
    this.generation += 1
    this.#inbox = []
    this.#isBusy = false
    this.#storeFreeUs = 0
    this.#wakeAtMs = 0
    this.state = agreement(env, this.nowMs, record)
    this.shown = this.state
    this.take(() => ({ type: 'start', nowMs: this.nowMs }))
  }

  #next(): void {
    const { queue, costs, audit } = this.#host
    if (this.frozenUntilUs > queue.nowUs) {
      this.#isBusy = true
      this.#later(this.frozenUntilUs, () => {
        this.#next()
      })
      return
    }
    const job = this.#inbox.shift()
    this.#isBusy = job !== undefined
    if (job === undefined) return
    const input = job.input()
    this.meter.spentUs = 0
    const { state, effects } = step(this.env, this.state, input)
    this.state = state
    audit.add(this.id, input, effects)
    const spentUs = (this.meter.spentUs + costs.step + job.costUs) * this.slowness
    this.workedUs += spentUs
    this.#later(queue.nowUs + spentUs, () => {
      this.#carryOut(effects)
      this.#show(state)
      if (this.isUp) this.#next()
    })
  }

  #carryOut(effects: readonly Effect[]): void {
    const { queue, costs } = this.#host
    for (const effect of effects) {
      if (isLate(effect)) {
        const isWrite = effect.type === 'persist'
        const atUs = Math.max(queue.nowUs, this.#storeFreeUs) + (isWrite ? costs.durable : 0)
        if (isWrite) this.#storeFreeUs = atUs
        this.#later(atUs, () => {
          if (effect.type === 'persist') this.#store(effect)
          else this.#host.perform(this, effect)
        })
      } else if (effect.type === 'wake') this.#wake(effect.atMs)
      else this.#host.perform(this, effect)
    }
  }

  #show(state: Agreement): void {
    this.#later(Math.max(this.#host.queue.nowUs, this.#storeFreeUs), () => {
      this.shown = state
    })
  }

  #store(effect: Extract<Effect, { type: 'persist' }>): void {
    this.record = effect.record
    for (const { hash, bytes } of effect.pending)
      this.pending.set(hex(hash), Proposal.decode(bytes))
    this.#host.durable(this, effect.record)
  }

  #wake(atMs: number): void {
    if (atMs === this.#wakeAtMs) return
    this.#wakeAtMs = atMs
    const inUs = Math.max(0, (atMs - this.nowMs) / (1 + this.#drift)) * 1000
    this.#later(this.#host.queue.nowUs + inUs, () => {
      if (this.#wakeAtMs !== atMs) return
      this.#wakeAtMs = 0
      this.take(() => {
        const nowMs = this.nowMs
        if (nowMs - atMs <= gapMs) return { type: 'tick', nowMs }
        this.take(() => {
          this.#host.lostTime(this)
          return { type: 'tick', nowMs: this.nowMs }
        })
        return { type: 'gap', nowMs }
      })
    })
  }

  /** Unless the node has stopped or started anew by then. */
  #later(atUs: number, run: () => void): void {
    const { generation } = this
    this.#host.queue.at(atUs, () => {
      if (this.generation === generation && this.isUp) run()
    })
  }
}

function isLate(effect: Effect): boolean {
  return (
    effect.type === 'persist' ||
    effect.type === 'sendProposal' ||
    effect.type === 'sendVote' ||
    effect.type === 'sendCertificate' ||
    effect.type === 'final' ||
    effect.type === 'strong'
  )
}

function agreement(env: AgreementEnv, nowMs: TimeMs, record: SafetyRecord | undefined): Agreement {
  const created = createAgreement(env, { nowMs, record })
  if (!created.ok) throw new Error(`the record of this run does not open: ${created.error.code}`)
  return created.value
}
