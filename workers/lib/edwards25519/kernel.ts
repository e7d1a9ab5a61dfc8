/**
 * The arithmetic of edwards25519 in WebAssembly: emitted when a worker starts, compiled and
 * instantiated with a memory of its own, like the prover's (docs/decisions/0008-own-ed25519.md).
 */

import { i32, type Code } from '../wasm/code.ts'
import { ModuleBuilder } from '../wasm/moduleBuilder.ts'
import { wasm, type WasmMemory } from '../wasm/platform.ts'
import { defineDecompress } from './decompressCode.ts'
import { defineField, type FieldCode } from './fieldCode.ts'
import { elementBytes, limbsOf, prime } from './limbs.ts'
import { definePoints, type Constants, type PointCode } from './pointCode.ts'
import { defineSums } from './sumCode.ts'

/** Every function takes addresses and counts; see where it is emitted. */
export type KernelFunction = (...args: readonly number[]) => number

export interface Kernel {
  readonly memory: Memory
  readonly decompress: KernelFunction
  readonly buildTable: KernelFunction
  readonly straus: KernelFunction
  readonly clearBuckets: KernelFunction
  readonly fillBuckets: KernelFunction
  readonly addBuckets: KernelFunction
  readonly doubleTimes: KernelFunction
  readonly copy: KernelFunction
  readonly subtract: KernelFunction
  readonly isTorsion: KernelFunction
  /** Any exported function, for tests of single operations. */
  function(name: string): KernelFunction
}

const pageBytes = 65_536

/** Memory that is laid out once. */
export class Memory {
  readonly #memory: WasmMemory
  #end: number

  constructor(memory: WasmMemory, end: number) {
    this.#memory = memory
    this.#end = end
  }

  /** Address of `byteCount` fresh bytes, zero at first, aligned to 8. Views go stale with it. */
  take(byteCount: number): number {
    const address = this.#end
    this.#end = address + ((byteCount + 7) & ~7)
    const missing = Math.ceil((this.#end - this.#memory.buffer.byteLength) / pageBytes)
    if (missing > 0) this.#memory.grow(missing)
    return address
  }

  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, address, length)
  }

  /** `address` and the memory are aligned to 4. */
  words(address: number, length: number): Uint32Array {
    return new Uint32Array(this.#memory.buffer, address, length)
  }

  signedBytes(address: number, length: number): Int8Array {
    return new Int8Array(this.#memory.buffer, address, length)
  }

  putElement(address: number, value: bigint): void {
    this.words(address, limbsOf(value).length).set(limbsOf(value))
  }
}

/** d = −121665/121666. */
export const curveD = ((prime - 121_665n) * modPower(121_666n, prime - 2n)) % prime
const constantValues = {
  zero: 0n,
  one: 1n,
  d: curveD,
  twoD: (2n * curveD) % prime,
  rootOfMinusOne: modPower(2n, (prime - 1n) / 4n),
} as const
const constantNames = Object.keys(constantValues) as (keyof Constants)[]

/** What more can be emitted with: for a worker that needs functions of its own. */
export interface KernelParts {
  readonly builder: ModuleBuilder
  readonly field: FieldCode
  readonly points: PointCode
  readonly constants: Constants
  /** Address of one more constant of the field. */
  constant(value: bigint): Code
}

/** `extend` defines further functions in the same module, which `function` then finds. */
export function createKernel(extend: (parts: KernelParts) => void = () => undefined): Kernel {
  const builder = new ModuleBuilder()
  const elements = new Map<number, bigint>()
  const constant = (value: bigint): Code => {
    const address = builder.reserve(elementBytes)
    elements.set(address, value)
    return i32.const(address)
  }
  const constants = Object.fromEntries(
    constantNames.map((name): [string, Code] => [name, constant(constantValues[name])]),
  ) as unknown as Constants
  const field = defineField(builder)
  const points = definePoints(builder, field, constants)
  defineDecompress(builder, field, constants)
  defineSums(builder, field, points)
  extend({ builder, field, points, constants, constant })
  const { exports } = new wasm.Instance(new wasm.Module(builder.build()))
  const memory = new Memory(exports['memory'] as WasmMemory, builder.reservedEnd)
  for (const [address, value] of elements) memory.putElement(address, value)
  const get = (name: string): KernelFunction => exports[name] as KernelFunction
  return {
    memory,
    decompress: get('point_decompress'),
    buildTable: get('buildTable'),
    straus: get('straus'),
    clearBuckets: get('clearBuckets'),
    fillBuckets: get('fillBuckets'),
    addBuckets: get('addBuckets'),
    doubleTimes: get('doubleTimes'),
    copy: get('point_copy'),
    subtract: get('point_subtract'),
    isTorsion: get('isTorsion'),
    function: get,
  }
}

/** base^exponent modulo p. */
export function modPower(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}
