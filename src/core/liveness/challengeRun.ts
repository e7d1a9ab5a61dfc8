/**
 * One breathing challenge from its first guide to its verdict (LIVE-1, LIVE-7, SENS-3), as a pure
 * step: the run and what happened in, the run after it out. The page and a node without a page run
 * the same.
 *
 * A window in which the sensor was lost, or the guide could not be seen, is spoiled: it is no
 * evidence, neither for nor against the person, and the same window is guided again.
 */

import { isHeartInterval, ticksPerSecond } from '../emotion/window.ts'
import { cutBreathWindow, type TimedBeat } from './cutBreathWindow.ts'
import { judge, windowsMax, type WindowAnswer } from './evidence.ts'
import { leadInMs } from './guide.ts'
import { responseOf } from './response.ts'
import type { Challenge } from './rules.ts'
import { answerAmong, shareClaimOf, type ShareClaim } from './shareClaims.ts'
import type { BreathWindow, BreathWindowError } from './window.ts'

/** Before the breath that leads in, so that even this one is no surprise. */
export const announceMs = 4000
/** From the press to the first breath of the codeword. */
export const beforeWindowMs = announceMs + leadInMs
/** A beat older than this, and the sensor is lost (SENS-3). */
const staleMsMax = 3000
/** Beats come late, from a strap by up to 2.6 s: so long the last of a window are waited for. */
const settleMsMax = 4000
/** As for every window: a strap corrects its clock by up to one interval of a slow heart. */
const shiftMsMax = 2250

/** Why a window was no evidence. */
export type SpoiledReason =
  | 'SENSOR_LOST'
  | 'CONTACT_LOST'
  | 'BEATS_MISSING'
  | 'TOO_FEW_BEATS'
  /** The page was not in sight, so nobody could follow its guide. */
  | 'GUIDE_HIDDEN'

export type UnclearReason = 'WEAK_RESPONSE' | 'OTHER_RHYTHM'

/** All that a proof of a window is about. */
export interface JudgedWindow extends WindowAnswer {
  /** Unix ms at which the first breath of the codeword began. */
  readonly startMs: number
  readonly window: BreathWindow
}

export type RunStage =
  /** Waits for the person. */
  | { readonly stage: 'ready' }
  | {
      /** `guiding` until the window is over, then `settling` until its last beats are here. */
      readonly stage: 'guiding' | 'settling'
      readonly startMs: number
      readonly series: number | undefined
      readonly beats: readonly TimedBeat[]
    }
  /** The same window once more, when the person likes. */
  | { readonly stage: 'spoiled'; readonly reason: SpoiledReason }
  /** The next window, when the person likes. */
  | { readonly stage: 'unclear'; readonly reason: UnclearReason; readonly windowsLeft: number }
  | { readonly stage: 'answered' }
  | { readonly stage: 'inconclusive'; readonly reason: UnclearReason }
  | { readonly stage: 'stopped' }

export interface ChallengeRun {
  readonly challenge: Challenge
  /** Index into the book of what each window asks for, one to three (LIVE-2). */
  readonly asked: readonly number[]
  /** The answer is proven to a chain, which learns claims in steps and not the R² (PRIV-5). */
  readonly isProven: boolean
  readonly judged: readonly JudgedWindow[]
  readonly now: RunStage
}

export type RunInput =
  | { readonly input: 'begin'; readonly nowMs: number }
  | { readonly input: 'beats'; readonly series: number; readonly beats: readonly TimedBeat[] }
  | { readonly input: 'lost'; readonly reason: 'SENSOR_LOST' | 'CONTACT_LOST' }
  | { readonly input: 'hidden' }
  | { readonly input: 'time'; readonly nowMs: number }
  /** By the person, at any time. */
  | { readonly input: 'stop' }

type Guided = Extract<RunStage, { readonly stage: 'guiding' | 'settling' }>

export function newRun(
  challenge: Challenge,
  asked: readonly number[],
  isProven = false,
): ChallengeRun {
  const windows = asked.slice(0, windowsMax)
  return { challenge, asked: windows, isProven, judged: [], now: { stage: 'ready' } }
}

/** The index of the codeword that the next or running window asks for. */
export function askedNow({ asked, judged }: ChallengeRun): number {
  return asked[Math.min(judged.length, asked.length - 1)] ?? 0
}

export function isGuided(stage: RunStage): stage is Guided {
  return stage.stage === 'guiding' || stage.stage === 'settling'
}

export function isOver({ stage }: RunStage): boolean {
  return stage === 'answered' || stage === 'inconclusive' || stage === 'stopped'
}

