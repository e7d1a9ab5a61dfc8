/** Makes sure that the circuits' files are there before a test needs them. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFaults, readManifest } from '../setup/manifest.ts'
import { artifactFile, paths, type ArtifactName, type CircuitName } from '../setup/paths.ts'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** A first build takes a minute or two; with files at hand this only hashes them. */
export const ensureTimeoutMs = 600_000

export async function ensureArtifacts(): Promise<void> {
  const manifest = readManifest(projectRoot)
  if (manifest !== undefined && findFaults(projectRoot, paths.served, manifest).length === 0) return
  const command = ['scripts/run.js', 'scripts/circuits.ts']
  await promisify(execFile)(process.execPath, command, { cwd: projectRoot })
}

export function readArtifact(
  name: ArtifactName,
  circuit: CircuitName = 'emotional_proof',
): Uint8Array {
  const file = artifactFile(circuit, name)
  return new Uint8Array(readFileSync(`${projectRoot}/${paths.served}/${file}`))
}
