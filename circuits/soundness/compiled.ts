/** Compiles a circuit with the names of its wires and computes a witness for the searches. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, posix } from 'node:path'
// @ts-expect-error snarkjs ships no types.
import { wtns as untyped } from 'snarkjs'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { compileCircuit } from '../setup/compile.ts'
import { generatedSources } from '../setup/generated.ts'
import { paths, sourcePath, type CircuitName } from '../setup/paths.ts'
import { readR1cs } from '../setup/r1cs.ts'
import { brokenConstraint, wireNames, witnessValues, type System } from './system.ts'

const wtns = untyped as {
  calculate(
    input: CircuitInput,
    wasm: Uint8Array,
    witness: { readonly type: 'mem'; readonly data?: Uint8Array },
  ): Promise<void>
}

/** A circuit of the project, with another main component where one is given: a smaller one. */
export function sourceOf(root: string, circuit: CircuitName, main?: string): string {
  const text = readFileSync(join(root, sourcePath(circuit)), 'utf8')
  return main === undefined ? text : text.replace(/= \w+\([\d, ]*\);\s*$/, `= ${main};\n`)
}

/** Gives the system with the witness of an input, which satisfies the circuit. */
export type Compiled = (input: CircuitInput) => Promise<System>

/** `source` includes files of `circuits/lib` as `../lib/…`; the input satisfies it. */
export async function compiledSystem(
  root: string,
  source: string,
  input: CircuitInput,
): Promise<System> {
  const compiled = await compiledSource(root, source)
  return compiled(input)
}

/** For several inputs of one source: it takes seconds to compile, and a moment to calculate. */
export async function compiledSource(root: string, source: string): Promise<Compiled> {
  mkdirSync(join(root, paths.build), { recursive: true })
  // Beside the library, since that is where the includes point.
  const folder = posix.join('circuits', basename(mkdtempSync(join(root, 'circuits/search-'))))
  try {
    for (const [name, text] of Object.entries(generatedSources)) {
      if (source.includes('breath')) writeFileSync(join(root, folder, name), text())
    }
    writeFileSync(join(root, folder, 'searched.circom'), source)
    const path = `${folder}/searched.circom`
    const { r1cs, wasm, symbols } = await compileCircuit(root, folder, 'searched', path, true)
    const parsed = readR1cs(readFileSync(join(root, r1cs)))
    const calculator = new Uint8Array(readFileSync(join(root, wasm)))
    const names = wireNames(readFileSync(join(root, symbols), 'utf8'), parsed.signalCount)
    return async (input) => {
      const made: { type: 'mem'; data?: Uint8Array } = { type: 'mem' }
      await wtns.calculate(input, calculator, made)
      const witness = witnessValues(made.data ?? new Uint8Array(), parsed.signalCount)
      const broken = brokenConstraint(parsed, witness)
      if (broken >= 0) throw new Error(`the witness breaks constraint ${broken}`)
      return { r1cs: parsed, witness, names }
    }
  } finally {
    rmSync(join(root, folder), { recursive: true, force: true })
  }
}
