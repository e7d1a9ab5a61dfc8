/**
 * The list of an attempt (RECOVER-1): the reports of 2/3 of the stake or more, and the committee
 * that follows from them. Reports on one block are one aggregate, so that a list of 10,000 reports
 * is a few kilobytes; only those who get a seat are shown one by one.
 */
import { bitmapOf, indicesOf } from '../base/bitmap.ts'
import { hex } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { reachesThreshold, stakeAt } from '../checkpoint/voterSet.ts'
import type { Committee } from '../codec/chain.ts'
import {
  RestartList,
  type RestartDrawn,
  type RestartReport,
  type RestartTips,
} from '../codec/restart.ts'
import { decodeStrict } from '../codec/strict.ts'
import { leaderOrder } from '../committee/leaders.ts'
import { hashBytes } from '../crypto/hash.ts'
import { protocol } from '../params.ts'
import { restartAggregator, restartSeats, restartSeed } from './draw.ts'
import type { RestartEnv } from './env.ts'
import type { RestartListError } from './errors.ts'
import { restartListMessage, restartTipMessage } from './messages.ts'
import { seatIsOffered } from './report.ts'

/** Blocks that may be the newest one of somebody who reports. */
export const restartTipsMax = 16

/** Bitmaps over 10,000 voters with heads, and 21 seats of at most half a kilobyte. */
export const restartListBytesMax = restartTipsMax * 1_600 + 21 * 512 + 256

export interface VerifiedList {
  readonly epoch: number
  readonly attempt: number
  /** Height and hash of the highest block reported. */
  readonly height: number
  readonly base: Uint8Array
  readonly committee: Committee
}

/** Who may be drawn on the base: a validator that is not jailed. By identity. */
export type IsEligible = (account: Uint8Array) => boolean

/**
 * Of reports that were verified one by one, about blocks that are all on one chain; `sign` is by
 * the aggregator. Undefined for fewer than 2/3 of the stake, or too few seats.
 */
export function makeList(
  env: RestartEnv,
  attempt: number,
  options: {
    readonly reports: readonly RestartReport[]
    readonly isEligible: IsEligible
    readonly sign: (message: Uint8Array) => Uint8Array
  },
): Uint8Array | undefined {
  const { reports, isEligible, sign } = options
  const tips = groupsOf(env, reports)
  const base = tips?.[0]?.block
  if (tips === undefined || base === undefined) return undefined
  const shown = tips.flatMap(({ voters }) => indicesOf(env.set.voters.length, voters) ?? [])
  if (!reachesThreshold(env.set, stakeAt(env.set, shown))) return undefined
  const byVoter = new Map(reports.map((report) => [report.voter, report]))
  const drawn = drawnOf(env, shown, { base, attempt, isEligible }).map((voter): RestartDrawn => {
    const seat = byVoter.get(voter)?.seat
    return { voter, ...(seat && { seat }) }
  })
  if (drawn.length < protocol.committeeSeatsMin) return undefined
  const list = { epoch: env.epoch, attempt, tips, drawn }
  return RestartList.encode({ ...list, signature: sign(restartListMessage(env, list)) })
}

/** Whether the reports name this base and this committee. The bytes may be anything. */
export function verifyList(
  env: RestartEnv,
  attempt: number,
  options: { readonly bytes: Uint8Array; readonly isEligible: IsEligible },
): Result<VerifiedList, RestartListError> {
  const decoded = decodeStrict(RestartList, options.bytes, restartListBytesMax)
  if (!decoded.ok) return err({ code: 'RESTART_LIST_MALFORMED' })
  const list = decoded.value
  if (list.epoch !== env.epoch || list.attempt !== attempt) {
    return err({ code: 'RESTART_LIST_PLACE' })
  }
  const aggregator = env.set.voters[restartAggregator(env, attempt)]
  const message = restartListMessage(env, list)
  if (aggregator === undefined || !env.bls.verify(aggregator.key, message, list.signature)) {
    return err({ code: 'RESTART_LIST_AGGREGATOR' })
  }
  const reporters = verifyTips(env, list)
  if (!reporters.ok) return reporters
  const { height, block: base } = list.tips[0] ?? { height: 0, block: new Uint8Array(0) }
  const place = { base, attempt, isEligible: options.isEligible }
  const fault = seatsFault(env, list, drawnOf(env, reporters.value, place))
  if (fault !== undefined) return err(fault)
  const committee = committeeOfDrawn(env, { base, attempt, drawn: list.drawn })
  return ok({ epoch: env.epoch, attempt, height, base, committee })
}

