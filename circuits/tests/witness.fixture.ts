/** Runs a circuit's witness generator on an input: whether it accepts, and if not, what refused. */

// @ts-expect-error snarkjs ships no types.
import { wtns as untyped } from 'snarkjs'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import type { CircuitName } from '../setup/paths.ts'
import { readArtifact } from './artifacts.fixture.ts'
import { checkOf, checksOf, filesSeenBy, type Check } from './checks.fixture.ts'

interface Witness {
  readonly type: 'mem'
  readonly data?: Uint8Array
}

const wtns = untyped as {
  calculate(input: CircuitInput, wasm: Uint8Array, witness: Witness): Promise<void>
}

const generators = new Map<CircuitName, Uint8Array>()
/** Places of the checks that refused an input since the test file began. */
const places = new Set<string>()

/** The first check that an input breaks; undefined when it breaks none. */
export async function refusedBy(
  input: CircuitInput,
  circuit: CircuitName = 'emotional_proof',
): Promise<Check | undefined> {
  const wasm = generators.get(circuit) ?? readArtifact('wasm', circuit)
  generators.set(circuit, wasm)
  try {
    await wtns.calculate(input, wasm, { type: 'mem' })
    return undefined
  } catch (error) {
    // Only a refused constraint: an input that is missing or too long is a mistake of the test.
    if (!String(error).includes('Assert Failed')) throw error
    const check = checkOf(String(error))
    places.add(check.place)
    return check
  }
}

export async function accepts(input: CircuitInput, circuit?: CircuitName): Promise<boolean> {
  return (await refusedBy(input, circuit)) === undefined
}

/**
 * Checks of a circuit's files that were the first to refuse no input, when all tests of a file have
 * run: without such a check none of its inputs may pass.
 */
export function idleChecks(circuit: CircuitName): readonly string[] {
  const idle = filesSeenBy[circuit].flatMap(checksOf).filter(({ place }) => !places.has(place))
  return idle.map(({ place, text }) => `${place} ${text}`)
}
