/**
 * Multi-scalar multiplication in G1 on the GPU: the sums of `multiplyPoints` of
 * `groth16/multiScalar.ts`. The processor sorts before and joins what the segments of the windows
 * give; the additions between are the GPU's.
 */

import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { ok } from '../../../src/core/base/result.ts'
import { addProjective, infinity, projectiveBytes } from '../groth16/points.ts'
import type { PointTable } from '../groth16/provingKey.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes, limbCount as kernelLimbs, packLimbs } from '../kernel/limbs.ts'
import { convertCode } from './convertCode.ts'
import type { Buffers, Dispatch, Gpu, GpuResult, Shader, Work } from './gpu.ts'
import { pointWords, sumWords } from './groupCode.ts'
import { factorToKernel, wordCount } from './limbs.ts'
import type { GpuBuffer } from './platform.ts'
import { sumCode, taskWords } from './sumCode.ts'
import { planSums, type PlannedTerms, type SumPlan } from './sumPlan.ts'
import { kernelElements } from './transforms.ts'

const shaderOf = (name: keyof typeof sumCode): Shader => ({ name, code: sumCode[name] })
const [sumPoints, sumSums, weigh] = [shaderOf('sumPoints'), shaderOf('sumSums'), shaderOf('weigh')]
const convertPoints: Shader = { name: 'convert', code: convertCode(baseFieldOrder) }

export const sumShaders = [convertPoints, sumPoints, sumSums, weigh] as const

/** Buckets that one thread weighs: the processor joins two sums of each segment. */
const segmentMax = 32

/** The points of all tables, one after the other, in the form of the GPU; shaders are prepared. */
export async function loadPoints(
  gpu: Gpu,
  kernel: Kernel,
  tables: readonly PointTable[],
): Promise<GpuResult<GpuBuffer>> {
  const count = tables.reduce((sum, { scalarIndexes }) => sum + scalarIndexes.length, 0)
  const target = gpu.storage(count * pointWords)
  const done = await gpu.perform((make) => {
    const coordinates = tables.map(({ address, scalarIndexes }) =>
      kernelElements(kernel, address, 2 * scalarIndexes.length),
    )
    const source = make.storage(2 * count * kernelLimbs, ...coordinates)
    const buffers = [make.uniform([2 * count, 0, 0, 0]), target, source]
    return {
      dispatches: [{ shader: convertPoints, buffers, threads: 2 * count }],
      read: { buffer: target, words: 1 },
    }
  })
  return done.ok ? ok(target) : done
}

/** Writes the sum of each group of terms, projective, to its address in the kernel's memory. */
export async function sumsOnGpu(
  gpu: Gpu,
  kernel: Kernel,
  points: GpuBuffer,
  groups: readonly (readonly PlannedTerms[])[],
  outs: readonly number[],
): Promise<GpuResult<void>> {
  const digits = groups[0]?.[0]?.digits
  if (digits === undefined) return ok(undefined)
  const { bits, windowCount } = digits
  const half = 1 << (bits - 1)
  const segment = Math.min(segmentMax, half)
  const plan = planSums(groups)
  const wordsMax = Math.max(...plan.rounds.map((tasks) => tasks.length / taskWords)) * sumWords
  const weighedWords = 3 * (plan.places.length / segment) * sumWords
  const words = Math.max(wordsMax, weighedWords, plan.list.length)
  if (!gpu.holds({ words, threads: words / sumWords })) return { ok: false, error: tooSmall }
  const done = await gpu.perform((make) => workOf(make, points, plan, segment))
  if (!done.ok) return done
  const segments = half / segment
  outs.forEach((out, group) => {
    const first = group * windowCount * segments
    joinWindows(kernel, { sums: done.value, first, segments, segment, bits, windowCount, out })
  })
  return ok(undefined)
}

const tooSmall = { code: 'GPU_LIMITS' } as const

