/** Runs the circuit's witness generator on an input and says whether it accepts. */

// @ts-expect-error snarkjs ships no types.
import { wtns as untyped } from 'snarkjs'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import type { CircuitName } from '../setup/paths.ts'
import { readArtifact } from './artifacts.fixture.ts'

interface Witness {
  readonly type: 'mem'
  readonly data?: Uint8Array
}

const wtns = untyped as {
  calculate(input: CircuitInput, wasm: Uint8Array, witness: Witness): Promise<void>
}

const generators = new Map<CircuitName, Uint8Array>()

export async function accepts(
  input: CircuitInput,
  circuit: CircuitName = 'emotional_proof',
): Promise<boolean> {
  const wasm = generators.get(circuit) ?? readArtifact('wasm', circuit)
  generators.set(circuit, wasm)
  try {
    await wtns.calculate(input, wasm, { type: 'mem' })
    return true
  } catch (error) {
    // Only a refused constraint: an input that is missing or too long is a mistake of the test.
    if (String(error).includes('Assert Failed')) return false
    throw error
  }
}
