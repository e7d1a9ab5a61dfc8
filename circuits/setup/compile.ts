/** Compiles the circuit with circom's WebAssembly build, in a process of its own. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Compiled {
  readonly r1cs: string
  readonly wasm: string
  /** Names of the wires, where they were asked for. */
  readonly symbols: string
  /** Non-linear constraints after simplification. */
  readonly constraintCount: number
}

/**
 * `folder` is relative to `root`, holds the sources that the build writes, and receives the
 * products: circom2 sees only what lies below its working directory. With symbols, linear
 * constraints are kept as they are written, which is another form of the same system.
 */
export async function compileCircuit(
  root: string,
  folder: string,
  name: string,
  source: string,
  hasSymbols = false,
): Promise<Compiled> {
  const names = hasSymbols ? ['--sym', '--O1'] : ['--O2']
  const libraries = ['-l', 'node_modules', '-l', folder]
  const options = ['--r1cs', '--wasm', ...names, ...libraries, '-o', folder]
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['node_modules/circom2/cli.js', source, ...options],
    { cwd: root, maxBuffer: 1 << 20 },
  )
  const count = /non-linear constraints: (\d+)/.exec(stdout)?.[1]
  if (count === undefined) throw new Error(`circom2 did not finish:\n${stdout}`)
  return {
    r1cs: `${folder}/${name}.r1cs`,
    wasm: `${folder}/${name}_js/${name}.wasm`,
    symbols: `${folder}/${name}.sym`,
    constraintCount: Number(count),
  }
}
