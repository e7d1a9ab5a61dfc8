/**
 * The breathing challenge of this tab (LIVE-1, UX-8): beats, time and sight go into the run, the
 * page shows what comes out. Loaded with its view.
 */

import {
  announceMs,
  askedNow,
  isGuided,
  isOver,
  newRun,
  stepRun,
  type ChallengeRun,
  type RunInput,
} from '../core/liveness/challengeRun.ts'
import type { Codeword } from '../core/liveness/codeword.ts'
import { drawCodeword } from '../core/liveness/drawCodeword.ts'
import { windowsMax } from '../core/liveness/evidence.ts'
import { guideAt, leadInMs } from '../core/liveness/guide.ts'
import { longChallenge, shortChallenge, type Challenge } from '../core/liveness/rules.ts'
import type { ChallengeSummary } from '../node/api.ts'
import type { SensorEvent } from '../ports/sensor.ts'
import { halfLengthMs, turnsOf } from './breathShape.ts'
import { BreathTone } from './browser/breathTone.ts'
import { HeartTrace } from './heartTrace.ts'
import type { Page } from './page.svelte.ts'

const tickMs = 100

/** What the guide says now. */
export interface GuideWords {
  readonly step: 'announce' | 'in' | 'out' | 'wait'
  /** Of this step, until its end, whole seconds, rounded up. */
  readonly leftSeconds: number
  /** How long the step takes in all, whole seconds. */
  readonly lengthSeconds: number
  /** 0..1 of the step, in steps of half a second. */
  readonly doneShare: number
  /** How long the step after it takes; 0 where there is none. */
  readonly nextSeconds: number
}

/** What became of the answer to a challenge that was asked. */
export type HandedIn = 'no' | 'sending' | 'sent' | 'refused'

export class ChallengeSession {
  readonly trace = new HeartTrace()
  readonly #page: Page
  readonly #tone = new BreathTone()
  #challenge = $state.raw<Challenge>(shortChallenge)
  #run = $state.raw<ChallengeRun>(newRun(shortChallenge, []))
  #nowMs = $state(0)
  #hasSound = $state(false)
  /** The challenge that the chain asks (LIVE-2); `undefined`: this is practice. */
  #due = $state.raw<ChallengeSummary | undefined>()
  #handedIn = $state.raw<HandedIn>('no')

  constructor(page: Page) {
    this.#page = page
    this.prepareDue()
  }

  get run(): ChallengeRun {
    return this.#run
  }

  get length(): 'short' | 'long' {
    return this.#challenge === shortChallenge ? 'short' : 'long'
  }

  get isDue(): boolean {
    return this.#due !== undefined
  }

  get handedIn(): HandedIn {
    return this.#handedIn
  }

  get hasSound(): boolean {
    return this.#hasSound
  }

