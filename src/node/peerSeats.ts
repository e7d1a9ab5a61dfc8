/**
 * Which peer holds which seat, and how far the clocks of the seats are from this one (TIME-1):
 * status requests measure offset and round trip; the median over 2F + 1 power corrects own time.
 */
import { StatusRequest, StatusResponse, type Committee } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { draw, epochRecord } from '../core/ledger/tables.ts'
import { protocol } from '../core/params.ts'
import { committeeQuorum } from '../core/committee/quorum.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/transport.ts'
import { medianOffset } from './clockOffset.ts'
import { committeeOf } from './epochEnv.ts'
import type { PeerGate } from './peerGate.ts'
import type { Elsewhere } from './strangers.ts'

const statusBytesMax = 1024
const pollMs = 10_000
const timeoutMs = 4000

/** A timer of the transport is no later than this. */
const lateMsMax = 1000

/** TIME-1: own time is never moved further than this. */
const offsetMsMax = 10_000

/** An offset below this is the noise of the round trip: correcting by it would only add jitter. */
const offsetMsMin = 50

export interface PeerStatus {
  readonly height: number
  readonly epoch: number
  /** Undefined when the answer could not be timed. */
  readonly offsetMs: number | undefined
}

export class PeerSeats {
  readonly #gate: PeerGate
  readonly #clock: Clock
  readonly #statuses = new Map<PeerId, PeerStatus>()
  #committee: Committee | undefined
  #request: Uint8Array = new Uint8Array(0)
  #offsetMs = 0
  #measuredMs: number | undefined
  #cancel: () => void = () => undefined

  constructor(gate: PeerGate, clock: Clock) {
    this.#gate = gate
    this.#clock = clock
  }

  /** What own time is corrected by. */
  get clockOffsetMs(): number {
    return this.#offsetMs
  }

  /** What seats of 2F+1 power say; undefined while fewer answer. */
  get measuredOffsetMs(): number | undefined {
    return this.#measuredMs
  }

  /** A quorum's time is further away than own time may be corrected by (TIME-1). */
  get isClockOff(): boolean {
    return Math.abs(this.#measuredMs ?? 0) > offsetMsMax
  }

  /** ENC-2: most peers are of another chain, or speak another version. */
  get elsewhere(): Elsewhere | undefined {
    return this.#gate.elsewhere(this.#statuses.size)
  }

  start(chainId: string, genesis: Uint8Array): void {
    this.#request = StatusRequest.encode({ version: protocol.version, chainId, genesis })
    this.#poll()
  }

  stop(): void {
    this.#cancel()
  }

  setCommittee(committee: Committee): void {
    this.#committee = committee
    this.#correct()
  }

  statusOf(peer: PeerId): PeerStatus | undefined {
    return this.#statuses.get(peer)
  }

  /** Peers of the other seats, in seat order. */
  seatPeers(): readonly PeerId[] {
    const seats = this.#committee?.seats ?? []
    return seats
      .map((seat) => seat.peerId as PeerId)
      .filter((peer) => peer !== this.#gate.transport.self)
  }

  peerOf(seat: number): PeerId | undefined {
    const peer = this.#committee?.seats[seat]?.peerId as PeerId | undefined
    return peer === this.#gate.transport.self ? undefined : peer
  }

  seatOf(peer: PeerId): number | undefined {
    const seat = this.#committee?.seats.findIndex((one) => one.peerId === peer) ?? -1
    return seat < 0 ? undefined : seat
  }

  /** Seats of this epoch and of the next, and who is drawn for it: these stay connected (COM-6). */
  wanted(state: LedgerState): readonly PeerId[] {
    const { epoch } = readSingle(state, epochRecord)
    const next = committeeOf(state, epoch + 1)?.seats ?? []
    const current = this.#committee?.seats ?? committeeOf(state, epoch)?.seats ?? []
    const drawn = readSingle(state, draw).seats
    const peers = [...current, ...next, ...drawn].map((seat) => seat.peerId as PeerId)
    return [...new Set(peers)].filter((peer) => peer !== this.#gate.transport.self)
  }

  /** Asks every connected peer now; ends when each has answered or let its time pass. */
  async askAll(): Promise<void> {
    const connected = this.#gate.connected()
    this.#forgetOthers(connected)
    await Promise.all(connected.map((peer) => this.#ask(peer)))
  }

  /** Who is gone answers no more: what it said of its clock does not count for ever. */
  #forgetOthers(connected: readonly PeerId[]): void {
    for (const peer of this.#statuses.keys()) {
      if (!connected.includes(peer)) this.#statuses.delete(peer)
    }
    this.#correct()
  }

  #poll(): void {
    void this.askAll()
    const hasAnswers = this.#statuses.size > 0 || this.elsewhere !== undefined
    this.#cancel = this.#clock.after(hasAnswers ? pollMs : 1000, () => {
      this.#poll()
    })
  }

  async #ask(peer: PeerId): Promise<void> {
    const sentMs = this.#clock.nowMs()
    const answer = await this.#gate.transport.request(peer, 'status', this.#request, { timeoutMs })
    const roundTripMs = this.#clock.nowMs() - sentMs
    const status = answer.ok ? this.#judged(peer, answer.value) : undefined
    if (status === undefined) {
      this.#statuses.delete(peer)
      this.#correct()
      return
    }
    const { height, epoch, timeMs } = status
    // The clock was set while the answer was on its way: it is asked again with the others.
    const isMeasured = roundTripMs >= 0 && roundTripMs <= timeoutMs + lateMsMax
    const offsetMs = isMeasured ? timeMs - Math.round(sentMs + roundTripMs / 2) : undefined
    this.#statuses.set(peer, { height, epoch, offsetMs })
    this.#correct()
  }

  /** Undefined when it is malformed, or of another chain. */
  #judged(peer: PeerId, bytes: Uint8Array): StatusResponse | undefined {
    const decoded = decodeStrict(StatusResponse, bytes, statusBytesMax)
    if (!decoded.ok) this.#gate.transport.penalise(peer, decoded.error.code)
    return decoded.ok && this.#gate.judge(peer, decoded.value) ? decoded.value : undefined
  }

  /**
   * The seat of this node counts as 0, with its power: of the seats that agree on a time it may be
   * the one that is right. A node without a seat measures by the others alone.
   */
  #correct(): void {
    const seats = this.#committee?.seats ?? []
    const offsets = seats.flatMap(({ peerId, power }) => {
      const peer = peerId as PeerId
      const offsetMs = peer === this.#gate.transport.self ? 0 : this.#statuses.get(peer)?.offsetMs
      return offsetMs === undefined ? [] : [{ offsetMs, power }]
    })
    const median =
      seats.length === 0 ? undefined : medianOffset(offsets, committeeQuorum({ seats }))
    const isNoise = median === undefined || Math.abs(median) < offsetMsMin
    const wasOff = this.isClockOff
    this.#measuredMs = median
    if (this.isClockOff && !wasOff) this.#gate.notice(`CLOCK_OFF:${String(median)} ms`)
    this.#offsetMs = isNoise ? 0 : Math.max(-offsetMsMax, Math.min(offsetMsMax, median))
  }
}
