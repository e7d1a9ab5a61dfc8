/**
 * Measures round trips and finds connections that are dead without saying so (NET-5).
 *
 * A killed browser closes nothing: WebRTC notices after half a minute, a half-open WebSocket never.
 * Two pings in a row without an answer end the connection, so that it is dialled again; one late
 * ping under load does not. A node whose own timers ran late blames itself and counts nothing.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Clock } from '../../ports/clock.ts'
import type { Random } from '../../ports/random.ts'

export const livenessTimes = {
  everyMs: 8_000,
  timeoutMs: 5_000,
  /**
   * The ticks are a quarter of a second apart; a gap like this means that this node was not
   * running.
   */
  lateMs: 2_000,
  failuresMax: 2,
} as const

const pingProtocol = '/ipfs/ping/1.0.0'
const pingBytes = 32

interface Watch {
  nextMs: number
  failures: number
  roundTripMs: number | undefined
}

export interface LivenessContext {
  readonly host: Libp2p
  readonly clock: Clock
  readonly random: Random
}

export class Liveness {
  readonly #context: LivenessContext
  readonly #watches = new Map<Connection, Watch>()
  #tickMs = 0
  #lateUntilMs = 0

  constructor(context: LivenessContext) {
    this.#context = context
  }

  tick(): void {
    const { host, clock } = this.#context
    const nowMs = clock.nowMs()
    const isLate = this.#tickMs > 0 && nowMs - this.#tickMs > livenessTimes.lateMs
    this.#tickMs = nowMs
    if (isLate) this.#lateUntilMs = nowMs + livenessTimes.timeoutMs
    const open = host.getConnections()
    for (const connection of this.#watches.keys()) {
      if (!open.includes(connection)) this.#watches.delete(connection)
    }
    for (const connection of open) {
      const watch = this.#watches.get(connection)
      if (watch === undefined) {
        const nextMs = nowMs + livenessTimes.everyMs / 4
        this.#watches.set(connection, { nextMs, failures: 0, roundTripMs: undefined })
      } else if (watch.nextMs <= nowMs) {
        watch.nextMs = nowMs + livenessTimes.everyMs
        void this.#ping(connection, watch)
      }
    }
  }

  async #ping(connection: Connection, watch: Watch): Promise<void> {
    const { clock, random } = this.#context
    const signal = AbortSignal.timeout(livenessTimes.timeoutMs)
    let stream: Stream | undefined
    try {
      stream = await connection.newStream(pingProtocol, { signal, runOnLimitedConnection: true })
      const sentMs = clock.nowMs()
      await pingOnce(stream, random.bytes(pingBytes), signal)
      const tookMs = clock.nowMs() - sentMs
      // Smoothed as TCP does it: an eighth of each new sample.
      watch.roundTripMs =
        watch.roundTripMs === undefined
          ? tookMs
          : watch.roundTripMs + (tookMs - watch.roundTripMs) / 8
      connection.rtt = Math.round(watch.roundTripMs)
      watch.failures = 0
      const closing = stream
      closing.close({ signal: AbortSignal.timeout(livenessTimes.timeoutMs) }).catch(() => {
        closing.abort(new Error('ping stream did not close'))
      })
    } catch {
      stream?.abort(new Error('no answer to a ping'))
      if (clock.nowMs() < this.#lateUntilMs) return
      watch.failures += 1
      if (watch.failures >= livenessTimes.failuresMax) connection.abort(new Error('peer is silent'))
    }
  }
}

/** Sends the bytes and waits until as many came back; what they are does not matter here. */
function pingOnce(stream: Stream, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let arrived = 0
    const fail = (): void => {
      reject(new Error('no answer'))
    }
    signal.addEventListener('abort', fail, { once: true })
    stream.addEventListener('close', fail)
    stream.addEventListener('message', (event) => {
      arrived += event.data.byteLength
      if (arrived < bytes.length) return
      signal.removeEventListener('abort', fail)
      resolve()
    })
    stream.send(bytes)
  })
}
