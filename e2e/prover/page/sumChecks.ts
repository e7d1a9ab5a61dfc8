/** Sums of points on the GPU against the kernel's, and against multiples of the generator. */
import type { Gpu } from '../../../workers/prover/gpu/gpu.ts'
import { loadPoints, sumShaders, sumsOnGpu } from '../../../workers/prover/gpu/sums.ts'
import { digitsOf } from '../../../workers/prover/groth16/digits.ts'
import { multiplyPoints } from '../../../workers/prover/groth16/multiScalar.ts'
import { coordinatesOf, projectiveBytes } from '../../../workers/prover/groth16/points.ts'
import {
  g1Multiple,
  next,
  opposites,
  order,
  random,
  repeated,
  sumCases,
  sumOf,
  type SumCase,
} from '../../../workers/prover/groth16/sumCases.fixture.ts'
import { createKernel, type Kernel } from '../../../workers/prover/kernel/kernel.ts'
import { putPoints, putScalars } from '../../../workers/prover/kernel/memory.fixture.ts'

const cases: Readonly<Record<string, SumCase>> = {
  ...sumCases,
  // Sums of a first round, 16 points each, that are equal, opposite, and infinity in the next one.
  'equal sums': { points: repeated(9n, 64), scalars: repeated(1n, 64) },
  'opposite sums': {
    points: [...repeated(9n, 16), ...repeated(order - 9n, 16), ...opposites(4n, 16), 11n],
    scalars: repeated(1n, 49),
  },
  'buckets that cancel when they are weighed': {
    points: [7n, order - 7n, 7n],
    scalars: [2n, 1n, 3n],
  },
}

/** What is not as it should be, in all small cases with digits of `bits`. */
export async function checkSums(gpu: Gpu, bits: number): Promise<readonly string[]> {
  const kernel = createKernel()
  const prepared = await gpu.prepare(sumShaders)
  if (!prepared.ok) return [prepared.error.code]
  const wrong: string[] = []
  for (const [name, { points, scalars }] of Object.entries(cases)) {
    const mark = kernel.memory.mark()
    const address = putPoints(kernel, kernel.g1, points.map(g1Multiple))
    const digits = digitsOf(kernel.memory.words, putScalars(kernel, scalars), scalars.length, bits)
    const scalarIndexes = Uint32Array.from(points.keys())
    const table = { address, scalarIndexes }
    const out = kernel.memory.take(projectiveBytes(kernel.g1))
    const loaded = await loadPoints(gpu, kernel, [table])
    if (!loaded.ok) return [loaded.error.code]
    const terms = { first: 0, scalarIndexes, digits }
    const done = await sumsOnGpu(gpu, kernel, loaded.value, [[terms]], [out])
    loaded.value.destroy()
    const sum = sumOf({ points, scalars })
    const given = done.ok ? coordinatesOf(kernel, kernel.g1, out) : done.error.code
    const expected = sum === 0n ? undefined : g1Multiple(sum)
    if (String(given) !== String(expected)) wrong.push(`${name}, ${String(bits)} bits`)
    kernel.memory.release(mark)
  }
  return wrong
}

/** Some groups of terms together, thousands of points of which most scalars are bits. */
export async function checkLongSums(gpu: Gpu): Promise<readonly string[]> {
  const kernel = createKernel()
  const { memory, g1 } = kernel
  const prepared = await gpu.prepare(sumShaders)
  if (!prepared.ok) return [prepared.error.code]
  const [few, bits] = [random(40).map(g1Multiple), 11]
  const count = 3000
  const address = putPoints(
    kernel,
    g1,
    Array.from({ length: count }, (_, at) => few[at % 40] ?? []),
  )
  const scalars = Array.from({ length: count }, (_, at) => (at % 9 === 0 ? next(order) : next(2n)))
  const digits = digitsOf(memory.words, putScalars(kernel, scalars), count, bits)
  const whole = { address, scalarIndexes: Uint32Array.from({ length: count }, (_, at) => at) }
  const part = { address, scalarIndexes: whole.scalarIndexes.map((at) => (at * 7) % count) }
  const loaded = await loadPoints(gpu, kernel, [whole])
  if (!loaded.ok) return [loaded.error.code]
  const outs = [0, 1, 2].map(() => memory.take(projectiveBytes(g1)))
  const planned = [whole, part].map(({ scalarIndexes }) => ({ first: 0, scalarIndexes, digits }))
  const [one, other] = planned as [(typeof planned)[0], (typeof planned)[0]]
  const done = await sumsOnGpu(gpu, kernel, loaded.value, [[one], [other], [one, other]], outs)
  if (!done.ok) return [done.error.code]
  const terms = [whole, part].map((points) => ({ points, digits }))
  const [first, second] = terms as [(typeof terms)[0], (typeof terms)[0]]
  const groups = [[first], [second], [first, second]] as const
  return groups.flatMap((group, index) => {
    const given = pointAt(kernel, outs[index] ?? 0)
    const out = memory.take(projectiveBytes(g1))
    multiplyPoints(kernel, g1, group, out)
    return given === pointAt(kernel, out) ? [] : [`group ${String(index)}`]
  })
}

const pointAt = (kernel: Kernel, address: number): string =>
  String(coordinatesOf(kernel, kernel.g1, address))
