/** The kernel and what every pairing needs in its memory; one for the life of a worker. */

import { baseFieldOrder, type Fp2 } from '../../../src/core/emotion/proofCodec.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount, radix } from '../kernel/limbs.ts'
import { frobeniusFactors } from './constants.ts'

export interface PairingKernel extends Kernel {
  /** Address of `frobeniusFactors`, and of 1 in Fq2. */
  readonly factors: number
}

export const pairBytes = 2 * elementBytes

export function createPairingKernel(): PairingKernel {
  const kernel = createKernel()
  const factors = kernel.memory.take(frobeniusFactors.length * pairBytes)
  frobeniusFactors.forEach((factor, index) => putPair(kernel, factors + index * pairBytes, factor))
  return { ...kernel, factors }
}

/** An element of Fq, in the kernel's form. */
export function putBase({ memory }: Kernel, address: number, value: bigint): void {
  memory.putElement(address, (value * radix) % baseFieldOrder)
}

/** An element of Fq2. */
export function putPair(kernel: Kernel, address: number, [c0, c1]: Fp2): void {
  putBase(kernel, address, c0)
  putBase(kernel, address + elementBytes, c1)
}

/** out ← 0 − value in Fq2: the first bytes of the memory are zero. */
export function negatePair({ fq2 }: Kernel, out: number, value: number): void {
  fq2.sub(out, 0, value)
}

/** out ← c0 − c1·i. */
export function conjugatePair(kernel: Kernel, out: number, value: number): void {
  const { memory, fq } = kernel
  memory.words.copyWithin(out / 4, value / 4, value / 4 + limbCount)
  fq.subAll(1, out + elementBytes, 0, value + elementBytes, 0)
}