  readonly guided = $derived.by(() => (isGuided(this.#run.now) ? this.#run.now : undefined))
  readonly codeword = $derived.by(
    (): Codeword => this.#challenge.book.codewords[askedNow(this.#run)] ?? [],
  )
  readonly windowMs = $derived(1000 * this.#challenge.book.seconds)
  /** From the start of the window, negative before it. */
  readonly sinceMs = $derived(
    this.guided === undefined ? undefined : this.#nowMs - this.guided.startMs,
  )
  readonly leftMs = $derived(
    Math.min(this.windowMs, Math.max(0, this.windowMs - (this.sinceMs ?? 0))),
  )
  readonly words = $derived.by((): GuideWords | undefined => {
    const since = this.sinceMs
    return since === undefined ? undefined : wordsAt(this.codeword, since)
  })
  /** What the trace is of, wherever it is drawn (UX-7). */
  readonly heartName = $derived.by(() =>
    this.#page.sensor.kind === 'simulated' ? 'simulated heart rate' : 'your heart rate',
  )
  readonly bpm = $derived.by(() => this.#page.sensor.bpm)
  /** A window may begin: the sensor sees a heart now. */
  readonly isReady = $derived.by(
    () => this.#page.sensor.live && this.#page.sensor.advice.tone === 'good',
  )
  /** What is asked now, and has not been answered. */
  readonly asked = $derived.by(() => {
    const challenge = this.#page.snapshot?.liveness?.challenge
    return challenge?.step === 'open' ? challenge : undefined
  })
  /** Until when a window may begin so that its answer still counts; 0: it is too late. */
  readonly dueMs = $derived.by(() => {
    const { asked } = this
    if (asked === undefined || asked.epoch !== this.#due?.epoch) return 0
    return Math.max(0, asked.lastStartMs - announceMs - this.#page.clock.nowMs)
  })

  /** The challenge that the chain asks, or practice where it asks none. */
  prepareDue(): void {
    const { asked } = this
    if (asked === undefined) {
      this.prepare('short')
      return
    }
    this.stop()
    this.#due = asked
    this.#handedIn = 'no'
    this.#challenge = shortChallenge
    this.#run = newRun(
      shortChallenge,
      asked.asked.map(({ codeword }) => codeword),
      true,
    )
  }

  /** A new challenge for practice, with codewords that are drawn here and now (LIVE-2). */
  prepare(length: 'short' | 'long'): void {
    this.stop()
    this.#due = undefined
    this.#handedIn = 'no'
    this.#challenge = length === 'short' ? shortChallenge : longChallenge
    const { book } = this.#challenge
    const bytes = (): Uint8Array => crypto.getRandomValues(new Uint8Array(32))
    const draw = { beacon: bytes(), chainId: bytes(), validatorKey: bytes() }
    const asked = Array.from({ length: windowsMax }, (_, window) =>
      drawCodeword({ ...draw, window }, book),
    )
    this.#run = newRun(this.#challenge, asked)
  }

  begin(): void {
    this.trace.clear()
    this.#nowMs = Date.now()
    this.#step({ input: 'begin', nowMs: this.#nowMs })
    const { guided } = this
    if (guided === undefined) return
    this.#page.sensor.breatheAlong(this.codeword, guided.startMs)
    if (this.#hasSound) this.#tone.start(turnsOf(this.codeword), guided.startMs)
  }

  stop(): void {
    if (!isOver(this.#run.now)) this.#step({ input: 'stop' })
  }

  setSound(wanted: boolean): void {
    this.#hasSound = wanted
    if (!wanted) this.#tone.stop()
    else if (this.guided !== undefined) {
      this.#tone.start(turnsOf(this.codeword), this.guided.startMs)
    }
  }

  /** Listens until the returned function is called, which also stops the challenge. */
  follow(): () => void {
    const stopEvents = this.#page.sensor.onEvent((event) => {
      this.#take(event)
    })
    const timer = setInterval(() => {
      if (!isGuided(this.#run.now)) return
      this.#nowMs = Date.now()
      this.#step({ input: 'time', nowMs: this.#nowMs })
    }, tickMs)
    const onVisibility = (): void => {
      if (document.hidden) this.#step({ input: 'hidden' })
    }
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      stopEvents()
      clearInterval(timer)
      document.removeEventListener('visibilitychange', onVisibility)
      this.stop()
    }
  }

  #take(event: SensorEvent): void {
    if (event.kind === 'beats') {
      const beats = event.beats.map(({ timeMs, rrTicks, isDoubtful = false }) => ({
        atMs: Math.round(timeMs),
        rrTicks,
        isDoubtful,
      }))
      this.#step({ input: 'beats', series: event.series, beats })
      if (this.guided !== undefined) this.trace.add(beats, this.guided.startMs)
      return
    }
    if (event.kind !== 'status') return
    if (event.state !== 'lost' && event.state !== 'reconnecting' && event.state !== 'stopped') {
      return
    }
    const reason = event.reason === 'CONTACT_LOST' ? 'CONTACT_LOST' : 'SENSOR_LOST'
    this.#step({ input: 'lost', reason })
  }

  #step(input: RunInput): void {
    const before = this.#run
    this.#run = stepRun(before, input)
    const isNow = isGuided(this.#run.now)
    if (isNow === isGuided(before.now)) return
    this.#page.keepScreenOn(isNow)
    if (isNow) return
    this.#tone.stop()
    this.#page.sensor.breatheAlong(undefined)
    if (this.#run.now.stage === 'answered') void this.#handIn(this.#run)
  }

  async #handIn({ judged }: ChallengeRun): Promise<void> {
    const due = this.#due
    if (due === undefined) return
    this.#handedIn = 'sending'
    const windows = judged.map(({ window }) => window)
    const isTaken = await this.#page.command({
      type: 'answerChallenge',
      epoch: due.epoch,
      windows,
    })
    this.#handedIn = isTaken ? 'sent' : 'refused'
  }
}

function wordsAt(codeword: Codeword, sinceMs: number): GuideWords {
  if (sinceMs < -leadInMs) return wordsOf(codeword, 'announce', sinceMs, -leadInMs, announceMs)
  const at = guideAt(codeword, Math.floor(sinceMs))
  if (at.step === 'done') {
    return { step: 'wait', leftSeconds: 0, lengthSeconds: 0, doneShare: 1, nextSeconds: 0 }
  }
  const lengthMs = halfLengthMs(codeword, sinceMs)
  const endMs = sinceMs + lengthMs * (1 - at.doneBp / 10_000)
  return wordsOf(codeword, at.step, sinceMs, endMs, lengthMs)
}

function wordsOf(
  codeword: Codeword,
  step: GuideWords['step'],
  sinceMs: number,
  endMs: number,
  lengthMs: number,
): GuideWords {
  const leftMs = endMs - sinceMs
  const doneHalves = Math.floor((lengthMs - leftMs) / 500)
  return {
    step,
    leftSeconds: Math.max(1, Math.ceil(leftMs / 1000)),
    lengthSeconds: Math.round(lengthMs / 1000),
    doneShare: Math.min(1, Math.max(0, (500 * doneHalves) / lengthMs)),
    nextSeconds: Math.round(halfLengthMs(codeword, endMs + 10) / 1000),
  }
}
