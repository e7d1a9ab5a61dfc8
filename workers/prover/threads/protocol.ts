/**
 * The conversation with the second thread of a proof (ZK-12): its messages. Requests are answered
 * in their order, each with its number.
 *
 * Words go over in shared memory where there is some, and are handed over otherwise; either way the
 * thread finds plain views, and no message holds more than numbers beside them.
 */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import { decodeProof, encodeProof, type Fp2 } from '../../../src/core/emotion/proofCodec.ts'
import type { ThreadFault } from '../../../src/ports/prover.ts'

/** A table of the key in the kernel's form: its points, and which scalar each takes. */
export interface HandedTable {
  readonly words: Uint32Array
  readonly scalarIndexes: Uint32Array
}

/** In place of the tables before, if any. */
export interface LoadTables {
  readonly kind: 'load'
  readonly id: number
  readonly a: HandedTable
  readonly b1: HandedTable
  readonly b2: HandedTable
}

export interface SumTask {
  readonly kind: 'sums'
  readonly id: number
  /** `signalCount` values of eight words, below r. */
  readonly witness: Uint32Array
  /** Of each table no more than its first points: to measure. */
  readonly pointsMax?: number
}

export type ToThread = LoadTables | SumTask

export type FromThread =
  | { readonly kind: 'ready'; readonly id: number }
  /** As `encodeSums` has them; no bytes when one is at infinity. */
  | { readonly kind: 'sums'; readonly id: number; readonly bytes: Uint8Array }

/** Σ wᵢ·Aᵢ, and Σ wᵢ·Bᵢ in G1 and in G2. */
export interface WitnessSums {
  readonly a: readonly [x: bigint, y: bigint]
  readonly b1: readonly [x: bigint, y: bigint]
  readonly b2: readonly [x: Fp2, y: Fp2]
}

/** The bytes of a proof with these three points (ZK-4), in the order a, b2, b1. */
export function encodeSums({ a, b1, b2 }: WitnessSums): Uint8Array {
  return encodeProof({ a, b: b2, c: b1 })
}

export type ThreadResult<T> = Result<T, { readonly code: ThreadFault }>

/** Strictly: each coordinate below q, each point on its curve and not at infinity. */
export function decodeSums(bytes: Uint8Array): ThreadResult<WitnessSums> {
  const points = decodeProof(bytes)
  if (!points.ok) return err({ code: 'THREAD_MALFORMED' })
  const { a, b, c } = points.value
  return ok({ a, b1: c, b2: b })
}

/** Undefined: no reply of this protocol. */
export function decodeReply(data: unknown): FromThread | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { kind, id, bytes } = data as Readonly<Record<string, unknown>>
  if (typeof id !== 'number') return undefined
  if (kind === 'ready') return { kind, id }
  return kind === 'sums' && bytes instanceof Uint8Array ? { kind, id, bytes } : undefined
}

/** A thread that was started, whichever kind of platform started it. */
export interface ThreadChannel {
  post(message: ToThread, handedOver: readonly ArrayBuffer[]): void
  /** Set once, before the first post. */
  listen(onReply: (reply: unknown) => void, onEnd: () => void): void
  terminate(): void
}

/** Undefined where no thread can be started. */
export type OpenThread = () => ThreadChannel | undefined
