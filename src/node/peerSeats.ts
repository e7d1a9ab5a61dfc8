/**
 * Which peer holds which seat, and how far the clocks of the seats are from this one (TIME-1):
 * status requests measure offset and round trip; the median over the seats corrects own time.
 */
import { StatusRequest, StatusResponse, type Committee } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { readSingle, type LedgerState } from '../core/ledger/state.ts'
import { draw, epochRecord } from '../core/ledger/tables.ts'
import { protocol } from '../core/params.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import { committeeOf } from './epochEnv.ts'

const statusBytesMax = 1024
const pollMs = 10_000
const timeoutMs = 4000

/** TIME-1: own time is never moved further than this. */
const offsetMsMax = 10_000

/** An offset below this is the noise of the round trip: correcting by it would only add jitter. */
const offsetMsMin = 50

export interface PeerStatus {
  readonly height: number
  readonly epoch: number
  readonly offsetMs: number
}

export class PeerSeats {
  readonly #transport: Transport
  readonly #clock: Clock
  readonly #statuses = new Map<PeerId, PeerStatus>()
  #committee: Committee | undefined
  #request: Uint8Array = new Uint8Array(0)
  #offsetMs = 0
  #cancel: () => void = () => undefined

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport
    this.#clock = clock
  }

  get clockOffsetMs(): number {
    return this.#offsetMs
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
  }

  statusOf(peer: PeerId): PeerStatus | undefined {
    return this.#statuses.get(peer)
  }

  /** Peers of the other seats, in seat order. */
  seatPeers(): readonly PeerId[] {
    const seats = this.#committee?.seats ?? []
    return seats
      .map((seat) => seat.peerId as PeerId)
      .filter((peer) => peer !== this.#transport.self)
  }

  peerOf(seat: number): PeerId | undefined {
    const peer = this.#committee?.seats[seat]?.peerId as PeerId | undefined
    return peer === this.#transport.self ? undefined : peer
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
    return [...new Set(peers)].filter((peer) => peer !== this.#transport.self)
  }

  /** Asks every connected peer now; ends when each has answered or let its time pass. */
  async askAll(): Promise<void> {
    await Promise.all(this.#transport.peers().map(({ peer }) => this.#ask(peer)))
  }

  #poll(): void {
    void this.askAll()
    const hasMeasured = this.#statuses.size > 0
    this.#cancel = this.#clock.after(hasMeasured ? pollMs : 1000, () => {
      this.#poll()
    })
  }

  async #ask(peer: PeerId): Promise<void> {
    const sentMs = this.#clock.nowMs()
    const answer = await this.#transport.request(peer, 'status', this.#request, { timeoutMs })
    const roundTripMs = this.#clock.nowMs() - sentMs
    if (!answer.ok) {
      this.#statuses.delete(peer)
      return
    }
    const decoded = decodeStrict(StatusResponse, answer.value, statusBytesMax)
    if (!decoded.ok) {
      this.#transport.penalise(peer, decoded.error.code)
      return
    }
    const { height, epoch, timeMs } = decoded.value
    const offsetMs = timeMs - Math.round(sentMs + roundTripMs / 2)
    this.#statuses.set(peer, { height, epoch, offsetMs })
    this.#correct()
  }

  /** The median of the seats' offsets, this node's own 0 among them. */
  #correct(): void {
    const offsets = this.seatPeers()
      .map((peer) => this.#statuses.get(peer)?.offsetMs)
      .filter((offset) => offset !== undefined)
    const sorted = [0, ...offsets].sort((left, right) => left - right)
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0
    const isNoise = Math.abs(median) < offsetMsMin
    this.#offsetMs = isNoise ? 0 : Math.max(-offsetMsMax, Math.min(offsetMsMax, median))
  }
}
