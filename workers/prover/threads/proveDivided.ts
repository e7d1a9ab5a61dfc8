/**
 * A proof by two threads (ZK-12): the second one makes the sums of A and of B, this one the
 * quotient and C meanwhile. What does not come this one makes too, with the same blinding.
 */

import { baseFieldOrder, type EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { ThreadFault } from '../../../src/ports/prover.ts'
import { splitScalars, type Halves } from '../groth16/halves.ts'
import { multiplyByHalves } from '../groth16/halfSums.ts'
import { projectiveBytes } from '../groth16/points.ts'
import {
  digitBits,
  finish,
  halfTermsOf,
  loadWitness,
  takeSums,
  type ProofOptions,
  type Sums,
} from '../groth16/prove.ts'
import { quotientScalars } from '../groth16/quotient.ts'
import type { GroupFunctions, Kernel } from '../kernel/kernel.ts'
import { elementBytes, radix } from '../kernel/limbs.ts'
import { montgomeryOne } from '../kernel/multiplyCode.ts'
import { decodeSums, type WitnessSums } from './protocol.ts'
import type { SecondThread } from './secondThread.ts'
import { sumWitness } from './witnessSums.ts'

/** Share of the work at which each step of this thread begins, as measured. */
const dividedShares = { quotient: 0, c: 0.2, waiting: 0.95 } as const

/**
 * A second thread that took so much longer than this one for its half is waited for no more: by
 * then its sums would be made here. The least of it covers what a browser does between.
 */
const patienceMsMin = 2000

export interface DividedOptions extends ProofOptions {
  /** Of this key. */
  readonly thread: SecondThread
  /** As soon as one thread has to make the rest. */
  readonly onFault: (code: ThreadFault) => void
}

/** Undefined: a point at infinity. */
export async function proveDivided(
  kernel: Kernel,
  options: DividedOptions,
): Promise<EmotionalProof | undefined> {
  const { key, thread, onShare, onFault } = options
  const { memory } = kernel
  const mark = memory.mark()
  const startMs = performance.now()
  const answer = thread.sums(options.witness)
  try {
    const sums = takeSums(kernel)
    const halves = sumC(kernel, options, sums.c)
    onShare(dividedShares.waiting)
    const given = await answer(Math.max(patienceMsMin, performance.now() - startMs))
    const points = given.ok ? decodeSums(given.value) : given
    if (points.ok) putSums(kernel, points.value, sums)
    else {
      onFault(points.error.code)
      onShare(dividedShares.waiting)
      sumWitness(kernel, key, halves, sums)
    }
    const proof = finish(kernel, options, sums)
    onShare(1)
    return proof
  } finally {
    memory.wipe(mark)
  }
}

/** The sum of C with the quotient's, projective to `out`; the witness in halves. */
function sumC(
  kernel: Kernel,
  { key, domain, witness, onShare }: ProofOptions,
  out: number,
): Halves {
  const scalars = loadWitness(kernel, witness)
  onShare(dividedShares.quotient)
  const quotient = quotientScalars(kernel, key, domain, scalars)
  const halves = splitScalars(kernel, scalars, key.signalCount)
  onShare(dividedShares.c)
  const ofC = halfTermsOf(kernel, halves, digitBits.quotient)
  const ofH = halfTermsOf(kernel, splitScalars(kernel, quotient, domain.size), digitBits.quotient)
  multiplyByHalves(kernel, kernel.g1, [ofC(key.c), ofH(key.h)], out)
  return halves
}

function putSums(kernel: Kernel, { a, b1, b2 }: WitnessSums, out: Sums): void {
  const { g1, g2 } = kernel
  putPoint(kernel, g1, a, out.a)
  putPoint(kernel, g1, b1, out.b1)
  putPoint(kernel, g2, b2.flat(), out.b2)
}

/** Projective, with one as z. */
function putPoint(
  { memory }: Kernel,
  group: GroupFunctions,
  coordinates: readonly bigint[],
  out: number,
): void {
  memory.words.fill(0, out / 4, (out + projectiveBytes(group)) / 4)
  coordinates.forEach((value, index) =>
    memory.putElement(out + index * elementBytes, (value * radix) % baseFieldOrder),
  )
  memory.putElement(out + 2 * group.elementBytes, montgomeryOne(baseFieldOrder))
}
