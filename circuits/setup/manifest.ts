/**
 * `circuits/artifacts.json`: what the artifacts must be, and whether the files at hand are that
 * (ZK-2).
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  artifactFile,
  artifactNames,
  circuitNames,
  paths,
  type ArtifactName,
  type CircuitName,
} from './paths.ts'
import { developmentSeed } from './scalars.ts'
import { sha256, sourceHash } from './sources.ts'

export interface Artifact {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface CircuitManifest {
  /** True for keys whose secret is published: refused outside devnets. False after a ceremony. */
  readonly development: boolean
  readonly sourceHash: string
  readonly artifacts: Readonly<Record<ArtifactName, Artifact>>
}

export interface Manifest {
  /** Of the development keys. */
  readonly seed: string
  readonly circuits: Readonly<Record<CircuitName, CircuitManifest>>
}

/** Entries of circuits whose keys are of a ceremony: no build makes those again (ZK-9). */
export type CeremonyEntries = ReadonlyMap<CircuitName, CircuitManifest>

/** Those whose sources are still the ones that the ceremony was of. */
export function ceremonyEntries(root: string): CeremonyEntries {
  // Also where the manifest lacks a circuit that is new.
  const read = parseManifest(root)?.circuits ?? ({} as Partial<Manifest['circuits']>)
  const entries = circuitNames.flatMap((circuit) => {
    const entry = read[circuit]
    const isKept = entry?.development === false && entry.sourceHash === sourceHash(root, circuit)
    return isKept ? [[circuit, entry] as const] : []
  })
  return new Map(entries)
}

/** The manifest of the artifacts in a folder for each circuit, and of those of ceremonies. */
export function describeArtifacts(
  root: string,
  folderOf: (circuit: CircuitName) => string,
  ofCeremonies: CeremonyEntries,
): Manifest {
  const describe = (circuit: CircuitName): CircuitManifest => {
    const kept = ofCeremonies.get(circuit)
    if (kept !== undefined) return kept
    const artifact = (name: ArtifactName): Artifact => {
      const file = artifactFile(circuit, name)
      const bytes = readFileSync(join(root, folderOf(circuit), file))
      return { file, bytes: bytes.length, sha256: sha256(bytes) }
    }
    return {
      development: true,
      sourceHash: sourceHash(root, circuit),
      artifacts: { wasm: artifact('wasm'), zkey: artifact('zkey'), vkey: artifact('vkey') },
    }
  }
  return {
    seed: developmentSeed,
    circuits: {
      emotional_proof: describe('emotional_proof'),
      liveness_proof: describe('liveness_proof'),
      wellness_share: describe('wellness_share'),
      consent_proof: describe('consent_proof'),
      emotional_proof_signed: describe('emotional_proof_signed'),
      emotional_proof_two: describe('emotional_proof_two'),
    },
  }
}

/** Undefined when there is none, or one of another form. */
export function readManifest(root: string): Manifest | undefined {
  const manifest = parseManifest(root)
  const circuits = manifest?.circuits
  const isWhole = circuits !== undefined && circuitNames.every((name) => name in circuits)
  return isWhole ? (manifest as Manifest) : undefined
}

function parseManifest(root: string): Partial<Manifest> | undefined {
  const path = join(root, paths.manifest)
  return existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>)
    : undefined
}

export function writeManifest(root: string, manifest: Manifest): void {
  writeFileSync(join(root, paths.manifest), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** Circuits whose sources are not those of the manifest. */
export function changedCircuits(root: string, manifest: Manifest): readonly CircuitName[] {
  return circuitNames.filter(
    (circuit) => manifest.circuits[circuit].sourceHash !== sourceHash(root, circuit),
  )
}

/**
 * What is wrong with the files in a folder, as sentences; empty when all is as the manifest says.
 */
export function findFaults(root: string, folder: string, manifest: Manifest): readonly string[] {
  const changed = changedCircuits(root, manifest).map(
    (circuit) => `${paths.manifest} belongs to other sources of ${circuit}`,
  )
  return [...changed, ...circuitNames.flatMap((name) => fileFaults(root, folder, manifest, name))]
}

/** As `findFaults`, of the files of one circuit, whatever its sources. */
export function fileFaults(
  root: string,
  folder: string,
  manifest: Manifest,
  circuit: CircuitName,
): readonly string[] {
  return artifactNames.flatMap((name) => {
    const { file, sha256: expected } = manifest.circuits[circuit].artifacts[name]
    const path = join(root, folder, file)
    if (!existsSync(path)) return [`${folder}/${file} is missing`]
    if (sha256(readFileSync(path)) === expected) return []
    return [`${folder}/${file} is not the file of ${paths.manifest}`]
  })
}
