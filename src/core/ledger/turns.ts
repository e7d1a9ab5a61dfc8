/**
 * Who of a committee led blocks and who let its views pass (REP-1): counted from what every header
 * of the chain says, so that each node that executes it counts the same.
 *
 * At most F seats of an honest network are silent, and within so many views each leads once: a
 * longer gap says that the network stood, and blames nobody.
 */
import type { Committee, Header } from '../codec/chain.ts'
import type { Tip } from '../codec/state.ts'
import { committeeQuorum } from '../committee/quorum.ts'
import { readSingle, writeSingle, type LedgerState } from './state.ts'
import { tip } from './tables.ts'

export type Turns = Pick<Tip, 'view' | 'led' | 'missed'>

/** Before the first block of a committee. */
export const noTurns: Turns = { view: 0, led: [], missed: [] }

/** The state after a block; the agreement checked that the leader of its view made it (COM-4). */
export function countTurn(
  state: LedgerState,
  header: Pick<Header, 'view' | 'seat'>,
  { committee, isFirst }: { readonly committee: Committee; readonly isFirst: boolean },
): LedgerState {
  const known = readSingle(state, tip)
  const before = isFirst ? noTurns : known
  const { seats, leaders } = committee
  const led = seats.map((_seat, index) => before.led[index] ?? 0)
  const missed = seats.map((_seat, index) => before.missed[index] ?? 0)
  led[header.seat] = (led[header.seat] ?? 0) + 1
  const skipped = header.view - 1 - before.view
  if (skipped <= committeeQuorum(committee).faultyPower) {
    for (let view = before.view + 1; view < header.view; view += 1) {
      const seat = leaders[(view - 1) % leaders.length] ?? 0
      missed[seat] = (missed[seat] ?? 0) + 1
    }
  }
  return writeSingle(state, tip, { ...known, view: header.view, led, missed })
}
