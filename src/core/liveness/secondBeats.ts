/**
 * A second beat series as `emotional_proof_two` takes it: laid out so that each beat of the window
 * finds its partner by a few switches (LIVE-5, `circuits/lib/two_hearts.circom`).
 */

import { err, ok, type Result } from '../base/result.ts'
import { beatsMax, rrTicksMin, ticksPerSecond, type RrWindow } from '../emotion/window.ts'
import type { CircuitInput } from '../emotion/statement.ts'
import { partnersOf, toleranceTicks } from './twoHearts.ts'

/** From one beat to the next; the excess over the least has 12 bits in the circuit. */
export const secondGapTicksMax = rrTicksMin + 4095
/** Where the second series is counted from, before the window's start. */
export const secondLeadTicks = 9 * ticksPerSecond
/** Of the switches: partners up to 2⁴ − 1 slots further on. */
const layers = 4
/** Slots behind the first one: as many as the window has, and those that are skipped. */
export const secondGaps = beatsMax + (1 << layers)

export type SecondBeatsError =
  /** A beat that is no whole tick, out of order, or under 300 ms or over 4.3 s from the last. */
  | { readonly code: 'SECOND_BEATS'; readonly index: number }
  /** The second sensor did not see the whole window, from its first beat to its last. */
  | { readonly code: 'SECOND_COVERAGE' }
  /** More beats without partner than the circuit has room for: these are two hearts. */
  | { readonly code: 'SECOND_LAYOUT' }

/** Beats of a window in ticks from its start: one more than intervals. */
export function beatTimes({ firstOffsetTicks, ticks }: RrWindow): readonly number[] {
  let at = firstOffsetTicks
  return [at, ...ticks.map((rr) => (at += rr))]
}

/**
 * Those of the second series that lie beside the window after the lag, and one more at each end: on
 * them `matchHeartsAt` says what it says of all.
 */
export function cutSecondBeats(
  second: readonly number[],
  late: readonly number[],
  lagTicks: number,
): readonly number[] {
  const from = (late[0] ?? 0) - toleranceTicks - lagTicks
  const to = (late.at(-1) ?? 0) + toleranceTicks - lagTicks
  const first = second.findIndex((at) => at >= from)
  const last = second.findLastIndex((at) => at <= to)
  return first < 0 ? [] : second.slice(Math.max(0, first - 1), last + 2)
}

/**
 * The circuit's input of clause 6. `second`: beats in ticks from the window's start by the same
 * clock, ascending, cut by `cutSecondBeats`; they may be negative. Whether the series match is not
 * asked here: the circuit refuses those that do not.
 */
export function secondBeatsInput(
  window: RrWindow,
  second: readonly number[],
  lagTicks: number,
): Result<CircuitInput, SecondBeatsError> {
  const wrong = second.findIndex((at, index) => !isNext(at, second[index - 1]))
  if (wrong >= 0) return err({ code: 'SECOND_BEATS', index: wrong })
  const late = beatTimes(window)
  const prompt = second.map((at) => at + lagTicks)
  const [first = Infinity, last = -Infinity] = [prompt[0], prompt.at(-1)]
  const [from = 0, to = 0] = [late[0], late.at(-1)]
  if (first > from + toleranceTicks || last < to - toleranceTicks) {
    return err({ code: 'SECOND_COVERAGE' })
  }
  const layout = layOut(late, prompt)
  if (layout === undefined) return err({ code: 'SECOND_LAYOUT' })

  const firstUnseen = first < from - toleranceTicks
  const lastUnseen = last > to + toleranceTicks
  const seen = prompt.length - Number(firstUnseen) - Number(lastUnseen)
  let before = first
  const gaps = layout.slots.slice(1).map((at) => {
    const gap = at === undefined ? 0 : at - before
    before = at ?? before
    return gap
  })
  return ok({
    secondTicks: padded(gaps, secondGaps),
    secondSelected: padded(gaps.map(Math.sign), secondGaps),
    secondOffsetTicks: String(first - lagTicks + secondLeadTicks),
    lagTicks: String(lagTicks),
    skips: skipsOf(layout.displacements).map(String),
    counted: padded(layout.counted, beatsMax + 1),
    firstUnseen: firstUnseen ? '1' : '0',
    lastUnseen: lastUnseen ? '1' : '0',
    overlap: String(Math.max(late.length, seen)),
  })
}

interface Layout {
  /** Times of prompt beats; undefined for an empty slot. */
  readonly slots: readonly (number | undefined)[]
  /** By late beat: how many slots further on its partner stands. Never falls. */
  readonly displacements: readonly number[]
  readonly counted: readonly number[]
}

/** Undefined when there are more prompt beats without partner than switches reach. */
function layOut(late: readonly number[], prompt: readonly number[]): Layout | undefined {
  const partners = partnersOf(late, prompt)
  const slots: (number | undefined)[] = []
  const displacements: number[] = []
  let next = 0
  for (const [index, at] of late.entries()) {
    const partner = partners[index]
    while (next < prompt.length && (prompt[next] ?? 0) < at && next !== partner) {
      slots.push(prompt[next])
      next += 1
    }
    displacements.push(slots.length - index)
    slots.push(partner === undefined ? undefined : prompt[partner])
    if (partner !== undefined) next = partner + 1
  }
  slots.push(...prompt.slice(next))
  if (slots.length > secondGaps + 1 || (displacements.at(-1) ?? 0) >= 1 << layers) return undefined
  const counted = partners.map((partner) => (partner === undefined ? 0 : 1))
  return { slots, displacements, counted }
}

/**
 * Switches, layer by layer, the one by a single slot first. A partner leaves the slot of its late
 * beat plus the displacement; each layer takes one bit of that away. Two never need one switch for
 * different times, because displacements never fall.
 */
function skipsOf(displacements: readonly number[]): readonly number[] {
  const last = displacements.at(-1) ?? 0
  let width = secondGaps
  return Array.from({ length: layers }, (_, layer) => {
    const step = 1 << layer
    width -= step
    const skips = Array.from({ length: width }, () => 0)
    for (let index = 0; index <= beatsMax; index += 1) {
      const displacement = displacements[index] ?? last
      const left = displacement & ~(2 * step - 1)
      if ((displacement & step) !== 0) skips[index + left] = 1
    }
    return skips
  }).flat()
}

function isNext(at: number, before: number | undefined): boolean {
  if (!Number.isSafeInteger(at)) return false
  return before === undefined || (at - before >= rrTicksMin && at - before <= secondGapTicksMax)
}

function padded(values: readonly number[], length: number): readonly string[] {
  return Array.from({ length }, (_, index) => String(values[index] ?? 0))
}
