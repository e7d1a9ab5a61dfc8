/**
 * The agreement's own times, moved by as much as its clock was set (BFT-10): a timer waits for time
 * that passes and not for what a clock says. Header times and votes stay as they are.
 */
import { timeOf, type TimeMs } from '../types/ids.ts'
import type { Agreement } from './types.ts'

/** `byMs`: new clock minus old one, integer ms. No time falls below 0. */
export function shiftTimes(state: Agreement, byMs: number): Agreement {
  const shifted = (atMs: TimeMs): TimeMs => timeOf(Math.max(0, atMs + byMs))
  const { missingAtMs } = state
  return {
    ...state,
    enteredAtMs: shifted(state.enteredAtMs),
    lastProgressAtMs: shifted(state.lastProgressAtMs),
    lastStandstillAtMs: shifted(state.lastStandstillAtMs),
    missingAtMs: missingAtMs === undefined ? undefined : shifted(missingAtMs),
  }
}
