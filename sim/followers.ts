/**
 * How a commit certificate reaches everyone else (SYNC-2): header and certificate are pushed to
 * followers that join no gossip mesh and check the certificate by themselves.
 *
 * `relays`: each seat pushes to one relay in every region, a relay checks and pushes to the
 * followers of its region. `commits`: each seat sends its COMMIT to the relays too, which make the
 * certificate themselves instead of waiting for one. `peers`: no relay; 480 followers are fed by
 * three seats each, the others by three of those. Times are those of the links (links.ts); a push
 * list is served in order.
 */
import { quorumOf } from '../src/core/committee/quorum.ts'
import type { SeededRandom } from './base/random.ts'
import { homeIn, Links, type Place } from './network/links.ts'
import type { Region } from './network/regions.ts'

export type Dissemination = 'relays' | 'commits' | 'peers'

export interface FollowerOptions {
  readonly count: number
  readonly regions: readonly Region[]
  readonly seats: readonly Place[]
  readonly dissemination: Dissemination
  readonly uploadMbps: number
  /** What a follower needs to check a certificate, ms; and a relay. */
  readonly checkMs: number
  readonly relayCheckMs: number
  readonly random: SeededRandom
}

/** A header and its certificate, bytes. */
const pushBytes = 700
const relayUploadMbps = 1000
const firstTier = 480
const sources = 3

export class Followers {
  readonly #options: FollowerOptions
  readonly #links: Links
  readonly #count: number
  readonly #seats: number
  readonly #quorum: number
  /** Index of the first follower, and of the first relay, among the places. */
  readonly #firstFollower: number
  readonly #firstRelay: number

  constructor(options: FollowerOptions) {
    const { count, regions, seats, uploadMbps, random } = options
    const home = (_none: unknown, index: number): Place =>
      homeIn(regions[index % regions.length] ?? 'eu-central-1', random, uploadMbps)
    const followers = Array.from({ length: count }, home)
    const relays = regions.map((region) => ({
      region,
      lastMileMs: 0,
      uploadMbps: relayUploadMbps,
    }))
    this.#options = options
    this.#count = count
    this.#seats = seats.length
    this.#quorum = quorumOf(seats.map(() => 1)).quorumPower
    this.#firstFollower = seats.length
    this.#firstRelay = seats.length + count
    const quiet = { lossShare: 0, lossIsFinal: false, uploadQueueMs: 60_000 }
    this.#links = new Links([...seats, ...followers, ...relays], quiet, random)
  }

  /** Times at which followers hold and have checked the certificate, from the seats' times (ms). */
  reach(block: {
    readonly finalMs: ReadonlyMap<number, number>
    readonly commitMs: ReadonlyMap<number, number>
  }): Float64Array {
    const { dissemination } = this.#options
    if (dissemination === 'peers') return this.#throughPeers(block.finalMs)
    const pushed = this.#arrivals(block.finalMs).map(([first = Infinity]) => first)
    if (dissemination === 'relays') return this.#throughRelays(pushed)
    const made = this.#arrivals(block.commitMs).map((list) => list[this.#quorum - 1] ?? Infinity)
    return this.#throughRelays(pushed.map((at, index) => Math.min(at, made[index] ?? Infinity)))
  }

  /** When what each seat sends arrives, ms, for each relay, ascending. */
  #arrivals(sentMs: ReadonlyMap<number, number>): readonly (readonly number[])[] {
    const { regions } = this.#options
    return regions.map((_region, index) =>
      [...sentMs]
        .map(([seat, at]) => at + this.#push(seat, this.#firstRelay + index, regions.length))
        .sort((left, right) => left - right),
    )
  }

  #throughRelays(certificateMs: readonly number[]): Float64Array {
    const { regions, relayCheckMs, checkMs, random } = this.#options
    const relayMs = certificateMs.map((at) => at + relayCheckMs)
    const perRelay = Math.ceil(this.#count / regions.length)
    const reached = new Float64Array(this.#count)
    for (let index = 0; index < this.#count; index += 1) {
      const relay = index % regions.length
      const queueMs = (random.below(perRelay) * pushBytes * 8) / relayUploadMbps / 1000
      const wayMs = this.#links.delayMs(this.#firstRelay + relay, this.#firstFollower + index)
      reached[index] = (relayMs[relay] ?? 0) + queueMs + wayMs + checkMs
    }
    return reached
  }

  #throughPeers(finalMs: ReadonlyMap<number, number>): Float64Array {
    const { checkMs, random } = this.#options
    const live = [...finalMs.keys()]
    const reached = new Float64Array(this.#count)
    const tier = Math.min(firstTier, this.#count)
    const fanOut = Math.ceil((tier * sources) / this.#seats)
    for (let index = 0; index < tier; index += 1) {
      let first = Infinity
      for (let source = 0; source < sources; source += 1) {
        const seat = random.pick(live)
        const at = (finalMs.get(seat) ?? 0) + this.#push(seat, this.#firstFollower + index, fanOut)
        first = Math.min(first, at)
      }
      reached[index] = first + checkMs
    }
    const fanOutBelow = Math.ceil(((this.#count - tier) * sources) / tier)
    for (let index = tier; index < this.#count; index += 1) {
      let first = Infinity
      for (let source = 0; source < sources; source += 1) {
        const peer = random.below(tier)
        const [from, to] = [this.#firstFollower + peer, this.#firstFollower + index]
        first = Math.min(first, (reached[peer] ?? 0) + this.#push(from, to, fanOutBelow))
      }
      reached[index] = first + checkMs
    }
    return reached
  }

  /** One way, and the wait for a random place in the sender's push list, ms. */
  #push(from: number, to: number, listLength: number): number {
    const upload = this.#links.places[from]?.uploadMbps ?? 1
    const position = 1 + this.#options.random.below(listLength)
    return this.#links.delayMs(from, to) + (position * pushBytes * 8) / upload / 1000
  }
}
