/** A proof under a circuit's key, made once, and what the verifier says of it. */

import type { ProveRequest } from '../../src/ports/prover.ts'
import { ProverEngine } from '../../workers/prover/engine.ts'
import { artifactFile, artifactNames, type CircuitName } from '../setup/paths.ts'
import { readArtifact } from './artifacts.fixture.ts'

type PublicInputs = Parameters<ProverEngine['verify']>[0]['publicInputs']

/** Proves, and verifies by the keys of these circuits; says `OK` or why not. */
export async function verdictsOf(
  { circuitInput, publicInputs }: ProveRequest,
  circuits: readonly CircuitName[],
): Promise<(claimed: PublicInputs) => Promise<string>> {
  const files = Object.fromEntries(
    circuits.flatMap((circuit) =>
      artifactNames.map((name) => [artifactFile(circuit, name), readArtifact(name, circuit)]),
    ),
  )
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  const made = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
  if (!made.ok || made.value === undefined) throw new Error(JSON.stringify(made))
  const proof = made.value
  return async (claimed) => {
    const verdict = await engine.verify({ kind: 'verify', proof, publicInputs: claimed })
    return verdict.ok ? 'OK' : verdict.error.code
  }
}

/** How many public signals the verification key takes. */
export function publicCountOf(circuit: CircuitName): number {
  const text = Buffer.from(readArtifact('vkey', circuit)).toString('utf8')
  const { nPublic } = JSON.parse(text) as { readonly nPublic: number }
  return nPublic
}
