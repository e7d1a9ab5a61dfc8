/**
 * A small sum on the GPU and on the processor: whether both give the same, and how long each takes
 * (ZK-11). In a kernel of its own, so that a proof can begin at any time between.
 */

import { err, ok } from '../../../src/core/base/result.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { Random } from '../../../src/ports/random.ts'
import type { Times } from '../files/measuredChoice.ts'
import { randomScalar } from '../groth16/blinding.ts'
import { digitsOf } from '../groth16/digits.ts'
import { digitsOfHalves, splitScalars } from '../groth16/halves.ts'
import { multiplyByHalves } from '../groth16/halfSums.ts'
import { coordinatesOf, projectiveBytes } from '../groth16/points.ts'
import type { PointTable } from '../groth16/provingKey.ts'
import { createKernel, type Kernel } from '../kernel/kernel.ts'
import { elementBytes } from '../kernel/limbs.ts'
import type { Gpu, GpuResult } from './gpu.ts'
import { loadPoints, sumShaders, sumsOnGpu } from './sums.ts'

/** Some tens of milliseconds of the processor, and about a tenth of a proof's additions. */
const pointsMax = 4096
const digitBits = 11

/**
 * Sums the first points of `table`, which lies in `source`, times random scalars. Whoever wants to
 * stop it aborts the signal: it stops before the next step, none of which is long, with 'ABORTED'.
 */
export async function measure(
  gpu: Gpu,
  source: Kernel,
  table: PointTable,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<GpuResult<Times> | 'ABORTED'> {
  const isStopped = (): boolean => signal.aborted
  const prepared = await gpu.prepare(sumShaders)
  if (!prepared.ok) return prepared
  if (isStopped()) return 'ABORTED'
  const kernel = createKernel()
  const points = copyPoints(source, kernel, table)
  const count = points.scalarIndexes.length
  const scalars = randomScalars(kernel, count, random)
  const digits = digitsOf(kernel.memory.words, scalars, count, digitBits)
  const [onGpu, onCpu] = [0, 1].map(() => kernel.memory.take(projectiveBytes(kernel.g1))) as [
    number,
    number,
  ]
  const loaded = await loadPoints(gpu, kernel, [points])
  if (!loaded.ok) return loaded
  const terms = { first: 0, scalarIndexes: points.scalarIndexes, digits }
  let wayMs = Infinity
  try {
    // The first run has buffers and code to bring to the device.
    for (let run = 0; run < 2; run += 1) {
      if (isStopped()) return 'ABORTED'
      const startMs = performance.now()
      const done = await sumsOnGpu(gpu, kernel, loaded.value, [[terms]], [onGpu])
      if (!done.ok) return done
      wayMs = Math.min(wayMs, performance.now() - startMs)
    }
  } finally {
    loaded.value.destroy()
  }
  if (isStopped()) return 'ABORTED'
  const startMs = performance.now()
  const halves = splitScalars(kernel, scalars, count)
  const halfDigits = digitsOfHalves(kernel.memory.words, halves, digitBits)
  multiplyByHalves(kernel, kernel.g1, [{ points, halves, digits: halfDigits }], onCpu)
  const cpuMs = performance.now() - startMs
  const [given, expected] = [onGpu, onCpu].map((at) => coordinatesOf(kernel, kernel.g1, at))
  const isSame = given?.join() === expected?.join()
  return isSame ? ok({ wayMs, cpuMs }) : err({ code: 'GPU_WRONG' })
}

/** The first points with scalars of their own. */
function copyPoints(source: Kernel, kernel: Kernel, table: PointTable): PointTable {
  const count = Math.min(pointsMax, table.scalarIndexes.length)
  const bytes = count * 2 * elementBytes
  const address = kernel.memory.take(bytes)
  const from = table.address / 4
  kernel.memory.words.set(source.memory.words.subarray(from, from + bytes / 4), address / 4)
  return { address, scalarIndexes: Uint32Array.from({ length: count }, (_, index) => index) }
}

/** Half of the scalars small, as many of a witness are: long buckets and full ones. */
function randomScalars({ memory }: Kernel, count: number, random: Random): number {
  const address = memory.take(count * elementBytes)
  for (let index = 0; index < count; index += 1) {
    const scalar = randomScalar(random)
    memory.putElement(address + index * elementBytes, index % 2 === 0 ? scalar : scalar & 1n)
  }
  memory.putElement(address, fieldOrder - 1n)
  return address
}
