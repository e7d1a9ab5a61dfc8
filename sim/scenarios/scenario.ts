/** What a scenario is, and what it finds. */
import type { SimOptions } from '../options.ts'
import { quantiles, type ViewTimes } from '../metrics.ts'
import { evidenceTimes } from '../report/evidenceTimes.ts'
import { Simulation } from '../simulation.ts'

export interface Setting {
  readonly seed: number
  readonly seats: number
  /** Faulty seats, where the scenario has them; as many as the protocol bears when left out. */
  readonly byzantine?: number
  /** Real signatures instead of modelled ones. */
  readonly bls?: SimOptions['bls']
}

export interface Outcome {
  /** Broken invariants and unmet expectations; empty when all is well. */
  readonly failures: readonly string[]
  readonly facts: Readonly<Record<string, number | string>>
  readonly views: number
  readonly audit: string
  /** What became of each view, where there are any. */
  readonly timeline?: readonly ViewTimes[]
}

export interface Scenario {
  readonly name: string
  /** One line: what happens, and what must hold. */
  readonly about: string
  readonly run: (setting: Setting) => Outcome
}

/** The most seats that may be faulty, unless the setting says how many are. */
export function faultyOf({ seats, byzantine }: Setting): number {
  return byzantine ?? Math.floor((seats - 1) / 3)
}

export function simulate(setting: Setting, change: Partial<SimOptions> = {}): Simulation {
  const { seed, seats, bls } = setting
  return new Simulation({ seed, seats, ...(bls && { bls }), ...change })
}

/** Collects what did not come true; the oracle's violations are always part of it. */
export class Judge {
  readonly #failures: string[] = []
  readonly #facts: Record<string, number | string> = {}
  readonly #sim: Simulation

  constructor(sim: Simulation) {
    this.#sim = sim
  }

  expect(isTrue: boolean, otherwise: string): this {
    if (!isTrue) this.#failures.push(otherwise)
    return this
  }

  fact(name: string, value: number | string): this {
    this.#facts[name] = value
    return this
  }

  /** EVID-1: what was found more than ten seconds before the end is final, and in time. */
  evidence(): this {
    const times = evidenceTimes(this.#sim, this.#sim.queue.nowUs - 10_000_000)
    this.fact('evidence', times.length)
    if (times.length === 0) return this
    const delays = times.map(({ ms }) => ms)
    const { p50, p95 } = quantiles(delays)
    const late = times.filter(({ ms, allowedMs }) => ms > allowedMs)
    const plain = times.filter(({ ms, plainMs }) => ms <= plainMs)
    const unhindered = times.filter(({ faultyLeaders }) => faultyLeaders === 0)
    const inAView = plain.filter(({ faultyLeaders }) => faultyLeaders === 0)
    const worst = late
      .map(({ ms, allowedMs }) => `${ms.toFixed(0)} > ${allowedMs.toFixed(0)} ms`)
      .slice(0, 3)
    return this.fact(
      'evidenceMs',
      [p50, p95, Math.max(...delays)].map((ms) => ms.toFixed(0)).join('/'),
    )
      .fact('within', times.length - late.length)
      .fact('withinAView', plain.length)
      .fact('unhindered', `${String(inAView.length)} of ${String(unhindered.length)}`)
      .fact('faultyLeaders', Math.max(...times.map(({ faultyLeaders }) => faultyLeaders)))
      .expect(late.length === 0, `evidence was late: ${worst.join(', ')}`)
  }

  /** Each of these validators was found to have done this; any offence when no kind is given. */
  named(validators: Iterable<number>, kind?: string): this {
    const all = [...validators]
    const { convicted } = this.#sim.oracle
    const missing = all.filter((one) => {
      const kinds = convicted.get(one)
      return kinds === undefined || (kind !== undefined && !kinds.has(kind))
    })
    return this.fact(kind?.slice(0, 2) ?? 'named', all.length - missing.length).expect(
      missing.length === 0,
      `not named${kind === undefined ? '' : ` for ${kind}`}: ${missing.join(', ')}`,
    )
  }

  /** What they did leaves no trace that could convict anybody. */
  nobodyNamed(): this {
    const { convicted } = this.#sim.oracle
    const names = [...convicted].map(([one, kinds]) => `${String(one)} for ${[...kinds].join()}`)
    return this.expect(names.length === 0, `named without a reason: ${names.join('; ')}`)
  }

  /** `mayFork`: more are faulty than the protocol bears, so only detection is expected. */
  outcome(options: { readonly mayFork?: boolean } = {}): Outcome {
    const { oracle, audit, instances } = this.#sim
    oracle.finish()
    const broken = options.mayFork === true ? [] : oracle.violations
    const views = Math.max(...instances.map(({ state }) => state.view))
    return {
      failures: [...broken, ...this.#failures],
      facts: { finalBlocks: oracle.finalBlocks, ...this.#facts },
      views: this.#sim.viewsOfClosedEpochs + views,
      audit: audit.digest(),
      timeline: [...this.#sim.metrics.views.values()],
    }
  }
}
