/**
 * Our prover against stock snarkjs (ZK-5, ZK-6): the same statement, one thread, in turns.
 *
 * Each run is what a validator does for an epoch: witness, proof, and the check of the own proof.
 * Loading is measured apart. snarkjs runs on one thread, too: its worker threads need a policy that
 * the page does not have. The first run of each, on cold code, is reported and not in the median.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { webRandom } from '../src/adapters/keys/webRandom.ts'
import { publicSignals } from '../src/core/emotion/publicSignals.ts'
import { testScenario } from '../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../src/core/emotion/statement.ts'
import { ProverEngine } from '../workers/prover/engine.ts'
import { randomBlinding } from '../workers/prover/groth16/blinding.ts'
import {
  snarkProve,
  snarkVerifies,
  snarkWitness,
} from '../workers/prover/groth16/snarkjs.fixture.ts'
import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import { measured, medianOf, type Measured } from './measure.ts'

const folder = fileURLToPath(new URL('../public/circuits/', import.meta.url))
const names = ['emotional_proof.wasm', 'emotional_proof.zkey', 'emotional_proof.vkey.json'] as const

/** Makes one proof and checks it. */
type Prove = () => Promise<void>

export const benchProof: Bench = async ({ runs }) => {
  const before = machineNow()
  const provers = { ours: ourProver(), snarkjs: snarkjsProver() }
  const first = {
    ours: await measured(provers.ours),
    snarkjs: await measured(provers.snarkjs),
  }
  const later: Readonly<Record<keyof typeof provers, Measured[]>> = { ours: [], snarkjs: [] }
  for (let run = 0; run < runs; run += 1) {
    later.ours.push(await measured(provers.ours))
    later.snarkjs.push(await measured(provers.snarkjs))
  }
  const rows = (['ours', 'snarkjs'] as const).map((name) => ({
    name,
    first: first[name],
    runs: later[name],
    medianWallMs: medianOf(later[name].map(({ wallMs }) => wallMs)),
    medianCpuMs: medianOf(later[name].map(({ cpuMs }) => cpuMs)),
  }))
  const [ours, snarkjs] = rows
  const cpuRatio = (ours?.medianCpuMs ?? NaN) / (snarkjs?.medianCpuMs ?? NaN)
  const after = machineNow()
  return {
    data: { bench: 'proof', machine: before, loadAverageAfter: after.loadAverage, rows, cpuRatio },
    table: [
      `${before.cpu}, ${before.coreCount} cores, node ${before.node}`,
      `load before ${text(before.loadAverage)}, after ${text(after.loadAverage)}`,
      `${'prover'.padEnd(10)}${cells(['first wall', 'first cpu', 'median wall', 'median cpu'])}`,
      ...rows.map((row) => {
        const figures = [row.first.wallMs, row.first.cpuMs, row.medianWallMs, row.medianCpuMs]
        return row.name.padEnd(10) + cells(figures.map((ms) => `${ms.toFixed(0)} ms`))
      }),
      `processor time, ours to snarkjs: ${cpuRatio.toFixed(2)} (${runs} runs each, in turns)`,
    ],
  }
}

const statement = buildStatement(testScenario({ seed: 5 }))

function ourProver(): Prove {
  const files = Object.fromEntries(names.map((name) => [name, fileOf(name)]))
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  return async () => {
    if (!statement.ok) throw new Error(statement.error.code)
    const { circuitInput, publicInputs } = statement.value
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const made = await engine.prove(task, () => undefined)
    if (!made.ok) throw new Error(made.error.code)
  }
}

function snarkjsProver(): Prove {
  const [wasm, zkey, vkey] = names.map(fileOf) as [Uint8Array, Uint8Array, Uint8Array]
  return async () => {
    if (!statement.ok) throw new Error(statement.error.code)
    const { circuitInput, publicInputs } = statement.value
    const witness = await snarkWitness(circuitInput, wasm)
    const proof = await snarkProve(zkey, witness, randomBlinding(webRandom))
    if (!(await snarkVerifies(vkey, publicSignals(publicInputs), proof))) {
      throw new Error('snarkjs refuses its own proof')
    }
  }
}

function fileOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${folder}${name}`))
}

function cells(values: readonly string[]): string {
  return values.map((value) => value.padStart(13)).join('')
}

function text(loadAverage: readonly number[]): string {
  return loadAverage.map((load) => load.toFixed(1)).join(' ')
}
