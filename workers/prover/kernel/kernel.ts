/**
 * The arithmetic of BN254 in WebAssembly: emitted when a worker starts, compiled and instantiated
 * with a memory of its own (ZK-5).
 *
 * Emitting takes some milliseconds, so no binary is kept or served; the page's content security
 * policy needs `wasm-unsafe-eval` and nothing more.
 */

import { assert } from '../../../src/core/base/assert.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import { wasm, type WasmMemory, type WasmModule } from '../../lib/wasm/platform.ts'
import { beta } from './curve.ts'
import { defineExtension } from './extensionCode.ts'
import { definePrimeField } from './fieldCode.ts'
import { defineGroup, slotBytes } from './groupCode.ts'
import { elementBytes, limbsOf } from './limbs.ts'
import { defineLines } from './lineCode.ts'
import { montgomeryOne } from './multiplyCode.ts'
import { defineSplit } from './splitCode.ts'
import { defineTower } from './towerCode.ts'
import { defineTransforms, defineVectors } from './vectorCode.ts'

/** Every function takes addresses and counts; see where it is emitted. */
export type KernelFunction = (...args: readonly number[]) => number

export interface FieldFunctions {
  readonly mul: KernelFunction
  readonly inverse: KernelFunction
  readonly mulAll: KernelFunction
  readonly subAll: KernelFunction
  readonly reduceAll: KernelFunction
}

export interface TransformFunctions {
  readonly rows: KernelFunction
  readonly stageDown: KernelFunction
  readonly stageUp: KernelFunction
  /** Of scalars into halves; see `splitCode.ts`. */
  readonly split: KernelFunction
}

/** Functions of a group, and what they need to know of its field. */
export interface GroupFunctions {
  readonly name: 'g1' | 'g2'
  readonly elementBytes: number
  /** Scratch of `addPairs` for each pair. */
  readonly slotBytes: number
  readonly addPairs: KernelFunction
  readonly gather: KernelFunction
  readonly images: KernelFunction
  readonly add: KernelFunction
  readonly fieldMul: KernelFunction
  readonly fieldInverse: KernelFunction
}

/** Of Fq2; see `extensionCode.ts`. */
export interface ExtensionFunctions {
  readonly mul: KernelFunction
  readonly add: KernelFunction
  readonly sub: KernelFunction
  readonly inverse: KernelFunction
  readonly isZero: KernelFunction
}

/** Of Fq12, and the lines of Miller's loop; see `towerCode.ts` and `lineCode.ts`. */
export interface TowerFunctions {
  readonly mul: KernelFunction
  readonly sqr: KernelFunction
  readonly sqrCyclotomic: KernelFunction
  readonly conjugate: KernelFunction
  readonly mulLine: KernelFunction
  readonly lines: KernelFunction
}

export interface Kernel {
  readonly memory: KernelMemory
  readonly fq: FieldFunctions
  readonly fq2: ExtensionFunctions
  readonly fq12: TowerFunctions
  readonly fr: FieldFunctions & TransformFunctions
  readonly g1: GroupFunctions
  readonly g2: GroupFunctions
  /** Any exported function, for tests of single operations. */
  function(name: string): KernelFunction
}

/** 512 MiB: a bound on what a proving key can make the kernel take. */
const pagesMax = 8192
const pageBytes = 65_536

/** Memory that only grows: a mark is set, and what came after it is given back at once. */
export class KernelMemory {
  readonly #memory: WasmMemory
  #end: number
  #words: Uint32Array

  constructor(memory: WasmMemory, end: number) {
    this.#memory = memory
    this.#end = end
    this.#words = new Uint32Array(memory.buffer)
  }

  /** All of the memory. Not valid after the next `take`. */
  get words(): Uint32Array {
    return this.#words
  }

