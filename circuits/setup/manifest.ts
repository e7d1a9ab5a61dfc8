/**
 * `circuits/artifacts.json`: what the artifacts must be, and whether the files at hand are that
 * (ZK-2).
 */

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { artifactFiles, artifactNames, circuitName, paths, type ArtifactName } from './paths.ts'
import { developmentSeed } from './scalars.ts'

export interface Artifact {
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

export interface Manifest {
  readonly circuit: string
  /** True for keys whose secret is published: refused outside devnets. */
  readonly development: boolean
  readonly seed: string
  /** SHA-256 over circuit sources, tool versions, seed and the version of the set-up. */
  readonly sourceHash: string
  readonly artifacts: Readonly<Record<ArtifactName, Artifact>>
}

/** Counts changes of the set-up that change its products. */
const setupVersion = 1

const toolPackages = ['circom2', 'circomlib', 'snarkjs'] as const

export function sourceHash(root: string): string {
  const hash = createHash('sha256')
  hash.update(`setup ${setupVersion}\nseed ${developmentSeed}\n`)
  for (const name of toolPackages) {
    const text = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')
    const { version } = JSON.parse(text) as { readonly version: string }
    hash.update(`${name} ${version}\n`)
  }
  for (const path of [paths.source, ...libraryFiles(root)]) {
    hash.update(`${path} ${sha256(readFileSync(join(root, path)))}\n`)
  }
  return hash.digest('hex')
}

function libraryFiles(root: string): readonly string[] {
  const names = readdirSync(join(root, paths.library)).filter((name) => name.endsWith('.circom'))
  return names.sort().map((name) => `${paths.library}/${name}`)
}

/** The manifest of the artifacts in a folder. */
export function describeArtifacts(root: string, folder: string): Manifest {
  const describe = (name: ArtifactName): Artifact => {
    const file = artifactFiles[name]
    const bytes = readFileSync(join(root, folder, file))
    return { file, bytes: bytes.length, sha256: sha256(bytes) }
  }
  return {
    circuit: circuitName,
    development: true,
    seed: developmentSeed,
    sourceHash: sourceHash(root),
    artifacts: { wasm: describe('wasm'), zkey: describe('zkey'), vkey: describe('vkey') },
  }
}

export function readManifest(root: string): Manifest | undefined {
  const path = join(root, paths.manifest)
  if (!existsSync(path)) return undefined
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest
}

export function writeManifest(root: string, manifest: Manifest): void {
  writeFileSync(join(root, paths.manifest), `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * What is wrong with the files in a folder, as sentences; empty when all is as the manifest says.
 */
export function findFaults(root: string, folder: string, manifest: Manifest): readonly string[] {
  const faults: string[] = []
  if (manifest.sourceHash !== sourceHash(root)) {
    faults.push(`${paths.manifest} belongs to other circuit sources`)
  }
  for (const name of artifactNames) {
    const { file, sha256: expected } = manifest.artifacts[name]
    const path = join(root, folder, file)
    if (!existsSync(path)) faults.push(`${folder}/${file} is missing`)
    else if (sha256(readFileSync(path)) !== expected) {
      faults.push(`${folder}/${file} is not the file of ${paths.manifest}`)
    }
  }
  return faults
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
