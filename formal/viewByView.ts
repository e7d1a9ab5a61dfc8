/**
 * One epoch, its views one after the other. Nothing is lost by that order: what a seat may sign in
 * a view depends on its own votes in that view, on what the others sent there and on certificates
 * of lower views, and votes and certificates only ever appear, so the steps of any run can be
 * sorted by view without forbidding one. Of a view that is done only its certificates are kept, and
 * seats that hold the same are exchanged freely. `interleaved.ts` sorts nothing, and a test
 * compares the certificates that the two can reach.
 */
import type { BlockTree } from './blocks.ts'
import { justifiedIn, keyOfCertificates, type Certificates } from './certificates.ts'
import { faultOf } from './invariants.ts'
import type { Rules, Seats } from './rules.ts'
import type { Model, Move } from './search.ts'
import { freshSeat, type Scene, type SeatMove, type SeatState } from './seat.ts'
import type { Layout } from './votes.ts'

/** What is signed and what it certifies: the agreement, or the study of a fast path. */
export interface Protocol {
  readonly seats: Seats
  readonly rules: Rules
  readonly severalCertified: boolean
  readonly certify: (layout: Layout, wires: readonly number[]) => Certificates
  readonly moves: (seat: SeatState, scene: Scene) => readonly SeatMove[]
  /** What moves depend on besides the seat and the certificates of the view. */
  readonly detail: (scene: Scene) => string
  /** Why the honest seats alone cannot end the view, undefined when they can. */
  readonly deadEnd: (scene: Scene, honest: readonly SeatState[]) => string | undefined
}

export interface ViewState {
  readonly layout: Layout
  readonly below: readonly Certificates[]
  readonly belowKey: string
  /** Blocks of this view whose justification holds. */
  readonly justified: number
  /** Honest seats by their place in what the model knows, ascending. */
  readonly seats: readonly number[]
}

export interface ViewModel extends Model<ViewState> {
  readonly certificates: (state: ViewState) => readonly Certificates[]
}

export function viewByView(tree: BlockTree, protocol: Protocol): ViewModel {
  const { seats, rules } = protocol
  const { placeOf, seatAt } = places<SeatState>(keyOfSeat, freshSeat)
  const remembered = new Map<string, readonly Move<number>[]>()
  const names = tree.views.map((blocks) => blocks.map(({ name }) => name))

  const enter = (below: readonly Certificates[]): ViewState => {
    const view = below.length + 1
    return {
      layout: { view, blocks: tree.views[view - 1]?.length ?? 0 },
      below,
      belowKey: below.map(keyOfCertificates).join(';'),
      justified: justifiedIn(tree, { view, below, rules }),
      seats: Array.from({ length: seats.total - seats.faulty }, () => placeOf(freshSeat)),
    }
  }
  const sceneOf = ({ layout, justified, seats: placed }: ViewState): Scene => {
    const wires = placed.map((place) => seatAt(place).wire)
    const here = protocol.certify(layout, wires)
    return { layout, names: names[layout.view - 1] ?? [], justified, here, wires }
  }
  const movesOf = (place: number, scene: Scene): readonly Move<number>[] => {
    const { layout, justified, here } = scene
    const key = [place, layout.view, justified, keyOfCertificates(here), protocol.detail(scene)]
    const found = remembered.get(key.join('|'))
    if (found !== undefined) return found
    const moves = protocol
      .moves(seatAt(place), scene)
      .map(({ label, next }) => ({ label, next: placeOf(next) }))
    remembered.set(key.join('|'), moves)
    return moves
  }
  const certificates = (state: ViewState): readonly Certificates[] => [
    ...state.below,
    sceneOf(state).here,
  ]

  return {
    initial: enter([]),
    keyOf: (state) => `${state.belowKey}|${state.seats.join(',')}`,
    certificates,
    moves: (state) => {
      const scene = sceneOf(state)
      const moves: Move<ViewState>[] = eachSeat(state.seats, (place) => movesOf(place, scene)).map(
        ({ label, next }) => ({ label, next: { ...state, seats: next } }),
      )
      if (state.layout.view < tree.views.length) {
        const label = `view ${state.layout.view + 1}`
        moves.push({ label, next: enter([...state.below, scene.here]) })
      }
      return moves
    },
    fault: (state) =>
      faultOf(tree, certificates(state), protocol) ??
      protocol.deadEnd(sceneOf(state), state.seats.map(seatAt)),
  }
}

/** Numbers for seats, so that a state is a short list; equal keys share one. */
export function places<Seat>(
  keyOf: (seat: Seat) => string,
  fresh: Seat,
): { readonly placeOf: (seat: Seat) => number; readonly seatAt: (place: number) => Seat } {
  const known: Seat[] = []
  const byKey = new Map<string, number>()
  return {
    seatAt: (place) => known[place] ?? fresh,
    placeOf: (seat) => {
      const key = keyOf(seat)
      const found = byKey.get(key)
      if (found !== undefined) return found
      byKey.set(key, known.length)
      return known.push(seat) - 1
    },
  }
}

/** One step of one seat. Seats that hold the same do the same, so the first stands for all. */
export function eachSeat(
  seats: readonly number[],
  movesOf: (place: number) => readonly Move<number>[],
): readonly Move<readonly number[]>[] {
  return seats.flatMap((place, index) =>
    place === seats[index - 1]
      ? []
      : movesOf(place).map(({ label, next }) => ({
          label,
          next: seats.with(index, next).sort((left, right) => left - right),
        })),
  )
}

function keyOfSeat({ memory, durable, wire, passed }: SeatState): string {
  return `${memory},${durable},${wire},${passed}`
}
