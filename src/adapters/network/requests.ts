/**
 * Request and response: one stream, one request, one answer, then it closes (NET-3).
 *
 * Bounded in size, in time and in how many a peer may have open at once (NET-6).
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { err, ok, type Result } from '../../core/base/result.ts'
import { transportLimits, type PeerId, type TransportError } from '../../ports/transport.ts'
import type { NetworkCounters } from './counters.ts'
import { peerName, type PeerTable } from './peerTable.ts'
import { readFrame, writeFrame } from './streamFrames.ts'

export const requestLimits = {
  perPeerMax: 8,
  totalMax: 64,
  /** For reading a request and for writing its answer. */
  serveTimeoutMs: 10_000,
  /** For what is still in the buffers when a stream closes: 4 MiB over a slow relay. */
  closeTimeoutMs: 30_000,
} as const

export type RequestHandler = (peer: PeerId, bytes: Uint8Array) => Promise<Uint8Array>

export interface RequestContext {
  readonly host: Libp2p
  readonly peers: PeerTable
  readonly counters: NetworkCounters
  readonly onViolation: (peer: PeerId) => void
}

export class Requests {
  readonly #context: RequestContext
  readonly #open = new Map<PeerId, number>()
  #openTotal = 0

  constructor(context: RequestContext) {
    this.#context = context
  }

  async serve(protocol: string, handler: RequestHandler): Promise<void> {
    await this.#context.host.handle(
      protocol,
      (stream, connection) => this.#answer(stream, connection, handler),
      { runOnLimitedConnection: true, maxInboundStreams: requestLimits.perPeerMax, force: true },
    )
  }

  async request(
    peer: PeerId,
    protocol: string,
    bytes: Uint8Array,
    timeoutMs: number,
  ): Promise<Result<Uint8Array, TransportError>> {
    const { counters, peers } = this.#context
    const connection = peers.best(peer)
    if (connection === undefined || bytes.length > transportLimits.requestBytesMax) {
      counters.requestsFailed += 1
      return err({ code: 'PEER_UNREACHABLE', peer })
    }
    counters.requestsOut += 1
    const signal = AbortSignal.timeout(timeoutMs)
    let stream: Stream | undefined
    try {
      stream = await connection.newStream(protocol, { runOnLimitedConnection: true, signal })
      await writeFrame(stream, bytes, signal)
      counters.bytesOut += bytes.length
      const answer = await readFrame(stream, transportLimits.responseBytesMax, signal)
      if (answer.ok) {
        counters.bytesIn += answer.value.length
        finish(stream)
        return answer
      }
      counters.requestsFailed += 1
      stream.abort(new Error(answer.error.code))
      if (answer.error.code === 'READ_TIMEOUT') return err({ code: 'REQUEST_TIMEOUT', peer })
      return err({ code: 'RESPONSE_INVALID', peer, reason: answer.error.code })
    } catch (failure) {
      counters.requestsFailed += 1
      stream?.abort(new Error('request failed'))
      if (signal.aborted) return err({ code: 'REQUEST_TIMEOUT', peer })
      return isUnsupported(failure)
        ? err({ code: 'RESPONSE_INVALID', peer, reason: 'PROTOCOL_UNSUPPORTED' })
        : err({ code: 'PEER_UNREACHABLE', peer })
    }
  }

  async #answer(stream: Stream, connection: Connection, handler: RequestHandler): Promise<void> {
    const peer = peerName(connection.remotePeer)
    const { counters } = this.#context
    if (!this.#enter(peer)) {
      counters.requestsRefused += 1
      stream.abort(new Error('too many requests'))
      return
    }
    try {
      const served = await this.#serveOne(stream, peer, handler)
      if (served.ok) finish(stream)
      else stream.abort(new Error(served.error))
    } catch {
      counters.requestsFailed += 1
      stream.abort(new Error('request not served'))
    } finally {
      this.#leave(peer)
    }
  }

  async #serveOne(
    stream: Stream,
    peer: PeerId,
    handler: RequestHandler,
  ): Promise<Result<undefined, string>> {
    const { counters, onViolation } = this.#context
    const request = await readFrame(
      stream,
      transportLimits.requestBytesMax,
      AbortSignal.timeout(requestLimits.serveTimeoutMs),
    )
    if (!request.ok) {
      if (request.error.code === 'FRAME_TOO_LONG') {
        counters.framesInvalid += 1
        onViolation(peer)
      }
      return err(request.error.code)
    }
    counters.requestsIn += 1
    counters.bytesIn += request.value.length
    const answer = await handler(peer, request.value)
    if (answer.length > transportLimits.responseBytesMax) return err('ANSWER_TOO_LONG')
    counters.bytesOut += answer.length
    await writeFrame(stream, answer, AbortSignal.timeout(requestLimits.serveTimeoutMs))
    return ok(undefined)
  }

  #enter(peer: PeerId): boolean {
    const open = this.#open.get(peer) ?? 0
    if (open >= requestLimits.perPeerMax || this.#openTotal >= requestLimits.totalMax) return false
    this.#open.set(peer, open + 1)
    this.#openTotal += 1
    return true
  }

  #leave(peer: PeerId): void {
    const open = (this.#open.get(peer) ?? 1) - 1
    if (open > 0) this.#open.set(peer, open)
    else this.#open.delete(peer)
    this.#openTotal -= 1
  }
}

function finish(stream: Stream): void {
  stream
    .close({ signal: AbortSignal.timeout(requestLimits.closeTimeoutMs) })
    .catch((failure: unknown) => {
      stream.abort(failure instanceof Error ? failure : new Error('stream did not close'))
    })
}

function isUnsupported(failure: unknown): boolean {
  return failure instanceof Error && failure.name === 'UnsupportedProtocolError'
}
