/**
 * Multiplies the generator of a group by many scalars: a fixed-base comb.
 *
 * Table[w][d] is d · 2^(11w) · G for each digit d of a scalar to the base 2^11, so a product is 24
 * mixed additions and no doubling. Runs inside the curve's WebAssembly memory. Output as in ptau
 * and zkey files: affine, Montgomery, little-endian.
 */

import type { Curve } from './curve.ts'

const digitBits = 11
const digitMax = (1 << digitBits) - 1
/** 24 digits of 11 bits hold the 254 bits of a scalar. */
const rowCount = 24
/** Points per conversion to affine: the inversion is shared by a chunk. */
const chunkPoints = 2048

export type GroupName = 'G1' | 'G2'

export interface Comb {
  multiply(scalars: readonly bigint[]): Uint8Array<ArrayBuffer>
}

export function buildComb(curve: Curve, name: GroupName): Comb {
  const prefix = name === 'G1' ? 'g1m' : 'g2m'
  const coordinateBytes = curve[name].F.n8
  const affineBytes = 2 * coordinateBytes
  const jacobianBytes = 3 * coordinateBytes
  const { alloc, operation, memory } = access(curve, prefix)
  const [zero, copy, add] = [operation('zero'), operation('copy'), operation('add')]
  const [addMixed, batchToAffine] = [operation('addMixed'), operation('batchToAffine')]

  const table = alloc(rowCount * digitMax * affineBytes)
  const chunk = alloc(chunkPoints * jacobianBytes)
  const affine = alloc(chunkPoints * affineBytes)
  fillTable()

  return { multiply }

  function fillTable(): void {
    memory().set(curve[name].g, chunk)
    for (let row = 0; row < rowCount; row += 1) {
      // chunk[i] = (i + 1) · base, and the next row's base is 2^11 · base.
      for (let digit = 1; digit <= digitMax; digit += 1) {
        const target = chunk + digit * jacobianBytes
        add(target - jacobianBytes, chunk, target)
      }
      batchToAffine(chunk, digitMax, table + row * digitMax * affineBytes)
      copy(chunk + digitMax * jacobianBytes, chunk)
    }
  }

  function multiply(scalars: readonly bigint[]): Uint8Array<ArrayBuffer> {
    const output = new Uint8Array(scalars.length * affineBytes)
    for (let start = 0; start < scalars.length; start += chunkPoints) {
      const part = scalars.slice(start, start + chunkPoints)
      part.forEach((scalar, index) => multiplyOne(scalar, chunk + index * jacobianBytes))
      batchToAffine(chunk, part.length, affine)
      const bytes = memory().subarray(affine, affine + part.length * affineBytes)
      output.set(bytes, start * affineBytes)
    }
    return output
  }

  function multiplyOne(scalar: bigint, target: number): void {
    zero(target)
    // Least significant digit first; two at a time keep the big integers few.
    for (let row = 0, rest = scalar; rest > 0n; row += 2, rest >>= 22n) {
      const low = Number(rest & 0x3f_ffffn)
      addDigit(row, low & digitMax, target)
      addDigit(row + 1, low >> digitBits, target)
    }
  }

  function addDigit(row: number, digit: number, target: number): void {
    if (digit > 0) addMixed(target, table + (row * digitMax + digit - 1) * affineBytes, target)
  }
}

function access(
  curve: Curve,
  prefix: string,
): {
  readonly alloc: (byteCount: number) => number
  readonly operation: (name: string) => (...pointers: number[]) => void
  readonly memory: () => Uint8Array
} {
  const { tm } = curve
  const { exports } = tm.instance
  const operation = (name: string): ((...pointers: number[]) => void) => {
    const run = exports[`${prefix}_${name}`]
    if (run === undefined) throw new Error(`the curve has no ${prefix}_${name}`)
    return run
  }
  // Above what the curve manages itself; after growth its views need the new buffer.
  const alloc = (byteCount: number): number => {
    const start = tm.memory.buffer.byteLength
    tm.memory.grow(Math.ceil(byteCount / 65_536))
    tm.u8 = new Uint8Array(tm.memory.buffer)
    tm.u32 = new Uint32Array(tm.memory.buffer)
    return start
  }
  return {
    alloc,
    operation,
    memory: () => tm.u8,
  }
}