function workOf(
  make: Buffers,
  points: GpuBuffer,
  { list, rounds, places }: SumPlan,
  segment: number,
): Work {
  const dispatches: Dispatch[] = []
  let before = points
  rounds.forEach((tasks, round) => {
    const count = tasks.length / taskWords
    const sums = make.storage(count * sumWords)
    const range = make.uniform([count, 0, 0, 0])
    const shared = [range, sums, before, make.storage(tasks.length, tasks)]
    dispatches.push(
      round === 0
        ? {
            shader: sumPoints,
            buffers: [...shared, make.storage(list.length, list)],
            threads: count,
          }
        : { shader: sumSums, buffers: shared, threads: count },
    )
    before = sums
  })
  const segmentCount = places.length / segment
  const words = 2 * segmentCount * sumWords
  const buffer = make.storage(words + segmentCount * sumWords)
  dispatches.push({
    shader: weigh,
    buffers: [
      make.uniform([segmentCount, segment, 0, 0]),
      buffer,
      before,
      make.storage(places.length, places),
    ],
    threads: segmentCount,
  })
  return { dispatches, read: { buffer, words } }
}

interface Joined {
  /** Weighed and plain sum of each segment. */
  readonly sums: Uint32Array
  /** Segment of this group that comes first. */
  readonly first: number
  readonly segments: number
  readonly segment: number
  readonly bits: number
  readonly windowCount: number
  readonly out: number
}

/**
 * Horner's rule over the windows. A window is Σ T + L·Σ s·S over its segments s of L buckets, T the
 * weighed sum and S the plain one.
 */
function joinWindows(kernel: Kernel, joined: Joined): void {
  const { sums, first, segments, segment, bits, windowCount, out } = joined
  const { memory, g1 } = kernel
  const mark = memory.mark()
  const count = 2 * segments
  const loaded = memory.take(count * 4 * elementBytes)
  const [running, above, projective] = [0, 1, 2].map(() => memory.take(projectiveBytes(g1))) as [
    number,
    number,
    number,
  ]
  const at = (index: number): number => {
    toProjective(kernel, projective, loaded + index * 4 * elementBytes)
    return projective
  }
  infinity(kernel, g1, out)
  for (let window = windowCount - 1; window >= 0; window -= 1) {
    loadSums(kernel, sums, (first + window * segments) * 2 * sumWords, count, loaded)
    infinity(kernel, g1, running)
    infinity(kernel, g1, above)
    for (let index = segments - 1; index >= 1; index -= 1) {
      addProjective(g1, running, running, at(2 * index + 1))
      addProjective(g1, above, above, running)
    }
    for (let length = 1; length < segment; length *= 2) addProjective(g1, above, above, above)
    for (let bit = 0; bit < bits; bit += 1) addProjective(g1, out, out, out)
    addProjective(g1, out, out, above)
    for (let index = 0; index < segments; index += 1) {
      addProjective(g1, out, out, at(2 * index))
    }
  }
  memory.release(mark)
}

/** `count` sums in the form of the GPU to that of the kernel. */
function loadSums(
  { memory, fq }: Kernel,
  sums: Uint32Array,
  from: number,
  count: number,
  to: number,
): void {
  const mark = memory.mark()
  const factor = memory.take(elementBytes)
  const words = memory.words
  for (let element = 0; element < 4 * count; element += 1) {
    packLimbs(sums, from + element * wordCount, words, to / 4 + element * kernelLimbs)
  }
  memory.putElement(factor, factorToKernel(baseFieldOrder))
  fq.mulAll(4 * count, to, to, factor, 0)
  // Infinity is known by its zero, which has two forms.
  fq.reduceAll(4 * count, to)
  memory.release(mark)
}

/** (X·ZZZ, Y·ZZ, ZZ·ZZZ). */
function toProjective(kernel: Kernel, out: number, sum: number): void {
  const { memory, fq, g1 } = kernel
  const [x, y, zz, zzz] = [0, 1, 2, 3].map((index) => sum + index * elementBytes) as [
    number,
    number,
    number,
    number,
  ]
  const words = memory.words.subarray(zz / 4, zz / 4 + kernelLimbs)
  if (words.every((word) => word === 0)) {
    infinity(kernel, g1, out)
    return
  }
  fq.mul(out, x, zzz)
  fq.mul(out + elementBytes, y, zz)
  fq.mul(out + 2 * elementBytes, zz, zzz)
}
