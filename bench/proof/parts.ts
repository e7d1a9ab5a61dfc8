/** The sums of a proof one by one, on a key and a witness as a proof has them. */

import { digitsOf, type Digits } from '../../workers/prover/groth16/digits.ts'
import { Groth16Prover } from '../../workers/prover/groth16/groth16Prover.ts'
import { digitsOfHalves, splitScalars, type Halves } from '../../workers/prover/groth16/halves.ts'
import { multiplyByHalves, type HalfTerms } from '../../workers/prover/groth16/halfSums.ts'
import { multiplyPoints, type Terms } from '../../workers/prover/groth16/multiScalar.ts'
import { coordinatesOf, projectiveBytes } from '../../workers/prover/groth16/points.ts'
import { digitBits, loadWitness } from '../../workers/prover/groth16/prove.ts'
import type { PointTable } from '../../workers/prover/groth16/provingKey.ts'
import { quotientScalars } from '../../workers/prover/groth16/quotient.ts'
import type { Kernel } from '../../workers/prover/kernel/kernel.ts'
import { fileOf, namesOf, requestOf, type Circuit } from './statements.ts'

/** `whole`: as an accelerator has them. `halves`: as a proof of the processor does. */
export type Way = 'whole' | 'halves'

/** The sum of C is that of the witness and of the quotient, which is made for it. */
export type Part = 'a' | 'b1' | 'c' | 'b2'

export const allParts: readonly Part[] = ['a', 'b1', 'c', 'b2']

export interface Subject {
  readonly prover: Groth16Prover
  readonly witness: Uint32Array
}

export async function subjectOf(circuit: Circuit): Promise<Subject> {
  const [wasm, zkey] = namesOf(circuit).map((name) => new Uint8Array(fileOf(name))) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array,
  ]
  const prover = await Groth16Prover.load(wasm, zkey)
  if (!prover.ok) throw new Error(prover.error.code)
  const witness = prover.value.witness(requestOf(circuit).circuitInput)
  if (!witness.ok) throw new Error(witness.error.reason)
  return { prover: prover.value, witness: witness.value }
}

/** Coordinates of the sums, for comparison. Scalars are split and cut into digits once. */
export function sumParts(
  { prover, witness }: Subject,
  way: Way,
  parts: readonly Part[],
): Readonly<Record<string, string>> {
  const { kernel, key, domain } = prover.loaded
  const { memory } = kernel
  const mark = memory.mark()
  const scalars = loadWitness(kernel, witness)
  const ofWitness = termsBy(kernel, scalars, key.signalCount)
  const out = memory.take(projectiveBytes(kernel.g2))
  const sums: Record<string, string> = {}
  for (const part of parts) {
    const group = part === 'b2' ? kernel.g2 : kernel.g1
    const tables = [{ points: key[part], terms: ofWitness }]
    if (part === 'c') {
      const quotient = quotientScalars(kernel, key, domain, scalars)
      tables.push({ points: key.h, terms: termsBy(kernel, quotient, domain.size) })
    }
    const bits = part === 'c' ? digitBits.quotient : digitBits.witness
    if (way === 'whole') {
      const [first, ...others] = tables.map(({ points, terms }) => terms.whole(points))
      if (first !== undefined) multiplyPoints(kernel, group, [first, ...others], out)
    } else {
      const [first, ...others] = tables.map(({ points, terms }) => terms.halves(points, bits))
      if (first !== undefined) multiplyByHalves(kernel, group, [first, ...others], out)
    }
    sums[part] = String(coordinatesOf(kernel, group, out))
  }
  memory.release(mark)
  return sums
}

interface TermsBy {
  whole(points: PointTable): Terms
  halves(points: PointTable, bits: number): HalfTerms
}

/** Takes temporary memory when it is first asked for halves. */
function termsBy(kernel: Kernel, address: number, count: number): TermsBy {
  let whole: Digits | undefined
  let halves: Halves | undefined
  const byBits = new Map<number, Digits>()
  return {
    whole(points) {
      whole ??= digitsOf(kernel.memory.words, address, count, digitBits.whole)
      return { points, digits: whole }
    },
    halves(points, bits) {
      halves ??= splitScalars(kernel, address, count)
      const digits = byBits.get(bits) ?? digitsOfHalves(kernel.memory.words, halves, bits)
      byBits.set(bits, digits)
      return { points, halves, digits }
    },
  }
}
