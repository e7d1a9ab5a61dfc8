/**
 * A rehearsal validator answers its breathing challenges (LIVE-1, LIVE-6) as a tab does: the guide,
 * beats, detector and proof are those of the page, and the heart that follows the guide is
 * simulated. What it sends says so: its provenance is `simulated` (SENS-4), which only a chain
 * takes whose genesis allows it.
 */
import { askedNow, isGuided, newRun, stepRun } from '../../src/core/liveness/challengeRun.ts'
import type { ChallengeRun, RunInput } from '../../src/core/liveness/challengeRun.ts'
import type { Codeword } from '../../src/core/liveness/codeword.ts'
import { shortChallenge } from '../../src/core/liveness/rules.ts'
import type { ChallengeSummary, CommandResult, NodeCommand } from '../../src/node/api.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SensorEvent } from '../../src/ports/sensor.ts'

/** The heart of the rehearsal: `SimulatedHeart` of the sensors. */
export interface GuidedHeart {
  onEvent(handler: (event: SensorEvent) => void): () => void
  follow(codeword: Codeword | undefined, startMs?: number): void
}

interface RehearsedAnswersOptions {
  readonly heart: GuidedHeart
  readonly clock: Clock
  /** What the chain asks now (LIVE-6). */
  readonly challenge: () => ChallengeSummary | undefined
  readonly command: (command: NodeCommand) => Promise<CommandResult>
  readonly onEnd: (epoch: number, outcome: string) => void
}

/** While a window is guided, and between challenges. */
const [stepMs, lookMs] = [1000, 5000]

export class RehearsedAnswers {
  readonly #options: RehearsedAnswersOptions
  #run: ChallengeRun | undefined
  #asked: ChallengeSummary | undefined
  /** The newest challenge that came to an end here, answered or not. */
  #endedEpoch = -1
  #cancel: (() => void) | undefined
  #stopEvents: (() => void) | undefined

  constructor(options: RehearsedAnswersOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopEvents = this.#options.heart.onEvent((event) => {
      this.#take(event)
    })
    this.#tick()
  }

  stop(): void {
    this.#cancel?.()
    this.#stopEvents?.()
    this.#options.heart.follow(undefined)
  }

  #tick(): void {
    const { clock, challenge } = this.#options
    this.#cancel = clock.after(this.#run === undefined ? lookMs : stepMs, () => {
      this.#tick()
    })
    if (this.#run !== undefined) {
      this.#step({ input: 'time', nowMs: clock.nowMs() })
      return
    }
    const asked = challenge()
    if (asked?.step !== 'open' || asked.epoch <= this.#endedEpoch) return
    if (clock.nowMs() > asked.lastStartMs) return
    this.#asked = asked
    const codewords = asked.asked.map(({ codeword }) => codeword)
    this.#run = newRun(shortChallenge, codewords, true)
    this.#begin()
  }

  #begin(): void {
    const run = this.#run
    if (run === undefined) return
    const { clock, heart } = this.#options
    this.#step({ input: 'begin', nowMs: clock.nowMs() })
    const now = this.#run?.now
    if (now === undefined || !isGuided(now)) return
    heart.follow(run.challenge.book.codewords[askedNow(run)], now.startMs)
  }

  #take(event: SensorEvent): void {
    if (event.kind !== 'beats') return
    const beats = event.beats.map(({ timeMs, rrTicks, isDoubtful = false }) => ({
      atMs: Math.round(timeMs),
      rrTicks,
      isDoubtful,
    }))
    this.#step({ input: 'beats', series: event.series, beats })
  }

  #step(input: RunInput): void {
    if (this.#run === undefined) return
    const wasGuided = isGuided(this.#run.now)
    const run = stepRun(this.#run, input)
    this.#run = run
    if (!wasGuided || isGuided(run.now)) return
    this.#options.heart.follow(undefined)
    if (run.now.stage === 'answered') void this.#handIn(run)
    else if (this.#hasTime() && (run.now.stage === 'unclear' || run.now.stage === 'spoiled')) {
      this.#begin()
    } else this.#end(run.now.stage)
  }

  #hasTime(): boolean {
    return this.#options.clock.nowMs() <= (this.#asked?.lastStartMs ?? 0)
  }

  async #handIn({ judged }: ChallengeRun): Promise<void> {
    const windows = judged.map(({ window }) => window)
    const epoch = this.#asked?.epoch ?? 0
    this.#end(undefined)
    const sent = await this.#options.command({ type: 'answerChallenge', epoch, windows })
    this.#options.onEnd(epoch, sent.ok ? 'answered' : sent.code)
  }

  #end(outcome: string | undefined): void {
    const { epoch = -1 } = this.#asked ?? {}
    this.#endedEpoch = epoch
    this.#run = undefined
    this.#asked = undefined
    if (outcome !== undefined) this.#options.onEnd(epoch, outcome)
  }
}
