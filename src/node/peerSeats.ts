/**
 * Which peer holds which seat, and how far the clocks of the seats are from this one (TIME-1):
 * status requests measure offset and round trip; the median over 2F + 1 power corrects own time.
 */
import { StatusRequest, StatusResponse, type Committee } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { draw, epochRecord } from '../core/ledger/tables.ts'
import { protocol } from '../core/params.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId } from '../ports/transport.ts'
import type { ClockSample } from './clockSamples.ts'
import { committeeOf } from './epochEnv.ts'
import type { PeerGate } from './peerGate.ts'
import { SeatClock } from './seatClock.ts'
import type { Elsewhere } from './strangers.ts'

const statusBytesMax = 1024
const pollMs = 10_000
const timeoutMs = 4000

/** A timer of the transport is no later than this. */
const lateMsMax = 1000

export interface PeerStatus {
  readonly height: number
  readonly epoch: number
}

export class PeerSeats {
  readonly #gate: PeerGate
  readonly #clock: Clock
  readonly #statuses = new Map<PeerId, PeerStatus>()
  #committee: Committee | undefined
  #request: Uint8Array = new Uint8Array(0)
  readonly #seatClock: SeatClock
  /** How often this clock jumped: what was asked before does not time what is answered after. */
  #jumps = 0
  #cancel: () => void = () => undefined

  constructor(gate: PeerGate, clock: Clock) {
    this.#gate = gate
    this.#clock = clock
    this.#seatClock = new SeatClock(gate.transport.self, clock, (text) => {
      gate.notice(text)
    })
  }

  /** What own time is corrected by. */
  get clockOffsetMs(): number {
    return this.#seatClock.offsetMs
  }

  /** What seats of 2F+1 power say, or said a while ago; undefined when they do not. */
  get measuredOffsetMs(): number | undefined {
    return this.#seatClock.measuredMs
  }

  /** A quorum's time is further away than own time may be corrected by (TIME-1). */
  get isClockOff(): boolean {
    return this.#seatClock.isOff
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
    this.#seatClock.stop()
  }

  /** BFT-10, TIME-1: offsets that were measured by the clock before are dropped, and asked anew. */
  onClockJump(): void {
    this.#jumps += 1
    this.#seatClock.forgetAll()
    void this.askAll()
  }

  setCommittee(committee: Committee): void {
    this.#committee = committee
    this.#seatClock.setCommittee(committee)
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

  #forgetOthers(connected: readonly PeerId[]): void {
    for (const peer of this.#statuses.keys()) {
      if (!connected.includes(peer)) this.#forget(peer)
    }
  }

  #forget(peer: PeerId): void {
    this.#statuses.delete(peer)
    this.#seatClock.forget(peer)
  }

  #poll(): void {
    void this.askAll()
    const hasAnswers = this.#statuses.size > 0 || this.#gate.hasStrangers
    this.#cancel = this.#clock.after(hasAnswers ? pollMs : 1000, () => {
      this.#poll()
    })
  }

  async #ask(peer: PeerId): Promise<void> {
    const jumps = this.#jumps
    const sentMs = this.#clock.nowMs()
    const answer = await this.#gate.transport.request(peer, 'status', this.#request, { timeoutMs })
    const roundTripMs = this.#clock.nowMs() - sentMs
    const status = answer.ok ? this.#judged(peer, answer.value) : undefined
    if (status === undefined) {
      this.#forget(peer)
      return
    }
    const { height, epoch, timeMs } = status
    this.#statuses.set(peer, { height, epoch })
    // The clock was set while the answer was on its way: it is asked again with the others.
    const isMeasured = roundTripMs >= 0 && roundTripMs <= timeoutMs + lateMsMax
    if (!isMeasured || jumps !== this.#jumps) return
    this.#seatClock.note(peer, sampleOf(timeMs, sentMs, roundTripMs))
  }

  /** Undefined when it is malformed, or of another chain. */
  #judged(peer: PeerId, bytes: Uint8Array): StatusResponse | undefined {
    const decoded = decodeStrict(StatusResponse, bytes, statusBytesMax)
    if (!decoded.ok) this.#gate.transport.penalise(peer, decoded.error.code)
    return decoded.ok && this.#gate.judge(peer, decoded.value) ? decoded.value : undefined
  }
}

function sampleOf(timeMs: number, sentMs: number, roundTripMs: number): ClockSample {
  return { offsetMs: timeMs - Math.round(sentMs + roundTripMs / 2), roundTripMs }
}
