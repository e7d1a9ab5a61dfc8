/**
 * What the circuits are: constraints, rows, artifacts, and how long compiling and making the keys
 * takes; the constraints of `emotional_proof` by clause, each template compiled alone.
 */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { compileCircuit } from '../../circuits/setup/compile.ts'
import { developmentFirstKey } from '../../circuits/setup/firstKey.ts'
import { generatedSources } from '../../circuits/setup/generated.ts'
import { artifactFile, circuitNames, sourcePath } from '../../circuits/setup/paths.ts'
import { readR1cs, type R1cs } from '../../circuits/setup/r1cs.ts'
import { sourcesOf } from '../../circuits/setup/sources.ts'
import { fileOf } from './statements.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = '.cache/bench/sizes'

/** Of the whole circuit, its parts as docs/spec/proof.md names them. */
const clauses = [
  { name: 'window (clauses 1 and 3)', file: 'window.circom', component: 'HeartbeatWindow(128, 8)' },
  { name: 'path (clause 2)', file: 'enrolment.circom', component: 'EnrolmentRoot(20)' },
  { name: 'baseline (clause 2)', file: 'enrolment.circom', component: 'BaselineCommitment()' },
  { name: 'score (clause 4)', file: 'score.circom', component: 'Score()' },
  { name: 'level (clause 4)', file: 'continuity.circom', component: 'Continuity()' },
] as const

export interface CircuitSize {
  readonly circuit: string
  readonly constraints: number
  /** Of the domain: a power of two that holds constraints and public signals. */
  readonly rows: number
  readonly keyBytes: number
  readonly generatorBytes: number
  readonly gzipBytes: number
  readonly compileMs: number
  readonly keyMs: number
}

export interface ClauseSize {
  readonly name: string
  readonly constraints: number
}

export interface Sizes {
  readonly circuits: readonly CircuitSize[]
  readonly clauses: readonly ClauseSize[]
}

export async function measureSizes(): Promise<Sizes> {
  mkdirSync(`${root}${folder}`, { recursive: true })
  try {
    const measured: CircuitSize[] = []
    for (const circuit of circuitNames) measured.push(await sizeOf(circuit))
    const parts: ClauseSize[] = []
    for (const clause of clauses) parts.push(await clauseSize(clause))
    const [{ constraints } = { constraints: 0 }] = measured
    const known = parts.reduce((sum, part) => sum + part.constraints, 0)
    return {
      circuits: measured,
      clauses: [...parts, { name: 'all else', constraints: constraints - known }],
    }
  } finally {
    rmSync(`${root}${folder}`, { recursive: true, force: true })
  }
}

async function sizeOf(circuit: (typeof circuitNames)[number]): Promise<CircuitSize> {
  for (const name of sourcesOf(root, circuit).generated) {
    writeFileSync(`${root}${folder}/${name}`, generatedSources[name]?.() ?? '')
  }
  const startedMs = performance.now()
  const compiled = await compileCircuit(root, folder, circuit, sourcePath(circuit))
  const compiledMs = performance.now()
  const r1cs = readR1cs(new Uint8Array(readFileSync(`${root}${compiled.r1cs}`)))
  const made = await developmentFirstKey(r1cs)
  const key = fileOf(artifactFile(circuit, 'zkey'))
  const generator = fileOf(artifactFile(circuit, 'wasm'))
  return {
    circuit,
    constraints: compiled.constraintCount,
    rows: rowsOf(r1cs),
    keyBytes: key.length,
    generatorBytes: generator.length,
    gzipBytes: gzipSync(key).length + gzipSync(generator).length,
    compileMs: compiledMs - startedMs,
    keyMs: made.length > 0 ? performance.now() - compiledMs : NaN,
  }
}

/** Each constraint has a row, and each public signal with the constant one (Groth16). */
function rowsOf({ constraints, publicCount }: R1cs): number {
  return 2 ** Math.ceil(Math.log2(constraints.length + publicCount + 1))
}

async function clauseSize(clause: (typeof clauses)[number]): Promise<ClauseSize> {
  const name = clause.component.replace(/\W/g, '')
  const source = `${folder}/${name}.circom`
  writeFileSync(
    `${root}${source}`,
    `pragma circom 2.2.0;\ninclude "../../../circuits/lib/${clause.file}";\n` +
      `component main = ${clause.component};\n`,
  )
  const { constraintCount } = await compileCircuit(root, folder, name, source)
  return { name: clause.name, constraints: constraintCount }
}

export function sizesTable({ circuits, clauses: parts }: Sizes): readonly string[] {
  const [whole] = circuits
  return [
    'circuit                 constraints   rows  key MB  generator MB  both, gz  compile     keys',
    ...circuits.map((size) =>
      [
        size.circuit.padEnd(24),
        String(size.constraints).padStart(11),
        String(size.rows).padStart(7),
        megabytes(size.keyBytes).padStart(8),
        megabytes(size.generatorBytes).padStart(14),
        megabytes(size.gzipBytes).padStart(10),
        seconds(size.compileMs).padStart(9),
        seconds(size.keyMs).padStart(9),
      ].join(''),
    ),
    `of ${whole?.circuit ?? ''}: ${parts
      .map(({ name, constraints }) => `${name} ${String(constraints)}`)
      .join(', ')}`,
  ]
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
