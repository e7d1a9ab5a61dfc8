/**
 * Timeouts (BFT-1, BFT-9) in integer milliseconds, and who is known to be away.
 *
 * Δ grows with the views since finality: Δ · 1.5^k up to its cap, and after 20 views without
 * finality ×1.2 further up to the slow cap, so that a slow but connected network still moves.
 */
import type { Agreement, AgreementEnv } from './types.ts'
import { leaderOf } from './signing.ts'

/** After so many views without finality Δ leaves its first cap (BFT-9). */
const slowViews = 20

/** After so many rounds of leaders without a vote a seat counts as away. */
const awayRounds = 2

export function deltaMs(env: AgreementEnv, view: number, finalView: number): number {
  const { deltaMs: base, deltaCapMs, deltaSlowCapMs } = env.times
  const behind = Math.max(0, view - finalView - 1)
  let delta = base
  for (let k = 0; k < Math.min(behind, slowViews); k += 1) {
    delta = Math.floor((delta * 3) / 2)
  }
  delta = Math.min(delta, deltaCapMs)
  for (let k = slowViews; k < behind && delta < deltaSlowCapMs; k += 1) {
    delta = Math.floor((delta * 6) / 5)
  }
  return Math.min(delta, Math.max(deltaCapMs, deltaSlowCapMs))
}

/** BFT-1: no vote of the leader for two rounds, while a quorum is heard: its timers are 0. */
export function leaderIsAway(env: AgreementEnv, state: Agreement): boolean {
  const since = state.view - awayRounds * env.seats.length
  if (since <= 0) return false
  const isHeard = state.heardViews.map((view) => view >= since)
  if (isHeard[leaderOf(env, state.view)] === true) return false
  const power = env.seats.reduce(
    (sum, seat, index) => sum + (isHeard[index] === true ? seat.power : 0),
    0,
  )
  return power >= env.quorumPower
}

export interface Deadlines {
  /** No proposal by then: SKIP. */
  readonly leaderAtMs: number
  /** No certificate by then: SKIP. */
  readonly advanceAtMs: number
}

/** PACE-1: both run from when the leader may propose at the earliest. */
export function deadlines(env: AgreementEnv, state: Agreement, parentTimeMs: number): Deadlines {
  if (leaderIsAway(env, state)) {
    return { leaderAtMs: state.enteredAtMs, advanceAtMs: state.enteredAtMs }
  }
  const delta = deltaMs(env, state.view, state.finalView)
  // A parent's time is trusted only as far as TIME-1 allows it to lie ahead.
  const paced = Math.min(
    parentTimeMs + env.times.blockIntervalMs,
    state.enteredAtMs + env.times.blockIntervalMs + env.times.timeFutureMs,
  )
  const from = Math.max(state.enteredAtMs, paced)
  return { leaderAtMs: from + 2 * delta, advanceAtMs: from + 3 * delta }
}
