/**
 * How the emotional proof grows with the longest window that its circuit takes: 64, 128 (which
 * serves) and 192 beats, one statement of a heart of 59 beats a minute for all three. Our prover
 * beside stock snarkjs, witness included, one thread, in turns; every proof is checked by snarkjs.
 */

import { gzipSync } from 'node:zlib'
import { webRandom } from '../src/adapters/keys/webRandom.ts'
import { publicSignals } from '../src/core/emotion/publicSignals.ts'
import { testScenario } from '../src/core/emotion/statement.fixture.ts'
import { buildStatement, type CircuitInput } from '../src/core/emotion/statement.ts'
import { testWindow } from '../src/core/emotion/testWindows.fixture.ts'
import { randomBlinding } from '../workers/prover/groth16/blinding.ts'
import { Groth16Prover } from '../workers/prover/groth16/groth16Prover.ts'
import {
  snarkProve,
  snarkVerifies,
  snarkWitness,
} from '../workers/prover/groth16/snarkjs.fixture.ts'
import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { measured, medianOf } from './measure.ts'
import { growthPlot, type GrowthRow } from './proof/growthPlot.ts'
import { buildVariant, type Variant } from './proof/variants.ts'

const lengths = [64, 128, 192] as const
const perBeat = ['ticks', 'selected', 'marks'] as const

export const benchProofGrowth: Bench = async ({ runs }) => {
  const before = machineNow()
  const rows: GrowthRow[] = []
  for (const beats of lengths) rows.push(await measure(await buildVariant(beats), runs))
  return {
    data: { bench: 'proof-growth', machine: before, rows },
    table: [
      `${before.cpu}, ${String(before.coreCount)} cores, node ${before.node}`,
      'beats  constraints   key, MB (gz)   witness generator, MB (gz)   ours, ms CPU   ' +
        'snarkjs   ratio',
      ...rows.map(lineOf),
    ],
    svg: growthPlot(rows),
  }
}

async function measure(variant: Variant, runs: number): Promise<GrowthRow> {
  const { beats, constraintCount, wasm, zkey } = variant
  const { circuitInput, signals } = statementFor(beats)
  const prover = await Groth16Prover.load(wasm, zkey)
  if (!prover.ok) throw new Error(prover.error.code)
  const ours = async (): Promise<void> => {
    const witness = prover.value.witness(circuitInput)
    if (!witness.ok) throw new Error(witness.error.reason)
    const proof = prover.value.prove(witness.value, randomBlinding(webRandom), () => undefined)
    if (proof === undefined || !(await snarkVerifies(variant.vkey, signals, proof))) {
      throw new Error(`our proof of ${String(beats)} beats does not verify`)
    }
  }
  const theirs = async (): Promise<void> => {
    const witness = await snarkWitness(circuitInput, wasm)
    const proof = await snarkProve(zkey, witness, randomBlinding(webRandom))
    if (!(await snarkVerifies(variant.vkey, signals, proof))) {
      throw new Error('snarkjs refuses its own proof')
    }
  }
  // The first of each runs on cold code.
  await ours()
  await theirs()
  const times = { ours: [] as number[], snarkjs: [] as number[] }
  for (let run = 0; run < runs; run += 1) {
    times.ours.push((await measured(ours)).cpuMs)
    times.snarkjs.push((await measured(theirs)).cpuMs)
  }
  return {
    beats,
    constraintCount,
    keyBytes: zkey.length,
    keyGzBytes: gzipSync(zkey).length,
    wasmBytes: wasm.length,
    wasmGzBytes: gzipSync(wasm).length,
    oursCpuMs: medianOf(times.ours),
    snarkjsCpuMs: medianOf(times.snarkjs),
  }
}

/** One statement; unused places of the window are 0 in all three. */
function statementFor(beats: number): {
  readonly circuitInput: CircuitInput
  readonly signals: readonly bigint[]
} {
  const window = testWindow({ seed: 5, meanTicks: 1040 })
  const statement = buildStatement(testScenario({ seed: 5, window }))
  if (!statement.ok) throw new Error(statement.error.code)
  const { circuitInput, publicInputs } = statement.value
  const resized = Object.fromEntries(
    perBeat.map((name) => {
      const values = window.ticks.map((_, index) => circuitInput[name]?.[index] ?? '0')
      return [name, [...values, ...Array.from({ length: beats - values.length }, () => '0')]]
    }),
  )
  const jumps = Array.from(
    { length: beats - 1 },
    (_, index) => circuitInput['jumps']?.[index] ?? '0',
  )
  return {
    circuitInput: { ...circuitInput, ...resized, jumps },
    signals: publicSignals(publicInputs),
  }
}

function lineOf(row: GrowthRow): string {
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(1)
  const key = `${mb(row.keyBytes)} (${mb(row.keyGzBytes)})`
  const wasm = `${mb(row.wasmBytes)} (${mb(row.wasmGzBytes)})`
  const ratio = row.oursCpuMs / row.snarkjsCpuMs
  return [
    String(row.beats).padStart(5),
    String(row.constraintCount).padStart(13),
    key.padStart(15),
    wasm.padStart(29),
    row.oursCpuMs.toFixed(0).padStart(15),
    row.snarkjsCpuMs.toFixed(0).padStart(10),
    ratio.toFixed(2).padStart(8),
  ].join('')
}
