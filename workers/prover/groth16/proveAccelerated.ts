/**
 * Proofs whose quotient and sums in G1 an accelerator makes (ZK-11). A chunk of its own: most
 * workers never need it.
 */

import { ok, type Result } from '../../../src/core/base/result.ts'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { AccelerationFault } from '../../../src/ports/prover.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes } from '../kernel/limbs.ts'
import type { Accelerator } from './accelerator.ts'
import { digitsOf } from './digits.ts'
import { splitScalars } from './halves.ts'
import { multiplyByHalves } from './halfSums.ts'
import type { Terms } from './multiScalar.ts'
import {
  digitBits,
  finish,
  halfTermsOf,
  loadWitness,
  takeSums,
  type ProofOptions,
} from './prove.ts'
import type { PointTable, ProvingKey } from './provingKey.ts'
import { evaluateRows } from './quotient.ts'

/** Share of the work at which each step begins where an accelerator has the sums of G1. */
const acceleratedShares = { quotient: 0, sums: 0.2 } as const

/**
 * The same proof, its quotient and its sums in G1 by an accelerator. The sum in G2 is made here
 * while it works: a quarter of the time of a proof, over a field whose shaders would be longest.
 */
export async function proveAccelerated(
  kernel: Kernel,
  accelerator: Accelerator,
  options: ProofOptions,
): Promise<Result<EmotionalProof | undefined, { readonly code: AccelerationFault }>> {
  const { key, domain, onShare } = options
  const { memory, g2 } = kernel
  const mark = memory.mark()
  try {
    const scalars = loadWitness(kernel, options.witness)
    const sums = takeSums(kernel)
    onShare(acceleratedShares.quotient)
    const rows = evaluateRows(kernel, key, domain.size, scalars)
    const quotient = memory.take(domain.size * elementBytes)
    const divided = await accelerator.quotient({ ...rows, out: quotient })
    if (!divided.ok) return divided

    onShare(acceleratedShares.sums)
    const { ofWitness, ofQuotient } = termsOf(kernel, key, scalars, quotient)
    const groups = [[ofWitness(key.a)], [ofWitness(key.b1)], [ofWitness(key.c), ofQuotient(key.h)]]
    const summing = accelerator.sums(groups, [sums.a, sums.b1, sums.c])
    const halves = splitScalars(kernel, scalars, key.signalCount)
    const halfTerms = halfTermsOf(kernel, halves, digitBits.witness)
    multiplyByHalves(kernel, g2, [halfTerms(key.b2)], sums.b2)
    const summed = await summing
    if (!summed.ok) return summed
    const proof = finish(kernel, options, sums)
    onShare(1)
    return ok(proof)
  } finally {
    memory.wipe(mark)
  }
}

/** Terms with whole digits of the witness and of the quotient, which are read once. */
function termsOf(
  { memory }: Kernel,
  key: ProvingKey,
  scalars: number,
  quotient: number,
): Record<'ofWitness' | 'ofQuotient', (points: PointTable) => Terms> {
  const witnessDigits = digitsOf(memory.words, scalars, key.signalCount, digitBits.whole)
  const quotientDigits = digitsOf(memory.words, quotient, key.domainSize, digitBits.whole)
  return {
    ofWitness: (points) => ({ points, digits: witnessDigits }),
    ofQuotient: (points) => ({ points, digits: quotientDigits }),
  }
}
