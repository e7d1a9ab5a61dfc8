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
  readonly sourceHash: string
  readonly artifacts: Readonly<Record<ArtifactName, Artifact>>
}

export interface Manifest {
  /** True for keys whose secret is published: refused outside devnets. */
  readonly development: boolean
  readonly seed: string
  readonly circuits: Readonly<Record<CircuitName, CircuitManifest>>
}

/** The manifest of the artifacts in a folder for each circuit. */
export function describeArtifacts(
  root: string,
  folderOf: (circuit: CircuitName) => string,
): Manifest {
  const describe = (circuit: CircuitName): CircuitManifest => {
    const artifact = (name: ArtifactName): Artifact => {
      const file = artifactFile(circuit, name)
      const bytes = readFileSync(join(root, folderOf(circuit), file))
      return { file, bytes: bytes.length, sha256: sha256(bytes) }
    }
    return {
      sourceHash: sourceHash(root, circuit),
      artifacts: { wasm: artifact('wasm'), zkey: artifact('zkey'), vkey: artifact('vkey') },
    }
  }
  return {
    development: true,
    seed: developmentSeed,
    circuits: {
      emotional_proof: describe('emotional_proof'),
      liveness_proof: describe('liveness_proof'),
      wellness_share: describe('wellness_share'),
      consent_proof: describe('consent_proof'),
    },
  }
}

/** Undefined when there is none, or one of another form. */
export function readManifest(root: string): Manifest | undefined {
  const path = join(root, paths.manifest)
  if (!existsSync(path)) return undefined
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>
  const { circuits } = manifest
  const isWhole = circuits !== undefined && circuitNames.every((name) => name in circuits)
  return isWhole ? (manifest as Manifest) : undefined
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
