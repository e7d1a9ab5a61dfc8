/** The circuit of a ceremony, compiled from its sources by each who checks one (ZK-9). */

import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import { compileCircuit } from '../setup/compile.ts'
import { generatedSources } from '../setup/generated.ts'
import { circuitNames, paths, sourcePath, type CircuitName } from '../setup/paths.ts'
import { sha256, sourceHash, sourcesOf } from '../setup/sources.ts'
import { readCircuit, type CircuitFile } from './circuitFile.ts'
import type { CeremonyError } from './errors.ts'

export interface CompiledCircuit {
  readonly name: string
  readonly circuit: CircuitFile
  /** The witness generator. */
  readonly wasm: Uint8Array
  /** As in `circuits/artifacts.json`; of another source its SHA-256. */
  readonly sourceHash: string
}

/** A circuit of this project by its name. */
export async function compileForCeremony(
  root: string,
  name: string,
): Promise<Result<CompiledCircuit, CeremonyError>> {
  const circuit = circuitNames.find((one) => one === name)
  if (circuit === undefined) {
    return err({ code: 'CEREMONY_CIRCUIT_UNKNOWN', names: circuitNames })
  }
  return inFolder(root, async (folder) => {
    writeGenerated(root, folder, circuit)
    const compiled = await compile(root, folder, circuit, sourcePath(circuit))
    return compiled.ok ? ok({ ...compiled.value, sourceHash: sourceHash(root, circuit) }) : compiled
  })
}

/** Any source that includes circomlib alone, for a rehearsal. */
export async function compileSource(
  root: string,
  file: string,
): Promise<Result<CompiledCircuit, CeremonyError>> {
  const name = basename(file).replace(/\.circom$/, '')
  return inFolder(root, async (folder) => {
    const source = `${folder}/${name}.circom`
    try {
      copyFileSync(file, join(root, source))
    } catch (error) {
      return err({ code: 'CEREMONY_FILE_UNREADABLE', file, reason: String(error) })
    }
    const compiled = await compile(root, folder, name, source)
    if (!compiled.ok) return compiled
    return ok({ ...compiled.value, sourceHash: sha256(readFileSync(join(root, source))) })
  })
}

async function inFolder<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(join(root, paths.build), { recursive: true })
  const folder = `${paths.build}/${basename(mkdtempSync(join(root, paths.build, 'ceremony-')))}`
  try {
    return await work(folder)
  } finally {
    rmSync(join(root, folder), { recursive: true, force: true })
  }
}

function writeGenerated(root: string, folder: string, circuit: CircuitName): void {
  for (const name of sourcesOf(root, circuit).generated) {
    writeFileSync(join(root, folder, name), generatedSources[name]?.() ?? '')
  }
}

async function compile(
  root: string,
  folder: string,
  name: string,
  source: string,
): Promise<Result<Omit<CompiledCircuit, 'sourceHash'>, CeremonyError>> {
  try {
    const { r1cs, wasm } = await compileCircuit(root, folder, name, source)
    const bytes = new Uint8Array(readFileSync(join(root, r1cs)))
    const circuit = readCircuit({ file: r1cs, bytes })
    if (!circuit.ok) return circuit
    return ok({
      name,
      circuit: circuit.value,
      wasm: new Uint8Array(readFileSync(join(root, wasm))),
    })
  } catch (error) {
    const lines = String(error).split('\n')
    const reason = lines.find((line) => line.startsWith('error')) ?? lines[0] ?? ''
    return err({ code: 'CEREMONY_COMPILER', reason })
  }
}
