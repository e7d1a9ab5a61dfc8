/** BFT-10, asking side: a seat that restarted asks the others until F+1 of them have answered. */
import { RecoverRequest, RecoverResponse } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { seatOf, timeOf } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'
import type { RunningEpoch } from './epochRunner.ts'

const retryMs = 500
const timeoutMs = 3000

/** Of an honest answer at most (viewWindow); each one more may cost a signature check. */
const certificatesMax = 160
const votesMax = 256

interface RecoverOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly running: () => RunningEpoch | undefined
}

export class RecoverDesk {
  readonly #options: RecoverOptions
  readonly #asking = new Set<number>()
  #polling = false

  constructor(options: RecoverOptions) {
    this.#options = options
  }

  /** Asks every other seat while the running engine recovers. */
  poll(): void {
    const running = this.#options.running()
    if (this.#polling || running?.engine.state.mode.type !== 'recovering') return
    this.#polling = true
    for (const [seat, { peerId }] of running.committee.seats.entries()) {
      if (seat !== running.seat) void this.#ask(running, seat, peerId as PeerId)
    }
    this.#options.clock.after(retryMs, () => {
      this.#polling = false
      this.poll()
    })
  }

  async #ask(running: RunningEpoch, seat: number, peer: PeerId): Promise<void> {
    if (running.seat === undefined || this.#asking.has(seat)) return
    this.#asking.add(seat)
    const { transport, clock } = this.#options
    const request = RecoverRequest.encode({ epoch: running.epoch, seat: running.seat })
    const answer = await transport.request(peer, 'recover', request, { timeoutMs })
    this.#asking.delete(seat)
    if (!answer.ok) return
    const decoded = decodeStrict(RecoverResponse, answer.value, transportLimits.responseBytesMax)
    if (!decoded.ok) {
      transport.penalise(peer, decoded.error.code)
      return
    }
    // An answer about another committee says nothing of what this key signed in this one.
    const { epoch, attempt, certificates, votes } = decoded.value
    if (epoch !== running.epoch || attempt !== running.committee.attempt) return
    if (certificates.length > certificatesMax || votes.length > votesMax) {
      transport.penalise(peer, 'RECOVER_TOO_MUCH')
      return
    }
    if (this.#options.running() !== running) return
    const nowMs = timeOf(clock.nowMs())
    running.engine.feed({ type: 'recoverAnswer', nowMs, seat: seatOf(seat), certificates, votes })
  }
}
