/** A point of G2 as RFC 9380 writes it, in the compressed encoding of signatures. */

import { bls12_381 } from '@noble/curves/bls12-381.js'

/** Each coordinate as `0x… ,0x…`: the part without and the part with the imaginary unit. */
export interface G2Coordinates {
  readonly x: string
  readonly y: string
}

const fieldOrder = bls12_381.fields.Fp.ORDER

/** Hexadecimal, 96 bytes. */
export function g2Bytes({ x, y }: G2Coordinates): string {
  const [real, imaginary] = partsOf(x)
  const [yReal, yImaginary] = partsOf(y)
  const decides = yImaginary === 0n ? yReal : yImaginary
  const flags = 0x80n | (decides * 2n > fieldOrder ? 0x20n : 0n)
  return wide(imaginary | (flags << 376n)) + wide(real)
}

function partsOf(coordinate: string): readonly [real: bigint, imaginary: bigint] {
  const [real = '0', imaginary = '0'] = coordinate.split(',')
  return [BigInt(real), BigInt(imaginary)]
}

function wide(value: bigint): string {
  return value.toString(16).padStart(96, '0')
}
