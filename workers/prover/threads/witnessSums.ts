/** The sums of the witness alone, of A and of B in both groups: what a second thread makes. */

import { splitScalars, type Halves } from '../groth16/halves.ts'
import { multiplyByHalves } from '../groth16/halfSums.ts'
import { coordinatesOf } from '../groth16/points.ts'
import { digitBits, halfTermsOf, loadWitness, takeSums, type Sums } from '../groth16/prove.ts'
import type { PointTable } from '../groth16/provingKey.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { plainWords } from '../kernel/limbs.ts'
import { encodeSums } from './protocol.ts'

/** Of one key, in the memory of the kernel. */
export interface WitnessTables {
  readonly a: PointTable
  readonly b1: PointTable
  readonly b2: PointTable
}

/** As a thread answers; no bytes when a sum is at infinity, which no circuit of ours has. */
export function answerSums(
  kernel: Kernel,
  tables: WitnessTables,
  witness: Uint32Array,
  pointsMax = Infinity,
): Uint8Array {
  const { memory } = kernel
  const mark = memory.mark()
  try {
    const out = takeSums(kernel)
    const scalars = loadWitness(kernel, witness)
    const halves = splitScalars(kernel, scalars, witness.length / plainWords)
    sumWitness(kernel, firstPoints(tables, pointsMax), halves, out)
    return bytesOf(kernel, out)
  } finally {
    // Also where memory gave out: whoever has this kernel proves with it, too.
    memory.wipe(mark)
  }
}

function bytesOf(kernel: Kernel, out: Sums): Uint8Array {
  const { g1, g2 } = kernel
  const [ax, ay] = coordinatesOf(kernel, g1, out.a) ?? []
  const [bx, by] = coordinatesOf(kernel, g1, out.b1) ?? []
  const [x0, x1, y0, y1] = coordinatesOf(kernel, g2, out.b2) ?? []
  if (ax === undefined || ay === undefined || bx === undefined || by === undefined) return none()
  if (x0 === undefined || x1 === undefined || y0 === undefined || y1 === undefined) return none()
  return encodeSums({
    a: [ax, ay],
    b1: [bx, by],
    b2: [
      [x0, x1],
      [y0, y1],
    ],
  })
}

/** Projective, to the places of the three sums. */
export function sumWitness(
  kernel: Kernel,
  { a, b1, b2 }: WitnessTables,
  halves: Halves,
  out: Pick<Sums, 'a' | 'b1' | 'b2'>,
): void {
  const { g1, g2 } = kernel
  const ofWitness = halfTermsOf(kernel, halves, digitBits.witness)
  multiplyByHalves(kernel, g1, [ofWitness(a)], out.a)
  multiplyByHalves(kernel, g1, [ofWitness(b1)], out.b1)
  multiplyByHalves(kernel, g2, [ofWitness(b2)], out.b2)
}

function firstPoints({ a, b1, b2 }: WitnessTables, countMax: number): WitnessTables {
  const first = ({ address, scalarIndexes }: PointTable): PointTable => ({
    address,
    scalarIndexes: scalarIndexes.subarray(0, countMax),
  })
  return { a: first(a), b1: first(b1), b2: first(b2) }
}

function none(): Uint8Array {
  return new Uint8Array()
}
