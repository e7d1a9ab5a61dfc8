/** The parts of snarkjs and ffjavascript that the set-up uses; both ship without types. */

// @ts-expect-error ffjavascript ships no types.
import { buildBn128 as untypedBuild } from 'ffjavascript'
// @ts-expect-error snarkjs ships no types.
import { zKey as untypedZKey } from 'snarkjs'

export interface Field {
  readonly w: readonly Uint8Array[]
  toObject(element: Uint8Array): bigint
}

export interface Group {
  /** Generator in Jacobian coordinates. */
  readonly g: Uint8Array
  readonly F: { readonly n8: number }
  /** Affine Montgomery points to big-endian uncompressed ones. */
  batchLEMtoU(points: Uint8Array): Promise<Uint8Array>
}

export interface Curve {
  readonly r: bigint
  readonly q: bigint
  readonly Fr: Field
  readonly G1: Group
  readonly G2: Group
  readonly tm: {
    readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number }
    readonly instance: {
      readonly exports: Readonly<Record<string, (...pointers: number[]) => void>>
    }
    u8: Uint8Array
    u32: Uint32Array
  }
}

export interface Logger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

interface ZKey {
  beacon(
    source: string,
    target: string,
    name: string,
    beaconHex: string,
    iterationsExponent: number,
    logger?: Logger,
  ): Promise<Uint8Array | false>
  exportVerificationKey(zkey: string): Promise<Readonly<Record<string, unknown>>>
}

/** A curve whose arithmetic runs on this thread, in one WebAssembly memory. */
export const buildCurve = untypedBuild as unknown as (singleThread: true) => Promise<Curve>

export const zKey = untypedZKey as unknown as ZKey
