/** Where the circuits' sources and products lie, relative to the project's root. */

export const circuitNames = [
  'emotional_proof',
  'liveness_proof',
  'wellness_share',
  'consent_proof',
  'emotional_proof_signed',
  'emotional_proof_two',
] as const

/** What transactions carry proofs of; the others are libraries so far (decision 0030). */
export const ledgerCircuits = ['emotional_proof', 'liveness_proof'] as const

export type CircuitName = (typeof circuitNames)[number]

export const paths = {
  library: 'circuits/lib',
  setup: 'circuits/setup',
  build: 'circuits/build',
  served: 'public/circuits',
  manifest: 'circuits/artifacts.json',
} as const

export function sourcePath(circuit: CircuitName): string {
  return `circuits/src/${circuit}.circom`
}

/** What a prover loads and a verifier needs, as served to the page. */
export const artifactNames = ['wasm', 'zkey', 'vkey'] as const

export type ArtifactName = (typeof artifactNames)[number]

export function artifactFile(circuit: CircuitName, name: ArtifactName): string {
  return name === 'vkey' ? `${circuit}.vkey.json` : `${circuit}.${name}`
}