  /** Address of `byteCount` fresh bytes, of any content. Asserts that they fit below the bound. */
  take(byteCount: number): number {
    const address = this.#end
    this.#end = address + ((byteCount + 7) & ~7)
    const missing = Math.ceil((this.#end - this.#memory.buffer.byteLength) / pageBytes)
    assert(this.#end <= pagesMax * pageBytes, 'the kernel stays within its memory')
    if (missing > 0) {
      this.#memory.grow(missing)
      this.#words = new Uint32Array(this.#memory.buffer)
    }
    return address
  }

  /** What `take` gives away until `release(mark)` is temporary. */
  mark(): number {
    return this.#end
  }

  release(mark: number): void {
    this.#end = mark
  }

  /** The same for what was secret: nothing that was ever taken behind the mark is left. */
  wipe(mark: number): void {
    this.#words.fill(0, mark / 4)
    this.#end = mark
  }

  putElement(address: number, value: bigint): void {
    this.#words.set(limbsOf(value), address / 4)
  }
}

/** Constants of the curves: y² = x³ + 3, and on the twist y² = x³ + 3/(9 + i). */
const threeB1 = 9n
const threeB2 = ((): readonly [bigint, bigint] => {
  // 9/(9 + i) = 9·(9 − i)/82.
  const inverse = modPower(82n, baseFieldOrder - 2n, baseFieldOrder)
  return [(81n * inverse) % baseFieldOrder, ((baseFieldOrder - 9n) * inverse) % baseFieldOrder]
})()

interface Constants {
  readonly one: number
  readonly threeB1: number
  readonly threeB2: number
  readonly beta1: number
  readonly beta2: number
}

/** The module, and where its constants go. */
interface Emitted {
  readonly module: WasmModule
  readonly constants: Constants
  readonly reservedEnd: number
}

function emitKernel(): Emitted {
  const builder = new ModuleBuilder()
  const constants: Constants = {
    one: builder.reserve(2 * elementBytes),
    threeB1: builder.reserve(elementBytes),
    threeB2: builder.reserve(2 * elementBytes),
    beta1: builder.reserve(elementBytes),
    beta2: builder.reserve(elementBytes),
  }
  const { one, beta1, beta2 } = constants
  const fq = definePrimeField(builder, 'fq', baseFieldOrder)
  const fr = definePrimeField(builder, 'fr', fieldOrder)
  const fq2 = defineExtension(builder, fq)
  defineVectors(builder, 'fq', fq, baseFieldOrder)
  defineVectors(builder, 'fr', fr, fieldOrder)
  defineTransforms(builder, 'fr', fr)
  defineSplit(builder, 'fr', fieldOrder)
  const overFq = { one, base: fq }
  const { threeB1: ofG1, threeB2: ofG2 } = constants
  defineGroup(builder, { ...overFq, name: 'g1', field: fq, threeB: ofG1, beta: beta1 })
  defineGroup(builder, { ...overFq, name: 'g2', field: fq2, threeB: ofG2, beta: beta2 })
  const tower = defineTower(builder, { fq, fq2, prime: baseFieldOrder })
  defineLines(builder, { fq, fq2 }, tower)
  return { module: new wasm.Module(builder.build()), constants, reservedEnd: builder.reservedEnd }
}

let emitted: Emitted | undefined

/** Of one module, emitted and compiled once for each thread; memory is the kernel's own. */
export function createKernel(): Kernel {
  emitted ??= emitKernel()
  const { module, constants, reservedEnd } = emitted
  const { exports } = new wasm.Instance(module)
  const memory = new KernelMemory(exports['memory'] as WasmMemory, reservedEnd)
  const one = montgomeryOne(baseFieldOrder)
  const form = (value: bigint): bigint => (value * one) % baseFieldOrder
  memory.putElement(constants.one, one)
  memory.putElement(constants.threeB1, form(threeB1))
  memory.putElement(constants.beta1, form(beta))
  memory.putElement(constants.beta2, form((beta * beta) % baseFieldOrder))
  threeB2.forEach((part, index) =>
    memory.putElement(constants.threeB2 + index * elementBytes, form(part)),
  )
  const get = (name: string): KernelFunction => exports[name] as KernelFunction
  const field = (name: string): FieldFunctions => ({
    mul: get(`${name}_mul`),
    inverse: get(`${name}_inverse`),
    mulAll: get(`${name}_mulAll`),
    subAll: get(`${name}_subAll`),
    reduceAll: get(`${name}_reduceAll`),
  })
  const group = (name: 'g1' | 'g2', over: 'fq' | 'fq2'): GroupFunctions => ({
    name,
    elementBytes: over === 'fq' ? elementBytes : 2 * elementBytes,
    slotBytes: slotBytes(over === 'fq' ? elementBytes : 2 * elementBytes),
    addPairs: get(`${name}_addPairs`),
    gather: get(`${name}_gather`),
    images: get(`${name}_images`),
    add: get(`${name}_add`),
    fieldMul: get(`${over}_mul`),
    fieldInverse: get(`${over}_inverse`),
  })
  const transforms: TransformFunctions = {
    rows: get('fr_rows'),
    stageDown: get('fr_stageDown'),
    stageUp: get('fr_stageUp'),
    split: get('fr_split'),
  }
  const fq12 = (operation: string): KernelFunction => get(`fq12_${operation}`)
  const fq2 = (operation: string): KernelFunction => get(`fq2_${operation}`)
  return {
    memory,
    fq: field('fq'),
    fq2: {
      mul: fq2('mul'),
      add: fq2('add'),
      sub: fq2('sub'),
      inverse: fq2('inverse'),
      isZero: fq2('isZero'),
    },
    fq12: {
      mul: fq12('mul'),
      sqr: fq12('sqr'),
      sqrCyclotomic: fq12('sqrCyclotomic'),
      conjugate: fq12('conjugate'),
      mulLine: fq12('mulLine'),
      lines: get('g2_lines'),
    },
    fr: { ...field('fr'), ...transforms },
    g1: group('g1', 'fq'),
    g2: group('g2', 'fq2'),
    function: get,
  }
}

function modPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  let square = base % modulus
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}