export function stepRun(run: ChallengeRun, input: RunInput): ChallengeRun {
  const { now } = run
  if (isOver(now)) return run
  if (input.input === 'stop') return { ...run, now: { stage: 'stopped' } }
  if (!isGuided(now)) {
    if (input.input !== 'begin' || !Number.isSafeInteger(input.nowMs)) return run
    const startMs = input.nowMs + beforeWindowMs
    return { ...run, now: { stage: 'guiding', startMs, series: undefined, beats: [] } }
  }
  switch (input.input) {
    case 'begin':
      return run
    case 'beats':
      return takeBeats(run, now, input.series, input.beats)
    case 'lost':
      return spoil(run, input.reason)
    case 'hidden':
      // What is over was seen; its last beats come without the guide.
      return now.stage === 'guiding' ? spoil(run, 'GUIDE_HIDDEN') : run
    case 'time':
      return look(run, now, input.nowMs)
  }
}

function spoil(run: ChallengeRun, reason: SpoiledReason): ChallengeRun {
  return { ...run, now: { stage: 'spoiled', reason } }
}

function takeBeats(
  run: ChallengeRun,
  now: Guided,
  series: number,
  added: readonly TimedBeat[],
): ChallengeRun {
  let beats = now.series === series ? now.beats : []
  let isBroken = now.series !== undefined && now.series !== series
  for (const beat of added) {
    if (!follows(beats.at(-1), beat)) {
      beats = []
      isBroken = true
    }
    if (isHeartInterval(beat.rrTicks)) beats = [...beats, beat]
  }
  // A gap before the window, as while the strap is put right, costs nothing.
  const newestMs = now.beats.at(-1)?.atMs ?? now.startMs
  if (isBroken && newestMs > now.startMs) return spoil(run, 'BEATS_MISSING')
  const after: Guided = { ...now, series, beats: beats.slice(-beatsKept(run)) }
  const endMs = endOf(run, now)
  const isComplete = now.stage === 'settling' && (beats.at(-1)?.atMs ?? 0) >= endMs
  return isComplete ? judgeWindow(run, after) : { ...run, now: after }
}

function follows(last: TimedBeat | undefined, { atMs, rrTicks }: TimedBeat): boolean {
  if (!isHeartInterval(rrTicks) || !Number.isSafeInteger(atMs)) return false
  if (last === undefined) return true
  const expectedMs = last.atMs + Math.floor((1000 * rrTicks) / ticksPerSecond)
  return Math.abs(atMs - expectedMs) <= shiftMsMax
}

function look(run: ChallengeRun, now: Guided, nowMs: number): ChallengeRun {
  if (nowMs < now.startMs) return run
  const newestMs = now.beats.at(-1)?.atMs ?? -Infinity
  const endMs = endOf(run, now)
  if (newestMs >= endMs || nowMs >= endMs + settleMsMax) {
    return nowMs < endMs ? run : judgeWindow(run, now)
  }
  if (nowMs - newestMs > staleMsMax && nowMs < endMs) return spoil(run, 'SENSOR_LOST')
  if (nowMs < endMs || now.stage === 'settling') return run
  return { ...run, now: { ...now, stage: 'settling' } }
}

function judgeWindow(run: ChallengeRun, { startMs, beats }: Guided): ChallengeRun {
  const { book, rule } = run.challenge
  const window = cutBreathWindow(beats, startMs, book.seconds)
  const response = responseOf(window, book)
  if (!response.ok) return spoil(run, spoiledBy(response.error))
  const answer = { asked: askedNow(run), sharesBp: response.value, startMs, window }
  const judged = [...run.judged, answer]
  const verdict = judge(judged, rule)
  const isSeen = verdict.verdict === 'answered'
  const isAnswered = run.isProven ? answerAmong(judged.flatMap(claimsOf)) !== undefined : isSeen
  if (isAnswered) return { ...run, judged, now: { stage: 'answered' } }
  const reason = isSeen ? 'WEAK_RESPONSE' : verdict.reason
  const windowsLeft = run.asked.length - judged.length
  const now: RunStage =
    windowsLeft === 0
      ? { stage: 'inconclusive', reason }
      : { stage: 'unclear', reason, windowsLeft }
  return { ...run, judged, now }
}

/** What a proof of this window would claim: nothing where another codeword fits as well. */
function claimsOf({ asked, sharesBp }: JudgedWindow, window: number): readonly ShareClaim[] {
  const shareBp = sharesBp[asked] ?? 0
  const isBest = sharesBp.every((other, index) => index === asked || other < shareBp)
  return isBest ? [{ window, shareBp: shareClaimOf(shareBp) }] : []
}

function spoiledBy({ code }: BreathWindowError): SpoiledReason {
  return code === 'WINDOW_TOO_FEW_BEATS' ? 'TOO_FEW_BEATS' : 'BEATS_MISSING'
}

function endOf({ challenge }: ChallengeRun, { startMs }: Guided): number {
  return startMs + 1000 * challenge.book.seconds
}

/** No heart has more of them from the press to the last beat that is waited for. */
function beatsKept({ challenge }: ChallengeRun): number {
  return 4 * (challenge.book.seconds + (beforeWindowMs + settleMsMax) / 1000)
}
