/** Products in Fq one after the other, and two at a time in the lanes of vectors, in turns. */

import { baseFieldOrder } from '../../src/core/emotion/proofCodec.ts'
import { i32, repeatWhile, when } from '../../workers/lib/wasm/code.ts'
import { ModuleBuilder, type Local } from '../../workers/lib/wasm/moduleBuilder.ts'
import { wasm, type WasmMemory } from '../../workers/lib/wasm/platform.ts'
import { definePrimeField } from '../../workers/prover/kernel/fieldCode.ts'
import type { KernelFunction } from '../../workers/prover/kernel/kernel.ts'
import { elementBytes, limbCount, limbsOf } from '../../workers/prover/kernel/limbs.ts'
import { seededIntegers } from '../../workers/prover/kernel/memory.fixture.ts'
import { negatedInverse } from '../../workers/prover/kernel/multiplyCode.ts'
import { defineVectors } from '../../workers/prover/kernel/vectorCode.ts'
import { medianOf } from '../measure.ts'
import { multiplyLanes, pairBytes } from './lanesCode.ts'

/** Operands and results stay in the second-level cache. */
const count = 1024
/** Some milliseconds for one measurement. */
const repeats = 100

export interface LaneFigures {
  /** Processor time of one product. */
  readonly medianNs: { readonly scalar: number; readonly lanes: number }
  /** Median of the ratios of the turns. */
  readonly ratio: number
}

interface Module {
  readonly scalar: KernelFunction
  readonly lanes: KernelFunction
  readonly words: Uint32Array
}

function instantiate(): Module {
  const builder = new ModuleBuilder()
  const fq = definePrimeField(builder, 'fq', baseFieldOrder)
  defineVectors(builder, 'fq', fq, baseFieldOrder)
  builder.define({ name: 'lanes', parameterCount: 4 }, (body) => {
    const [pairs, out, left, right] = body.parameters as [Local, Local, Local, Local]
    const addresses = [out.get, left.get, right.get] as const
    return when(
      pairs.get,
      repeatWhile(
        [
          multiplyLanes(body, addresses, negatedInverse(baseFieldOrder)),
          [out, left, right].map((at) => at.set(i32.add(at.get, i32.const(pairBytes)))),
          pairs.set(i32.sub(pairs.get, i32.const(1))),
        ],
        pairs.get,
      ),
    )
  })
  const { exports } = new wasm.Instance(new wasm.Module(builder.build()))
  const memory = exports['memory'] as WasmMemory
  memory.grow(8)
  return {
    scalar: exports['fq_mulAll'] as KernelFunction,
    lanes: exports['lanes'] as KernelFunction,
    words: new Uint32Array(memory.buffer),
  }
}

export function measureLanes(runs: number): LaneFigures {
  const { scalar, lanes, words } = instantiate()
  const start = 1 << 16
  const [left, right, out] = [0, 1, 2].map((index) => start + index * count * elementBytes)
  const pairsAt = start + 4 * count * elementBytes
  const halfCount = count / 2
  const [lefts, rights, outs] = [0, 1, 2].map((index) => pairsAt + index * halfCount * pairBytes)
  const wordOf = (base = 0, element: number, limb: number): number =>
    (base + (element >> 1) * pairBytes) / 4 + 2 * limb + (element & 1)
  const next = seededIntegers(3)
  for (const [plain = 0, paired] of [
    [left, lefts],
    [right, rights],
  ]) {
    for (let element = 0; element < count; element += 1) {
      limbsOf(next(2n * baseFieldOrder)).forEach((value, limb) => {
        words[plain / 4 + element * limbCount + limb] = value
        words[wordOf(paired, element, limb)] = value
      })
    }
  }
  const work = {
    scalar: () => scalar(count, out ?? 0, left ?? 0, right ?? 0, elementBytes),
    lanes: () => lanes(halfCount, outs ?? 0, lefts ?? 0, rights ?? 0),
  }
  const times: Record<keyof typeof work, number[]> = { scalar: [], lanes: [] }
  for (let run = -3; run < 5 * runs; run += 1) {
    for (const name of ['scalar', 'lanes'] as const) {
      const before = process.cpuUsage()
      for (let repeat = 0; repeat < repeats; repeat += 1) work[name]()
      const { user, system } = process.cpuUsage(before)
      if (run >= 0) times[name].push((1000 * (user + system)) / (repeats * count))
    }
  }
  for (let word = 0; word < count * limbCount; word += 1) {
    const paired = wordOf(outs, Math.floor(word / limbCount), word % limbCount)
    if (words[(out ?? 0) / 4 + word] !== words[paired]) throw new Error('another product in lanes')
  }
  return {
    medianNs: { scalar: medianOf(times.scalar), lanes: medianOf(times.lanes) },
    ratio: medianOf(times.lanes.map((ns, run) => ns / (times.scalar[run] ?? NaN))),
  }
}

export function lanesTable({ medianNs: { scalar, lanes }, ratio }: LaneFigures): readonly string[] {
  const figures = `${scalar.toFixed(1)} ns, in two lanes ${lanes.toFixed(1)} ns`
  return [`a product in Fq, processor time: ${figures}, ${ratio.toFixed(3)}`]
}
