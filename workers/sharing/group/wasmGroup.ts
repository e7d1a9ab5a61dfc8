/**
 * The group of the sharing on our own kernel (BEACON-2): a `Group` of core, equal to the reference
 * in every byte.
 *
 * Points live as their limbs outside of the kernel's memory, so that nothing has to be given back.
 * Products with secrets go by one pattern of instructions and addresses; only turning the BigInt
 * of a scalar into bytes is the language's, and its time may depend on the number of digits.
 */
import { assert } from '../../../src/core/base/assert.ts'
import { pointBytes, type Group, type Point } from '../../../src/core/crypto/pvss/group.ts'
import { shareGeneratorBytes } from '../../../src/core/crypto/pvss/shareGenerator.ts'
import { prime } from '../../lib/edwards25519/limbs.ts'
import { extendedBytes } from '../../lib/edwards25519/pointCode.ts'
import { scalarWords, writeScalar } from '../../lib/edwards25519/scalars.ts'
import { secretWindows } from './multiplyCode.ts'
import { createRistrettoKernel, type RistrettoKernel } from './ristrettoKernel.ts'
import { PublicSums, type Element } from './publicSums.ts'

/** RFC 9496, appendix A.1. */
const generatorHex = 'e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76'

export function createWasmGroup(): Group {
  return new WasmGroup()
}

class WasmGroup implements Group {
  readonly name = 'WebAssembly'
  readonly generator: Point
  readonly shareGenerator: Point
  readonly #kernel: RistrettoKernel
  readonly #sums: PublicSums
  readonly #point: number
  readonly #product: number
  /** The kernel reads a few bytes more than the 32. */
  readonly #bytes: number
  readonly #digits: number
  readonly #words = new Uint32Array(scalarWords)

  constructor() {
    this.#kernel = createRistrettoKernel()
    const { memory } = this.#kernel
    this.#sums = new PublicSums(this.#kernel)
    this.#point = memory.take(extendedBytes)
    this.#product = memory.take(extendedBytes)
    this.#bytes = memory.take(pointBytes + 8)
    this.#digits = memory.take(secretWindows)
    this.generator = this.precompute(this.#known(bytesOfHex(generatorHex)))
    this.shareGenerator = this.precompute(this.#known(shareGeneratorBytes))
  }

  decode(bytes: Uint8Array): Point | undefined {
    if (bytes.length !== pointBytes || !isElementOfField(bytes)) return undefined
    const { memory, decode } = this.#kernel
    memory.bytes(this.#bytes, pointBytes).set(bytes)
    if (decode(this.#point, this.#bytes) === 0) return undefined
    return this.#read(this.#point)
  }

  encode(points: readonly Point[]): Uint8Array {
    const { memory, encode } = this.#kernel
    const bytes = new Uint8Array(points.length * pointBytes)
    points.forEach((point, index) => {
      this.#write(point)
      encode(this.#bytes, this.#point)
      bytes.set(memory.bytes(this.#bytes, pointBytes), index * pointBytes)
    })
    return bytes
  }

  isIdentity(point: Point): boolean {
    this.#write(point)
    return this.#kernel.isNeutral(this.#point) === 1
  }

  multiply(point: Point, scalar: bigint): Point {
    this.#write(point)
    writeScalar(this.#words, 0, scalar)
    writeDigits(this.#words, this.#kernel.memory.signedBytes(this.#digits, secretWindows))
    this.#kernel.multiply(this.#product, this.#point, this.#digits)
    return this.#read(this.#product)
  }

  sumOfProducts(points: readonly Point[], scalars: readonly bigint[]): Point {
    assert(points.length === scalars.length, 'each point has a scalar')
    this.#sums.write(points.map(elementOf), scalars, this.#product)
    return this.#read(this.#product)
  }

  precompute(point: Point): Point {
    return pointOf(this.#sums.withTables(elementOf(point)))
  }

  #known(bytes: Uint8Array): Point {
    const point = this.decode(bytes)
    assert(point !== undefined, 'the generators are elements')
    return point
  }

  #write(point: Point): void {
    const { limbs } = elementOf(point)
    this.#kernel.memory.words(this.#point, limbs.length).set(limbs)
  }

  #read(address: number): Point {
    return pointOf({ limbs: this.#kernel.memory.words(address, extendedBytes / 4).slice() })
  }
}

/** RFC 9496, section 4.3.1, steps 1 to 3, and the identity: s below p, even, not zero. */
function isElementOfField(bytes: Uint8Array): boolean {
  if (((bytes[0] ?? 0) & 1) === 1) return false
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value > 0n && value < prime
}

/** Windows of four bits with digits from −8 to 8, the highest first. */
function writeDigits(words: Uint32Array, digits: Int8Array): void {
  let carry = 0
  for (let window = 0; window < secretWindows; window += 1) {
    const value = (((words[window >> 3] ?? 0) >>> (4 * (window & 7))) & 15) + carry
    carry = (value + 8) >> 4
    digits[secretWindows - 1 - window] = value - (carry << 4)
  }
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function elementOf(point: Point): Element {
  return point as unknown as Element
}

function pointOf(element: Element): Point {
  return element as unknown as Point
}
