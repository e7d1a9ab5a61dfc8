/**
 * One honest seat in one view: what it signed, what is durable of that and what left. Each step
 * asks the product's predicates over the votes that the seat remembers, never over those on the
 * wire, as the product does.
 */
import type { Agreement } from '../src/core/bft/types.ts'
import type { Certificates } from './certificates.ts'
import type { Rules } from './rules.ts'
import { bitName, commitBit, ownVotesOf, skipBit, voteBit, type Layout } from './votes.ts'

export interface SeatState {
  /** Signed, and remembered by the running seat. */
  readonly memory: number
  /** In the safety record (BFT-10). */
  readonly durable: number
  /** Heard by the others. */
  readonly wire: number
  /** Finality passed this view: its votes are forgotten and the floor lies above it. */
  readonly passed: boolean
}

export const freshSeat: SeatState = { memory: 0, durable: 0, wire: 0, passed: false }

/** What a seat sees of a view. */
export interface Scene {
  readonly layout: Layout
  readonly names: readonly string[]
  /** Blocks whose justification holds. */
  readonly justified: number
  readonly here: Certificates
  /** What each honest seat sent. */
  readonly wires: readonly number[]
}

export interface SeatMove {
  readonly label: string
  readonly next: SeatState
}

/** The votes that the rules allow now. */
export function signable(
  seat: Pick<SeatState, 'memory' | 'passed'>,
  scene: Pick<Scene, 'layout' | 'justified' | 'here'>,
  rules: Rules,
): readonly number[] {
  const { layout, justified, here } = scene
  const { view } = layout
  if (!rules.maySignIn(seat.passed ? passedAt(view) : before, view)) return []
  const own = ownVotesOf(layout, seat.memory)
  const bits: number[] = []
  for (let block = 0; block < layout.blocks; block += 1) {
    if ((justified & (1 << block)) !== 0 && rules.mayVote(own)) bits.push(voteBit(layout, block))
    if ((here.certified & (1 << block)) !== 0 && rules.mayCommit(own)) {
      bits.push(commitBit(layout, block))
    }
  }
  if (rules.maySkip(own)) bits.push(skipBit(layout))
  return bits.filter((bit) => (seat.memory & bit) === 0)
}

/** Signed, durable and sent in one step. */
export function signed(seat: SeatState, bit: number): SeatState {
  const memory = seat.memory | bit
  return { ...seat, memory, durable: memory, wire: seat.wire | bit }
}

/** BFT-10: sign, make durable, send; a crash leaves what is durable. */
export function crashMoves(seat: SeatState, scene: Scene, rules: Rules): readonly SeatMove[] {
  const moves: SeatMove[] = []
  const { memory, durable, wire } = seat
  if (memory !== durable) {
    moves.push({ label: 'record durable', next: { ...seat, durable: memory } })
    moves.push({ label: 'crash', next: { ...seat, memory: durable } })
  }
  if (rules.losesRecord && (memory | durable) !== 0) {
    moves.push({ label: 'crash, record lost', next: { ...seat, memory: 0, durable: 0 } })
  }
  const unsent = (rules.sendsBeforeDurable ? memory : durable) & ~wire
  for (let bit = 1; bit <= unsent; bit <<= 1) {
    if ((unsent & bit) === 0) continue
    const label = `send ${bitName(scene.layout, bit, scene.names)}`
    moves.push({ label, next: { ...seat, wire: wire | bit } })
  }
  if (scene.here.final !== 0 && !seat.passed) {
    const next: SeatState = { memory: 0, durable: 0, wire, passed: true }
    moves.push({ label: 'finality passes', next })
  }
  return moves
}

type Place = Pick<Agreement, 'mode' | 'finalView' | 'floorView'>

const before = { mode: { type: 'active' }, finalView: 0, floorView: 1 } as Place

function passedAt(view: number): Place {
  return { mode: { type: 'active' }, finalView: view, floorView: view + 1 } as Place
}
