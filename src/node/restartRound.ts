/**
 * What a node holds of one attempt to restart an epoch (RECOVER-1): one report and one vote of each
 * voter, and the list of the drawn aggregator. Whatever a peer brings is checked before it is kept,
 * so that a round is never larger than its set.
 */
import { bitmapOf, indicesOf } from '../core/base/bitmap.ts'
import { reachesThreshold, stakeAt } from '../core/checkpoint/voterSet.ts'
import type { Restart } from '../core/codec/chain.ts'
import type {
  RestartPayload,
  RestartReport,
  RestartRequest,
  RestartResponse,
  RestartVote,
} from '../core/codec/restart.ts'
import { committeeRoot } from '../core/committee/handOver.ts'
import { restartAggregator } from '../core/restart/draw.ts'
import type { RestartEnv } from '../core/restart/env.ts'
import { verifyList, type IsEligible, type VerifiedList } from '../core/restart/list.ts'
import { restartStakeMessage } from '../core/restart/messages.ts'
import { reportIsValid } from '../core/restart/report.ts'

/** Of one answer: a report is half a kilobyte, a vote 100 bytes. */
const reportsMax = 512
const votesMax = 2_048

export class RestartRound {
  readonly env: RestartEnv
  readonly attempt: number
  /** Who makes the list. */
  readonly aggregator: number
  readonly #reports = new Map<number, RestartReport>()
  readonly #votes = new Map<number, RestartVote>()
  #bytes = new Uint8Array(0)
  #list: VerifiedList | undefined

  constructor(env: RestartEnv, attempt: number) {
    this.env = env
    this.attempt = attempt
    this.aggregator = restartAggregator(env, attempt)
  }

  get reports(): readonly RestartReport[] {
    return [...this.#reports.values()]
  }

  get list(): VerifiedList | undefined {
    return this.#list
  }

  /** Whether voters with 2/3 of the stake have reported. */
  get isReported(): boolean {
    return reachesThreshold(this.env.set, stakeAt(this.env.set, this.#reports.keys()))
  }

  hasReport(voter: number): boolean {
    return this.#reports.has(voter)
  }

  hasVote(voter: number): boolean {
    return this.#votes.has(voter)
  }

  /** False for what nobody of the set said; the first report of a voter counts. */
  addReport(report: RestartReport): boolean {
    if (this.#reports.has(report.voter)) return true
    if (report.attempt !== this.attempt || !reportIsValid(this.env, report)) return false
    this.#reports.set(report.voter, report)
    return true
  }

  /**
   * The first one that holds on the state at its base counts. What does not hold here may hold on
   * another block, so nobody pays for it.
   */
  addList(bytes: Uint8Array, isEligible: IsEligible): void {
    if (this.#list !== undefined || bytes.length === 0) return
    const verified = verifyList(this.env, this.attempt, { bytes, isEligible })
    if (!verified.ok) return
    this.#bytes = Uint8Array.from(bytes)
    this.#list = verified.value
  }

  /** What its voters sign; undefined before there is a list. */
  get payload(): RestartPayload | undefined {
    const { chainId, epoch, set } = this.env
    if (this.#list === undefined) return undefined
    const { base, committee } = this.#list
    const place = { chainId, votersRoot: set.root, epoch, attempt: this.attempt, base }
    return { ...place, committeeRoot: committeeRoot(committee) }
  }

  /** A vote on another list of a Byzantine aggregator is no fault of who brings it. */
  addVote(vote: RestartVote): void {
    const { set, bls } = this.env
    const key = set.voters[vote.voter]?.key
    const { payload } = this
    if (key === undefined || payload === undefined || this.#votes.has(vote.voter)) return
    if (!bls.verify(key, restartStakeMessage(payload), vote.signature)) return
    this.#votes.set(vote.voter, vote)
  }

  /** The record, once 2/3 of the stake signed. */
  record(): Restart | undefined {
    const { set, bls, epoch } = this.env
    if (this.#list === undefined) return undefined
    if (!reachesThreshold(set, stakeAt(set, this.#votes.keys()))) return undefined
    const votes = [...this.#votes.values()].toSorted((left, right) => left.voter - right.voter)
    const signature = bls.aggregateSignatures(votes.map((vote) => vote.signature))
    if (signature === undefined) return undefined
    const { base, committee } = this.#list
    const voters = bitmapOf(set.voters.length, this.#votes.keys())
    return { epoch, attempt: this.attempt, base, committee, signature, voters }
  }

  request(): RestartRequest {
    const { set, epoch } = this.env
    return {
      epoch,
      attempt: this.attempt,
      heldReports: bitmapOf(set.voters.length, this.#reports.keys()),
      hasList: this.#list !== undefined,
      heldVotes: bitmapOf(set.voters.length, this.#votes.keys()),
      votersOf: 0,
    }
  }

  /** What the asking node lacks. Bitmaps may be anything. */
  lackedBy({ heldReports, hasList, heldVotes }: RestartRequest): RestartResponse {
    const count = this.env.set.voters.length
    const reports = new Set(indicesOf(count, heldReports))
    const votes = new Set(indicesOf(count, heldVotes))
    return {
      reports: this.reports.filter(({ voter }) => !reports.has(voter)).slice(0, reportsMax),
      list: hasList ? new Uint8Array(0) : this.#bytes,
      votes: [...this.#votes.values()].filter(({ voter }) => !votes.has(voter)).slice(0, votesMax),
      voters: new Uint8Array(0),
    }
  }
}
