/**
 * Our verifier against stock snarkjs, one proof and 64 of them (ZK-4, ZK-7), on one thread and in
 * turns. snarkjs has no batches: it checks 64 one after the other.
 */

import { decodeProof, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import { ProverEngine } from '../../workers/prover/engine.ts'
import { snarkVerifies } from '../../workers/prover/groth16/snarkjs.fixture.ts'
import { signalsOf } from '../../workers/prover/publicInputs.ts'
import { measured, medianOf, type Measured } from '../measure.ts'
import { fileOf, namesOf, requestOf } from './statements.ts'

const circuit = 'emotional_proof'
const batchLength = 64
/** Different proofs of the statement; a verifier cannot tell one that it has seen. */
const proofCount = 4
/** A single check is short: so many make one run, and are divided by. */
const singlesAtOnce = 8

export interface VerificationFigures {
  readonly rows: readonly VerificationRow[]
  /** Median processor time, ours to snarkjs. */
  readonly singleRatio: number
  readonly batchRatio: number
}

interface VerificationRow {
  readonly name: string
  readonly runs: readonly Measured[]
  readonly medianWallMs: number
  readonly medianCpuMs: number
}

export async function measureVerification(runs: number): Promise<VerificationFigures> {
  const { circuitInput, publicInputs } = requestOf(circuit)
  const files = Object.fromEntries(namesOf(circuit).map((name) => [name, fileOf(name)]))
  const vkey = fileOf(namesOf(circuit)[2])
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  const proofs: Uint8Array[] = []
  while (proofs.length < proofCount) {
    const made = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
    if (!made.ok || made.value === undefined) throw new Error('the statement is true')
    proofs.push(made.value)
  }
  const signals = signalsOf(publicInputs)
  const proofAt = (index: number): Uint8Array => proofs[index % proofs.length] ?? new Uint8Array()

  const ours = async (count: number): Promise<void> => {
    const tasks = Array.from({ length: count }, (_, index) => {
      return { kind: 'verify', proof: proofAt(index), publicInputs } as const
    })
    const outcomes = await engine.verifyAll(tasks)
    if (!outcomes.every(({ ok }) => ok)) throw new Error('our verifier refuses a good proof')
  }
  const theirs = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      if (!(await snarkVerifies(vkey, signals, decoded(proofAt(index))))) {
        throw new Error('snarkjs refuses a good proof')
      }
    }
  }
  const repeated = async (check: (count: number) => Promise<void>): Promise<void> => {
    for (let index = 0; index < singlesAtOnce; index += 1) await check(1)
  }
  const works = {
    'one, ours': () => repeated(ours),
    'one, snarkjs': () => repeated(theirs),
    '64, ours': () => ours(batchLength),
    '64, snarkjs': () => theirs(batchLength),
  } as const
  type Name = keyof typeof works
  const names = Object.keys(works) as Name[]
  const taken = new Map<Name, Measured[]>(names.map((name) => [name, []]))
  // The first round is on cold code.
  for (let run = 0; run <= runs; run += 1) {
    for (const name of names) {
      const { wallMs, cpuMs } = await measured(works[name])
      const times = name.startsWith('one') ? singlesAtOnce : 1
      if (run > 0) taken.get(name)?.push({ wallMs: wallMs / times, cpuMs: cpuMs / times })
    }
  }
  const rows = names.map((name) => rowOf(name, taken.get(name) ?? []))
  const [single, singleTheirs, batch, batchTheirs] = rows.map(({ medianCpuMs }) => medianCpuMs)
  return {
    rows,
    singleRatio: (single ?? NaN) / (singleTheirs ?? NaN),
    batchRatio: (batch ?? NaN) / (batchTheirs ?? NaN),
  }
}

export function verificationTable(figures: VerificationFigures): readonly string[] {
  const { rows, singleRatio, batchRatio } = figures
  const [one, batch] = [singleRatio.toFixed(2), batchRatio.toFixed(3)]
  return [
    `${'verification'.padEnd(16)}${'median wall'.padStart(13)}${'median cpu'.padStart(13)}`,
    ...rows.map(({ name, medianWallMs, medianCpuMs }) => {
      const cells = [medianWallMs, medianCpuMs].map((ms) => `${ms.toFixed(1)} ms`.padStart(13))
      return name.padEnd(16) + cells.join('')
    }),
    `processor time, ours to snarkjs: ${one} for one, ${batch} for 64`,
  ]
}

function rowOf(name: string, runs: readonly Measured[]): VerificationRow {
  return {
    name,
    runs,
    medianWallMs: medianOf(runs.map(({ wallMs }) => wallMs)),
    medianCpuMs: medianOf(runs.map(({ cpuMs }) => cpuMs)),
  }
}

function decoded(bytes: Uint8Array): EmotionalProof {
  const proof = decodeProof(bytes)
  if (!proof.ok) throw new Error(proof.error.code)
  return proof.value
}
