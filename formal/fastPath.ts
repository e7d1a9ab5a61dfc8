/**
 * A fast path in the manner of Kudzu (Shoup, Sliwinski & Vonlanthen, DISC 2025), studied and not
 * part of the protocol (decision 0010): n = 3F + 2p + 1 seats, and n - p VOTEs of one block make it
 * final without a COMMIT. What that asks of the other votes:
 *
 * - the first word of a seat in a view is VOTE or SKIP, never VOTE after SKIP;
 * - SKIP after VOTE needs F + p + 1 seats whose first word was another: then the block that the
 *   seat voted for cannot be final by VOTEs;
 * - so that a view still ends, a seat whose first word was another says a SECOND VOTE for a block
 *   that F + p + 1 seats VOTEd for, and a QC counts both;
 * - two blocks of a view may be certified then, and COMMIT is only for the one voted for, by a seat
 *   that supported no other.
 */
import { certificatesOf, countOf, type Certificates } from './certificates.ts'
import type { Rules, Seats } from './rules.ts'
import { signed, type Scene, type SeatState } from './seat.ts'
import type { Protocol } from './viewByView.ts'
import {
  bitName,
  commitBit,
  ownVotesOf,
  secondBit,
  skipBit,
  voteBit,
  type Layout,
} from './votes.ts'

export interface FastRules {
  /** VOTEs that make a block final. */
  readonly fastQuorum: number
  /** First words that show that nothing else can be final by VOTEs: F + p + 1. */
  readonly evidence: number
  /** Mutant: SKIP after VOTE is free, as BFT-5 has it. */
  readonly skipsFreely: boolean
  /** Mutant: COMMIT of any certified block, as BFT-4 has it. */
  readonly commitsOther: boolean
  /** Also ask for one QC a view, as the agreement has it. */
  readonly oneCertified: boolean
}

export function fastRulesOf(seats: Seats, spare: number): FastRules {
  return {
    fastQuorum: seats.total - spare,
    evidence: seats.tolerated + spare + 1,
    skipsFreely: false,
    commitsOther: false,
    oneCertified: false,
  }
}

export function fastPath(options: {
  readonly seats: Seats
  readonly rules: Rules
  readonly fast: FastRules
}): Protocol {
  const { seats, rules, fast } = options
  return {
    seats,
    rules,
    severalCertified: !fast.oneCertified,
    certify: (layout, wires) => certify(layout, wires, options),
    detail: ({ layout, wires }) =>
      blocksOf(layout)
        .map((block) => firstWords(layout, wires, block))
        .map(({ same, other }) => `${same},${other}`)
        .join(';'),
    moves: (seat, scene) =>
      signable(seat, scene, options).map((bit) => ({
        label: bitName(scene.layout, bit, scene.names),
        next: signed(seat, bit),
      })),
    deadEnd: (scene, honest) => deadEnd(scene, honest, { seats, fast }),
  }
}

function certify(
  layout: Layout,
  wires: readonly number[],
  options: { readonly seats: Seats; readonly rules: Rules; readonly fast: FastRules },
): Certificates {
  const { seats, fast } = options
  const slow = certificatesOf(layout, wires, options)
  let { certified, final } = slow
  for (const block of blocksOf(layout)) {
    const vote = voteBit(layout, block)
    const supports = countOf(wires, vote | secondBit(layout, block), seats)
    if (seats.reaches[supports] === true) certified |= 1 << block
    if (countOf(wires, vote, seats) >= fast.fastQuorum) final |= 1 << block
  }
  return { ...slow, certified, final }
}

function signable(
  seat: SeatState,
  scene: Scene,
  options: { readonly seats: Seats; readonly rules: Rules; readonly fast: FastRules },
): readonly number[] {
  const { layout, justified, here, wires } = scene
  const { seats, rules, fast } = options
  const own = ownVotesOf(layout, seat.memory)
  const voted = own.vote?.block[0]
  const seconded = blocksOf(layout).some((block) => (seat.memory & secondBit(layout, block)) !== 0)
  const hasSpoken = voted !== undefined || own.skip !== undefined
  const bits: number[] = []
  for (const block of blocksOf(layout)) {
    const { same } = firstWords(layout, wires, block)
    const isJustified = (justified & (1 << block)) !== 0
    if (isJustified && rules.mayVote(own) && !hasSpoken) bits.push(voteBit(layout, block))
    const isSupported = isJustified && same + seats.faulty >= fast.evidence
    if (isSupported && hasSpoken && voted !== block && own.commit === undefined) {
      bits.push(secondBit(layout, block))
    }
    const isOwn = fast.commitsOther || (voted === block && !seconded)
    if ((here.certified & (1 << block)) !== 0 && rules.mayCommit(own) && isOwn) {
      bits.push(commitBit(layout, block))
    }
  }
  const other = voted === undefined ? 0 : firstWords(layout, wires, voted).other + seats.faulty
  const isFree = voted === undefined || fast.skipsFreely || other >= fast.evidence
  if (rules.maySkip(own) && isFree) bits.push(skipBit(layout))
  return bits.filter((bit) => (seat.memory & bit) === 0)
}

/** Honest seats whose first word was VOTE for `block`, and those with another first word. */
function firstWords(
  layout: Layout,
  wires: readonly number[],
  block: number,
): { readonly same: number; readonly other: number } {
  const votes = voteBit(layout, layout.blocks) - 1
  let same = 0
  let other = 0
  for (const wire of wires) {
    if ((wire & voteBit(layout, block)) !== 0) same += 1
    else if ((wire & (votes | skipBit(layout))) !== 0) other += 1
  }
  return { same, other }
}

/** With the faulty seats silent: who said nothing SKIPs, and then all say what they may. */
function deadEnd(
  scene: Scene,
  honest: readonly SeatState[],
  options: { readonly seats: Seats; readonly fast: FastRules },
): string | undefined {
  const { layout, here, wires } = scene
  const { seats, fast } = options
  if (here.certified !== 0 || here.skipped) return undefined
  const firsts = blocksOf(layout).map((block) => firstWords(layout, wires, block).same)
  const isSupported = firsts.some((same) => same >= fast.evidence)
  if (isSupported && seats.reaches[honest.length] === true) return undefined
  const able = honest.filter(({ memory }) => {
    const block = blocksOf(layout).find((index) => (memory & voteBit(layout, index)) !== 0)
    if (block === undefined || (memory & skipBit(layout)) !== 0) return true
    return fast.skipsFreely || honest.length - (firsts[block] ?? 0) >= fast.evidence
  })
  return seats.reaches[able.length] === true ? undefined : `view ${layout.view} cannot end`
}

function blocksOf(layout: Layout): readonly number[] {
  return [...Array(layout.blocks).keys()]
}
