/**
 * The group of the beacon's sharing (BEACON-2): ristretto255 (RFC 9496), of prime order and with
 * one encoding for each element. Decision 0012 says why this group.
 *
 * Which implementation runs is the choice of the composition root; all of them give the same bytes
 * and refuse the same ones, held to `groupNoble.ts` by one test.
 */
export const pointBytes = 32

declare const isPoint: unique symbol

/** An element, of use only to the group that made it. */
export interface Point {
  readonly [isPoint]: true
}

/** Scalars are from 0 to the order less one. No method throws on bytes of others. */
export interface Group {
  readonly name: string
  /** g, the generator of RFC 9496. */
  readonly generator: Point
  /** h: see `shareGenerator.ts`. */
  readonly shareGenerator: Point
  /** Undefined for anything but the canonical encoding of an element other than the identity. */
  decode(bytes: Uint8Array): Point | undefined
  /** 32 bytes each, one after the other. */
  encode(points: readonly Point[]): Uint8Array
  isIdentity(point: Point): boolean
  /** For secret scalars: one pattern of operations for all of them. */
  multiply(point: Point, scalar: bigint): Point
  /** For public scalars only: the time depends on the numbers. As many points as scalars. */
  sumOfProducts(points: readonly Point[], scalars: readonly bigint[]): Point
  /** The same element, faster in sums of few products: worth it from some ten of them on. */
  precompute(point: Point): Point
}

/** Item `index` of a string of items of 32 bytes. */
export function itemAt(bytes: Uint8Array, index: number): Uint8Array {
  return bytes.subarray(index * pointBytes, (index + 1) * pointBytes)
}
