/** Why a peer gave nothing that counts; only what it did wrong costs it (NET-5). */
import type { MessageCodec } from '../core/codec/strict.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { err, type Result } from '../core/base/result.ts'
import {
  transportLimits,
  type PeerId,
  type RequestProtocol,
  type Transport,
} from '../ports/transport.ts'

export interface PeerFailure {
  readonly code: string
  readonly isPeerFault: boolean
}

export const requestTimeoutMs = 10_000

export function peerFault(code: string): {
  readonly ok: false
  readonly error: PeerFailure
} {
  return err({ code, isPeerFault: true })
}

export function notPeerFault(code: string): {
  readonly ok: false
  readonly error: PeerFailure
} {
  return err({ code, isPeerFault: false })
}

/**
 * What does not hold here, and may hold all the same: a proof that could not be judged, a path that
 * is longer than anybody reads, a block of a committee that a restart replaces (RECOVER-1).
 */
const faultless: readonly string[] = [
  'BLOCK_PROOF_UNVERIFIED',
  'BLOCK_PATH_TOO_LONG',
  'BLOCK_HELD_BACK',
]

/** Of a block that did not pass. */
export function blockFailure(code: string): PeerFailure {
  return { code, isPeerFault: !faultless.includes(code) }
}

/** One request; the answer is decoded strictly (ENC-1). */
export async function ask<T>(
  transport: Pick<Transport, 'request'>,
  peer: PeerId,
  question: {
    readonly protocol: RequestProtocol
    readonly bytes: Uint8Array
    readonly codec: MessageCodec<T>
    readonly sizeBytesMax?: number
    /** Relays through which the peer is said to be reached. */
    readonly via?: readonly string[]
  },
): Promise<Result<T, PeerFailure>> {
  const { protocol, bytes, codec, sizeBytesMax = transportLimits.responseBytesMax, via } = question
  const options = { timeoutMs: requestTimeoutMs, ...(via && { via }) }
  const answer = await transport.request(peer, protocol, bytes, options)
  if (!answer.ok) return notPeerFault(answer.error.code)
  const decoded = decodeStrict(codec, answer.value, sizeBytesMax)
  return decoded.ok ? decoded : peerFault(decoded.error.code)
}
