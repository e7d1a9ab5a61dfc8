/**
 * Verdicts about many Ed25519 signatures at once under ZIP-215 (SIG-1), one for each.
 *
 * All of a batch hold if [8](Σ z·R + Σ z·k·A − (Σ z·s)·B) is the identity for random z of 128 bits:
 * each signature adds z times the left side of its own equation [8](R + k·A − s·B) = 0, and what
 * does not vanish vanishes in the sum with a chance of at most 2^-128 (Bellare, Garay, Rabin,
 * "Fast batch verification", 1998; ZIP-215 for the factor 8, without which points of small order
 * would make the answer of a batch depend on its z).
 *
 * A batch that fails is halved. The sum of the right half is that of the whole less that of the
 * left, so each level sums half of its signatures. At a single signature z, which is not zero,
 * changes nothing, so a refusal is never a matter of chance.
 */

import type { Random } from '../../../src/ports/random.ts'
import type { SignatureItem } from '../../../src/ports/signatureVerifier.ts'
import { createKernel, type Kernel } from '../../lib/edwards25519/kernel.ts'
import { extendedBytes } from '../../lib/edwards25519/pointCode.ts'
import { groupOrder, readInteger } from '../../lib/edwards25519/scalars.ts'
import { challengeOf } from './challenge.ts'
import { batchCountMax, WeightedSums } from './sums.ts'

const [signatureBytes, publicKeyBytes, coefficientBytes] = [64, 32, 16]
/** Levels of halving, the whole batch and the halves of one. */
const levelCount = Math.log2(batchCountMax) + 2

export class BatchVerifier {
  readonly #kernel: Kernel
  readonly #sums: WeightedSums
  readonly #random: Random
  /** A point to decompress; the kernel reads a few bytes more. */
  readonly #encoding: number
  /** A sum for each level of halving. */
  readonly #levels: number

  constructor(random: Random) {
    this.#kernel = createKernel()
    this.#random = random
    this.#sums = new WeightedSums(this.#kernel)
    this.#encoding = this.#kernel.memory.take(40)
    this.#levels = this.#kernel.memory.take(levelCount * extendedBytes)
  }

  /** In the order of the items, any number of them. */
  verify(items: readonly SignatureItem[]): readonly boolean[] {
    const verdicts = items.map(() => false)
    for (let first = 0; first < items.length; first += batchCountMax) {
      this.#verifyBatch(items.slice(first, first + batchCountMax), (index) => {
        verdicts[first + index] = true
      })
    }
    return verdicts
  }

  #verifyBatch(items: readonly SignatureItem[], onValid: (index: number) => void): void {
    const places = this.#read(items)
    if (places.length === 0) return
    this.#sums.write(0, places.length, this.#levels)
    this.#judge({ first: 0, end: places.length, level: 0 }, (place) => {
      const index = places[place]
      if (index !== undefined) onValid(index)
    })
  }

  /** Puts points and scalars of what can be read in places 0, 1, 2 …; the item of each place. */
  #read(items: readonly SignatureItem[]): readonly number[] {
    const coefficients = this.#coefficients(items.length)
    const places: number[] = []
    this.#sums.clear()
    items.forEach(({ publicKey, message, signature }, index) => {
      if (signature.length !== signatureBytes || publicKey.length !== publicKeyBytes) return
      const place = places.length
      const commitment = signature.subarray(0, 32)
      const s = readInteger(new DataView(signature.buffer, signature.byteOffset + 32, 32), 0, 4)
      if (s >= groupOrder) return
      if (!this.#decompress(this.#sums.commitmentAddress(place), commitment)) return
      if (!this.#decompress(this.#sums.keyAddress(place), publicKey)) return
      const k = challengeOf(commitment, publicKey, message)
      const z = coefficients(index)
      this.#sums.setScalars(place, z, (z * k) % groupOrder, (z * s) % groupOrder)
      places.push(index)
    })
    return places
  }

  /** Secret from whoever made the signatures (RAND-1), never zero; one alone needs none. */
  #coefficients(count: number): (index: number) => bigint {
    if (count === 1) return () => 1n
    const bytes = this.#random.bytes(count * coefficientBytes)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    return (index) => readInteger(view, index * coefficientBytes, 2) || 1n
  }

  #decompress(out: number, bytes: Uint8Array): boolean {
    this.#kernel.memory.bytes(this.#encoding, 32).set(bytes)
    return this.#kernel.decompress(out, this.#encoding) === 1
  }

  /** The sum of the places `first` to `end − 1` is known, at `level`. */
  #judge(
    { first, end, level }: { readonly first: number; readonly end: number; readonly level: number },
    onValid: (place: number) => void,
  ): void {
    const sum = this.#levels + level * extendedBytes
    if (this.#kernel.isTorsion(sum) === 1) {
      for (let place = first; place < end; place += 1) onValid(place)
    } else if (end - first > 1) {
      const middle = (first + end) >> 1
      this.#sums.write(first, middle, sum + extendedBytes)
      this.#kernel.subtract(sum, sum + extendedBytes)
      this.#judge({ first, end: middle, level: level + 1 }, onValid)
      this.#judge({ first: middle, end, level }, onValid)
    }
  }
}
