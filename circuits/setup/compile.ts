/** Compiles the circuit with circom's WebAssembly build, in a process of its own. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { circuitName, paths } from './paths.ts'

export interface Compiled {
  readonly r1cs: string
  readonly wasm: string
  /** Non-linear constraints after simplification. */
  readonly constraintCount: number
}

/** `folder` is relative to `root`: circom2 sees only what lies below its working directory. */
export async function compileCircuit(
  root: string,
  folder: string,
  source: string = paths.source,
): Promise<Compiled> {
  const options = ['--r1cs', '--wasm', '--O2', '-l', 'node_modules', '-o', folder]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['node_modules/circom2/cli.js', source, ...options],
    { cwd: root, maxBuffer: 1 << 20 },
  )
  const count = /non-linear constraints: (\d+)/.exec(stdout)?.[1]
  if (count === undefined) throw new Error(`circom2 did not finish:\n${stdout}`)
  return {
    r1cs: `${folder}/${circuitName}.r1cs`,
    wasm: `${folder}/${circuitName}_js/${circuitName}.wasm`,
    constraintCount: Number(count),
  }
}
