/** Where the circuit's sources and products lie, relative to the project's root. */

export const circuitName = 'emotional_proof'

export const paths = {
  source: `circuits/src/${circuitName}.circom`,
  library: 'circuits/lib',
  setup: 'circuits/setup',
  build: 'circuits/build',
  served: 'public/circuits',
  manifest: 'circuits/artifacts.json',
} as const

/** What a prover loads and a verifier needs, as served to the page. */
export const artifactNames = ['wasm', 'zkey', 'vkey'] as const

export type ArtifactName = (typeof artifactNames)[number]

export const artifactFiles: Readonly<Record<ArtifactName, string>> = {
  wasm: `${circuitName}.wasm`,
  zkey: `${circuitName}.zkey`,
  vkey: `${circuitName}.vkey.json`,
}
