/**
 * `npm run soundness`: searches each circuit for a second witness (ZK-8, docs/spec/proof.md).
 *
 *   -- --circuit NAME   one circuit alone
 *   -- --seed N         another statement
 *
 * Fails when a public signal stands in no constraint, or a wire can move, or is not decided by the
 * inputs, that is no bit of a range check and no inverse of 0 in a comparison.
 */

import { fileURLToPath } from 'node:url'
import { compiledSystem, sourceOf } from '../circuits/soundness/compiled.ts'
import { changedAlone, searched, unboundSignals } from '../circuits/soundness/search.ts'
import { hashedInputs, statements } from '../circuits/soundness/statements.ts'
import { circuitNames } from '../circuits/setup/paths.ts'
import { commandLine } from './lib/commandLine.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const { values } = commandLine({
  options: { circuit: { type: 'string' }, seed: { type: 'string', default: '5' } },
})

async function main(): Promise<number> {
  const names = circuitNames.filter(
    (name) => values.circuit === undefined || name === values.circuit,
  )
  if (names.length === 0) throw new Error(`circuits are ${circuitNames.join(', ')}`)
  let faults = 0
  for (const circuit of names) {
    const { circuitInput: input } = statements[circuit](Number(values.seed))
    const system = await compiledSystem(root, sourceOf(root, circuit), input)
    const started = performance.now()
    const { wireCount, moving, inverses, twoForms, loose } = searched(system, hashedInputs[circuit])
    const alone = changedAlone(system)
    const unbound = unboundSignals(system)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    say(`${circuit}: ${wireCount} wires, seed ${values.seed}, ${seconds} s`)
    say(`  public in no constraint: ${unbound.length === 0 ? 'none' : unbound.join(' ')}`)
    say(`  can move: ${moving.length === 0 ? 'none' : moving.join(' ')}`)
    say(`  second forms of range checks: ${twoForms.length} bits`)
    say(`  inverses of 0 in comparisons: ${inverses.length}`)
    say(`  not decided by the inputs: ${loose.length === 0 ? 'none' : ''}`)
    for (const { wires, forms } of loose) say(`    ${forms ?? 'undecided'}: ${wires.join(' ')}`)
    say(`  pass when changed alone: ${alone.length === 0 ? 'none' : alone.join(' ')}`)
    faults += unbound.length + moving.length + loose.length
  }
  return faults === 0 ? 0 : 1
}

// snarkjs leaves its worker threads running.
process.exit(await main())
