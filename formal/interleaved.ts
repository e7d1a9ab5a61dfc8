/**
 * One epoch with nothing reduced but the exchange of seats that hold the same: every order of the
 * steps of all views is explored. With `seal` it is the study of SEAL-1, where a seat's views hang
 * together because a seat that sealed signs in none of them any more.
 */
import type { Block, BlockTree } from './blocks.ts'
import {
  certificatesOf,
  justifiedIn,
  keyOfCertificates,
  type Certificates,
} from './certificates.ts'
import { faultOf } from './invariants.ts'
import type { Rules, Seats } from './rules.ts'
import { reportsOf, sealFault, type SealRules } from './seal.ts'
import type { Model, Move } from './search.ts'
import { signable } from './seat.ts'
import { eachSeat, places } from './viewByView.ts'
import { bitName, type Layout } from './votes.ts'

/** An honest seat: its votes in each view, and what its SEAL reports once it sent one. */
interface Seat {
  readonly votes: readonly number[]
  readonly sealed: Block | undefined
}

export interface EpochState {
  /** Honest seats by their place in what the model knows, ascending. */
  readonly seats: readonly number[]
}

export interface EpochModel extends Model<EpochState> {
  readonly certificates: (state: EpochState) => readonly Certificates[]
}

interface Epoch {
  readonly tree: BlockTree
  readonly seats: Seats
  readonly rules: Rules
  readonly seal?: SealRules
}

export function interleaved(epoch: Epoch): EpochModel {
  const { tree, seats, seal } = epoch
  const layouts = layoutsOf(tree)
  const remembered = new Map<string, readonly Move<number>[]>()
  const fresh: Seat = { votes: layouts.map(() => 0), sealed: undefined }
  const { placeOf, seatAt } = places<Seat>(keyOfSeat, fresh)

  const certificates = (state: EpochState): readonly Certificates[] => {
    const honest = state.seats.map(seatAt)
    return layouts.map((layout, index) =>
      certificatesOf(
        layout,
        honest.map(({ votes }) => votes[index] ?? 0),
        epoch,
      ),
    )
  }
  const movesOf = (place: number, views: readonly Certificates[]): readonly Move<number>[] => {
    const key = `${place}|${views.map(keyOfCertificates).join(';')}`
    const found = remembered.get(key)
    if (found !== undefined) return found
    const moves = seatMoves(seatAt(place), views, epoch).map(({ label, next }) => ({
      label,
      next: placeOf(next),
    }))
    remembered.set(key, moves)
    return moves
  }

  return {
    initial: { seats: Array.from({ length: seats.total - seats.faulty }, () => placeOf(fresh)) },
    keyOf: (state) => state.seats.join(','),
    certificates,
    moves: (state) => {
      const views = certificates(state)
      return eachSeat(state.seats, (place) => movesOf(place, views)).map(({ label, next }) => ({
        label,
        next: { seats: next },
      }))
    },
    fault: (state) => {
      const views = certificates(state)
      const fault = faultOf(tree, views, { severalCertified: false })
      if (fault !== undefined || seal === undefined) return fault
      const reports = state.seats.flatMap((place) => {
        const { votes, sealed } = seatAt(place)
        if (!seal.last) return sealed ?? []
        return reportsOf(tree, { votes, layouts, views, seal }).slice(0, 1)
      })
      return sealFault(tree, { views, reports, faulty: seats.faulty, seal })
    },
  }
}

function seatMoves(
  seat: Seat,
  views: readonly Certificates[],
  epoch: Epoch,
): readonly Move<Seat>[] {
  const { tree, seal } = epoch
  if (seat.sealed !== undefined) return seal?.signsAfter === true ? votesOf(seat, views, epoch) : []
  const votes = votesOf(seat, views, epoch)
  if (seal === undefined || seal.last) return votes
  const reports = reportsOf(tree, { votes: seat.votes, layouts: layoutsOf(tree), views, seal })
  const seals = reports.map((sealed) => ({
    label: `SEAL ${sealed.name}`,
    next: { ...seat, sealed },
  }))
  return [...votes, ...seals]
}

function votesOf(
  seat: Seat,
  views: readonly Certificates[],
  { tree, rules }: Epoch,
): readonly Move<Seat>[] {
  return layoutsOf(tree).flatMap((layout, index) => {
    const here = views[index]
    const memory = seat.votes[index] ?? 0
    if (here === undefined) return []
    const justified = justifiedIn(tree, { view: layout.view, below: views, rules })
    const names = tree.views[index]?.map(({ name }) => name) ?? []
    return signable({ memory, passed: false }, { layout, justified, here }, rules).map((bit) => ({
      label: bitName(layout, bit, names),
      next: { ...seat, votes: seat.votes.with(index, memory | bit) },
    }))
  })
}

function layoutsOf(tree: BlockTree): readonly Layout[] {
  return tree.views.map((blocks, index) => ({ view: index + 1, blocks: blocks.length }))
}

function keyOfSeat({ votes, sealed }: Seat): string {
  return `${votes.join(',')}|${sealed?.name ?? ''}`
}
