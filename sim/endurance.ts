/**
 * One committee for as many views as asked, with nothing beside the agreement that could grow: no
 * oracle, no figures, no chain. What a seat holds then is the state of the agreement, its store's
 * pending blocks and what is on its way.
 *
 * One message in fifty is lost for good and one view in ten has a leader that says nothing, so that
 * views are skipped, blocks are fetched and standstills are repeated all along.
 */
import { deltaMs } from '../src/core/bft/pacemaker.ts'
import { leaderOf } from '../src/core/bft/signing.ts'
import type { AgreementRoot, Effect } from '../src/core/bft/types.ts'
import { hex } from '../src/core/base/bytes.ts'
import { Header } from '../src/core/codec/chain.ts'
import { hash } from '../src/core/crypto/hash.ts'
import { timeOf } from '../src/core/types/ids.ts'
import { Audit } from './base/audit.ts'
import { EventQueue } from './base/eventQueue.ts'
import { seededRandom, type SeededRandom } from './base/random.ts'
import { retainedBy } from './base/retained.ts'
import { Committees } from './committees.ts'
import { buildBlock } from './node/buildBlock.ts'
import { noCosts } from './node/costs.ts'
import { Instance, type InstanceHost } from './node/instance.ts'
import { bytesOf, inputOf, type Message } from './node/message.ts'
import { meteredBls } from './node/meteredBls.ts'
import { startMs, timesWith } from './options.ts'

const hopUs = 40_000
const lossShare = 0.02
const silentShare = 10

/** What the agreements hold, the most of any seat, and what was sent since the last sample. */
export interface EnduranceSample {
  readonly view: number
  readonly finalView: number
  readonly views: number
  readonly blocks: number
  readonly marks: number
  readonly pending: number
  readonly recordBytes: number
  /** All that hangs on the state of a seat, its pending blocks and its record (`retainedBy`). */
  readonly entries: number
  readonly bytes: number
  /** Sent by all seats, a view. */
  readonly bytesPerView: number
}

export class Endurance implements InstanceHost {
  readonly queue = new EventQueue(startMs * 1000)
  readonly costs = noCosts
  readonly audit = new Audit()
  readonly load = undefined
  readonly evidence = undefined
  readonly ledger = undefined
  readonly metrics = { begun: (): void => undefined }
  readonly instances: readonly Instance[]
  readonly #random: SeededRandom
  #sentBytes = 0
  #sampledView = 0

  constructor(options: { readonly seats: number; readonly seed: number }) {
    const { seats, seed } = options
    this.#random = seededRandom(seed).fork(3)
    const keys = meteredBls({ spentUs: 0 }, noCosts)
    const times = timesWith({ blockIntervalMs: 200 })
    const committees = new Committees({ seed, validators: seats, seats, times, keys })
    const root: AgreementRoot = {
      hash: hash('genesis', Uint8Array.of(seed & 255)),
      height: 0,
      timeMs: timeOf(startMs),
      certificate: undefined,
      path: [],
    }
    this.instances = Array.from({ length: seats }, (_none, validator) => {
      const meter = { spentUs: 0 }
      const bls = meteredBls(meter, noCosts)
      const env = committees.env(0, { validator, root, bls })
      return new Instance({ id: validator, validator, meter }, env, this)
    })
    for (const one of this.instances) one.take(() => ({ type: 'start', nowMs: one.nowMs }))
  }

  get view(): number {
    return Math.max(...this.instances.map(({ state }) => state.view))
  }

  /** Runs on to a view; throws when it is not reached in the time that ten slow views need. */
  runTo(view: number): void {
    while (this.view < view) {
      const [before, sinceUs] = [this.view, this.queue.nowUs]
      const [first] = this.instances
      const patienceMs = first === undefined ? 0 : 30 * deltaMs(first.env, 100, 0)
      while (this.view === before) {
        this.queue.runUntil(this.queue.nowUs + 1_000_000)
        const waitedMs = (this.queue.nowUs - sinceUs) / 1000
        if (waitedMs > patienceMs) throw new Error(`view ${String(before)} does not end`)
      }
    }
  }

