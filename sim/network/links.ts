/**
 * How long a message takes from one place to another, and whether it arrives.
 *
 * One way = half the region pair's round trip + jitter + what each end's last mile adds + the time
 * that the sender's upload needs for everything in front of it. A home's last mile is drawn once,
 * log-normal with a median of 12 ms and σ 0.5, and each message varies around it by σ 0.2; this is
 * an assumption and every report states it. A lost packet is sent again: it arrives a round trip
 * and a retransmission timeout later, unless the run says that losses are final.
 */
import type { SeededRandom } from '../base/random.ts'
import { pathBetween, type Path, type Region } from './regions.ts'

export interface Place {
  readonly region: Region
  /** Median of the last mile, ms; 0 in a data centre. */
  readonly lastMileMs: number
  /** Upload, Mb/s. */
  readonly uploadMbps: number
}

export interface LinkOptions {
  /** Share of packets that are lost. */
  readonly lossShare: number
  /** Lost packets never arrive. */
  readonly lossIsFinal: boolean
  /** Bufferbloat: a busy upload queues up to this long, ms; what exceeds it is lost. */
  readonly uploadQueueMs: number
}

export const lastMileMedianMs = 12
export const lastMileSigma = 0.5
const messageSigma = 0.2

/** DTLS, SCTP, UDP and IP around a message that fits one packet, bytes. */
export const overheadBytes = 100

/** Least wait before a lost packet is sent again, ms (dcSCTP's default minimum is near it). */
const retransmitMs = 120

export function homeIn(region: Region, random: SeededRandom, uploadMbps: number): Place {
  return { region, lastMileMs: random.logNormal(lastMileMedianMs, lastMileSigma), uploadMbps }
}

export class Links {
  readonly places: readonly Place[]
  readonly #options: LinkOptions
  readonly #random: SeededRandom
  readonly #uploadFreeUs: number[]
  readonly #paths = new Map<string, Path>()
  /** Bytes each place sent so far. */
  readonly sentBytes: number[]

  constructor(places: readonly Place[], options: LinkOptions, random: SeededRandom) {
    this.places = places
    this.#options = options
    this.#random = random
    this.#uploadFreeUs = places.map(() => 0)
    this.sentBytes = places.map(() => 0)
  }

  /** When the message arrives, µs; undefined when it is lost for good. */
  send(from: number, to: number, bytes: number, nowUs: number): number | undefined {
    const place = this.places[from]
    if (place === undefined) return undefined
    const size = bytes + overheadBytes
    this.sentBytes[from] = (this.sentBytes[from] ?? 0) + size
    const startUs = Math.max(nowUs, this.#uploadFreeUs[from] ?? 0)
    if (startUs - nowUs > this.#options.uploadQueueMs * 1000) return undefined
    const sentUs = startUs + (size * 8) / place.uploadMbps
    this.#uploadFreeUs[from] = sentUs
    let delayMs = this.delayMs(from, to)
    while (this.#random.next() < this.#options.lossShare) {
      if (this.#options.lossIsFinal) return undefined
      delayMs += retransmitMs + this.delayMs(from, to) + this.delayMs(to, from)
    }
    return sentUs + delayMs * 1000
  }

  /** One way without the upload's queue, ms. */
  delayMs(from: number, to: number): number {
    const [left, right] = [this.places[from], this.places[to]]
    if (left === undefined || right === undefined) return 0
    const { oneWayMs, jitterMs } = this.#path(left.region, right.region)
    const wire = Math.max(0.1, oneWayMs + jitterMs * this.#random.normal())
    return wire + this.#lastMile(left) + this.#lastMile(right)
  }

  #lastMile({ lastMileMs }: Place): number {
    return lastMileMs === 0 ? 0 : this.#random.logNormal(lastMileMs, messageSigma)
  }

  #path(from: Region, to: Region): Path {
    const key = `${from} ${to}`
    const known = this.#paths.get(key) ?? pathBetween(from, to)
    this.#paths.set(key, known)
    return known
  }
}
