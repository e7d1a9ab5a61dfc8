/** Makes sure that the circuit's files are there before a test needs them. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findFaults, readManifest } from '../setup/manifest.ts'
import { artifactFiles, paths, type ArtifactName } from '../setup/paths.ts'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

/** A first build takes a minute or two; with files at hand this only hashes them. */
export const ensureTimeoutMs = 600_000

export async function ensureArtifacts(): Promise<void> {
  const manifest = readManifest(projectRoot)
  if (manifest !== undefined && findFaults(projectRoot, paths.served, manifest).length === 0) return
  const command = ['scripts/run.js', 'scripts/circuits.ts']
  await promisify(execFile)(process.execPath, command, { cwd: projectRoot })
}

export function readArtifact(name: ArtifactName): Uint8Array {
  return new Uint8Array(readFileSync(`${projectRoot}/${paths.served}/${artifactFiles[name]}`))
}