  sample(): EnduranceSample {
    const most = (of: (one: Instance) => number): number => Math.max(...this.instances.map(of))
    const retained = this.instances.map((one) => retainedBy(one.state, one.pending, one.record))
    const view = this.view
    const bytesPerView = Math.round(this.#sentBytes / Math.max(1, view - this.#sampledView))
    this.#sentBytes = 0
    this.#sampledView = view
    return {
      view,
      finalView: Math.min(...this.instances.map(({ state }) => state.finalView)),
      views: most(({ state }) => state.views.size),
      blocks: most(({ state }) => state.blocks.size),
      marks: most(({ state }) => state.filed.length + state.malformed.length),
      pending: most(({ pending }) => pending.size),
      recordBytes: most(({ record }) => record?.length ?? 0),
      entries: Math.max(...retained.map(({ entries }) => entries)),
      bytes: Math.max(...retained.map(({ bytes }) => bytes)),
      bytesPerView,
    }
  }

  isBoundary(): boolean {
    return false
  }

  durable(): void {
    // The instance keeps its newest record.
  }

  lostTime(): void {
    // No clock jumps here, and nothing freezes.
  }

  perform(from: Instance, effect: Effect): void {
    const { epoch } = from.env
    switch (effect.type) {
      case 'sendProposal':
        if (!this.#isSilent(from)) {
          this.#send(from, { type: 'proposal', epoch, proposal: effect.proposal })
        }
        return
      case 'sendVote':
        this.#send(from, { type: 'vote', epoch, vote: effect.vote })
        return
      case 'sendCertificate':
        this.#send(from, { type: 'certificate', epoch, certificate: effect.certificate })
        return
      case 'build':
        buildBlock(this, from, effect.request)
        return
      case 'check': {
        const { hash: block } = effect.node
        const verdict = { type: 'checked', hash: block, valid: true, isBoundary: false } as const
        from.take(() => ({ ...verdict, nowMs: from.nowMs }))
        return
      }
      case 'fetch':
        this.#fetch(from, effect)
        return
      case 'final':
        this.#prune(from)
        return
      default:
    }
  }

  /** What a node's store forgets at finality, and at the end of an epoch. */
  #prune({ pending, state }: Instance): void {
    for (const [key, { header }] of pending) {
      if (Header.decode(header).view <= state.finalView) pending.delete(key)
    }
  }

  #isSilent({ state, env }: Instance): boolean {
    return leaderOf(env, state.view) === env.own?.seat && state.view % silentShare === 0
  }

  #send(from: Instance, message: Message): void {
    for (const to of this.instances) {
      if (to === from) continue
      this.#sentBytes += bytesOf(message).length
      if (this.#random.next() < lossShare) continue
      this.queue.after(hopUs, () => {
        to.take(() => inputOf(message, to.nowMs))
      })
    }
  }

  #fetch(from: Instance, { hashes, seats }: Extract<Effect, { type: 'fetch' }>): void {
    for (const seat of seats) {
      const wanted = hashes.map((one) => hex(one))
      const asked = this.instances[seat]
      if (asked === undefined || asked === from) continue
      const held = [...asked.state.blocks.values()].filter(({ key }) => wanted.includes(key))
      for (const { proposal } of held) {
        this.queue.after(2 * hopUs, () => {
          from.take(() => ({ type: 'proposal', nowMs: from.nowMs, proposal }))
        })
      }
      if (held.length === 0) this.#sync(from, asked)
    }
  }

  /** What is final there already is not held any more: the tip comes instead (SYNC-1). */
  #sync(from: Instance, { state }: Instance): void {
    const { finalKey, finalCertificate: certificate } = state
    const tip = state.blocks.get(finalKey)
    if (tip === undefined || certificate === undefined) return
    if (state.finalView <= from.state.finalView) return
    const { headerBytes: header, proposal } = tip
    this.queue.after(2 * hopUs, () => {
      const { body } = proposal
      from.take(() => ({ type: 'synced', nowMs: from.nowMs, header, body, certificate }))
    })
  }
}