function groupsOf(env: RestartEnv, reports: readonly RestartReport[]): RestartTips[] | undefined {
  const groups = new Map<string, RestartReport[]>()
  for (const report of reports) {
    const key = `${String(report.height)}:${hex(report.block)}`
    groups.set(key, [...(groups.get(key) ?? []), report])
  }
  const ordered = [...groups.values()].toSorted(
    ([left], [right]) => (right?.height ?? 0) - (left?.height ?? 0),
  )
  const tips: RestartTips[] = []
  // The highest one counts; of those far below it some may be left out.
  for (const group of ordered.slice(0, restartTipsMax)) {
    const [first] = group
    const signature = env.bls.aggregateSignatures(group.map((report) => report.signature))
    if (first === undefined || signature === undefined) return undefined
    const indices = group.map(({ voter }) => voter)
    const voters = bitmapOf(env.set.voters.length, indices)
    tips.push({ height: first.height, block: first.block, voters, signature })
  }
  return tips
}

/** Everybody who reports, when that is 2/3 of the stake. */
function verifyTips(
  env: RestartEnv,
  { attempt, tips }: RestartList,
): Result<readonly number[], RestartListError> {
  const { set, bls } = env
  const reporters = new Set<number>()
  const groups: (readonly number[])[] = []
  if (tips.length === 0 || tips.length > restartTipsMax) {
    return err({ code: 'RESTART_LIST_TIPS', index: tips.length })
  }
  for (const [index, { height, block, voters }] of tips.entries()) {
    const indices = indicesOf(set.voters.length, voters)
    const isBelow = height < (tips[index - 1]?.height ?? Number.MAX_SAFE_INTEGER)
    if (indices === undefined || indices.length === 0 || !isBelow || block.length !== hashBytes) {
      return err({ code: 'RESTART_LIST_TIPS', index })
    }
    if (indices.some((voter) => reporters.has(voter))) return err({ code: 'RESTART_LIST_TWICE' })
    for (const voter of indices) reporters.add(voter)
    groups.push(indices)
  }
  const reportedMicro = stakeAt(set, reporters)
  if (!reachesThreshold(set, reportedMicro)) {
    return err({ code: 'RESTART_LIST_STAKE', reportedMicro, setMicro: set.stakeMicro })
  }
  for (const [index, tip] of tips.entries()) {
    const keys = (groups[index] ?? []).flatMap((voter) => set.voters[voter]?.key ?? [])
    const message = restartTipMessage(env, { ...tip, attempt })
    if (!bls.fastAggregateVerify(keys, message, tip.signature)) {
      return err({ code: 'RESTART_LIST_SIGNATURE', index })
    }
  }
  return ok([...reporters])
}

function drawnOf(
  env: RestartEnv,
  reporters: readonly number[],
  place: {
    readonly base: Uint8Array
    readonly attempt: number
    readonly isEligible: IsEligible
  },
): readonly number[] {
  const eligible = reporters.filter((voter) => {
    const account = env.set.voters[voter]?.account
    return account !== undefined && place.isEligible(account)
  })
  return restartSeats(env, eligible, { ...place, count: env.params.committeeSeats })
}

function seatsFault(
  env: RestartEnv,
  { attempt, drawn }: RestartList,
  expected: readonly number[],
): RestartListError | undefined {
  const isDrawn =
    expected.length >= protocol.committeeSeatsMin &&
    drawn.length === expected.length &&
    drawn.every(({ voter }, index) => voter === expected[index])
  if (!isDrawn) return { code: 'RESTART_LIST_DRAWN' }
  const keys = new Set<string>()
  for (const [index, { voter, seat }] of drawn.entries()) {
    const isFresh = seat !== undefined && !keys.has(hex(seat.epochKey))
    if (!isFresh || !seatIsOffered(env, { voter, attempt, seat })) {
      return { code: 'RESTART_LIST_SEAT', index }
    }
    keys.add(hex(seat.epochKey))
  }
  return undefined
}

/** Nobody proved a score for this service: all have the least one that may sit. */
function committeeOfDrawn(
  env: RestartEnv,
  place: {
    readonly base: Uint8Array
    readonly attempt: number
    readonly drawn: readonly RestartDrawn[]
  },
): Committee {
  const { base, attempt, drawn } = place
  const { scoreMin, scoreCap } = env.params
  const none = new Uint8Array(0)
  const seats = drawn.map(({ voter, seat }) => ({
    validator: env.set.voters[voter]?.account ?? none,
    epochKey: seat?.epochKey ?? none,
    sharingKey: seat?.sharingKey ?? none,
    peerId: seat?.peerId ?? '',
    score: scoreMin,
    power: 1,
  }))
  const scores = seats.map(({ score }) => score)
  const beacon = restartSeed(base, attempt)
  const leaders = leaderOrder(scores, { beacon, epoch: env.epoch, scoreCap })
  return { epoch: env.epoch, seats, leaders, attempt }
}
