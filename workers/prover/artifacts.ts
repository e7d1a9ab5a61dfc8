/**
 * Loads the circuits' files and refuses those that are not the ones this build was made for (ZK-2).
 *
 * Hashes and sizes come from `circuits/artifacts.json`, which is part of the bundle: whoever serves
 * other files cannot make a proof under another circuit.
 */

import manifest from '../../circuits/artifacts.json' with { type: 'json' }
import { hex } from '../../src/core/base/bytes.ts'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { ProverError } from '../../src/ports/prover.ts'
import type { ArtifactSource, CircuitName } from './protocol.ts'

export type ArtifactName = keyof (typeof manifest.circuits)[CircuitName]['artifacts']

/** Share of a file that has arrived, 0..1. */
export type OnShare = (share: number) => void

/** Keys whose secret is published are refused where the chain is no devnet (ZK-2, ZK-9). */
export function refusesKeys(
  keys: { readonly development: boolean },
  allowsDevelopmentKeys: boolean,
): boolean {
  return keys.development && !allowsDevelopmentKeys
}

export function keysOf(circuit: CircuitName): { readonly development: boolean } {
  return manifest.circuits[circuit]
}

/** SHA-256 of the circuit's proving key, and of those of all circuits of this build. */
export function keyHashes(circuit: CircuitName): {
  readonly own: string
  readonly all: readonly string[]
} {
  const hashOf = (name: CircuitName): string => manifest.circuits[name].artifacts.zkey.sha256
  const names = Object.keys(manifest.circuits) as CircuitName[]
  return { own: hashOf(circuit), all: names.map(hashOf) }
}

export async function loadArtifact(
  source: ArtifactSource,
  circuit: CircuitName,
  name: ArtifactName,
  onShare: OnShare,
): Promise<Result<Uint8Array<ArrayBuffer>, ProverError>> {
  const { file, bytes: expectedBytes, sha256 } = manifest.circuits[circuit].artifacts[name]
  const loaded =
    source.kind === 'bytes'
      ? take(source.files, file)
      : await fetchBounded(`${source.base}${file}`, expectedBytes, onShare)
  if (!loaded.ok) {
    return err({ code: 'ARTIFACT_UNAVAILABLE', file, reason: loaded.error })
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', loaded.value))
  return hex(digest) === sha256 ? ok(loaded.value) : err({ code: 'ARTIFACT_CHANGED', file })
}

type Loaded = Result<Uint8Array<ArrayBuffer>, string>

function take(files: Readonly<Record<string, Uint8Array>>, file: string): Loaded {
  const bytes = files[file]
  return bytes === undefined ? err('the file was not handed over') : ok(new Uint8Array(bytes))
}

/** Never holds more than the file may have, whatever the server sends. */
async function fetchBounded(url: string, bytesMax: number, onShare: OnShare): Promise<Loaded> {
  try {
    const response = await fetch(url)
    if (!response.ok) return err(`HTTP status ${response.status}`)
    if (response.body === null) return err('the answer is empty')
    const bytes = new Uint8Array(bytesMax)
    let offset = 0
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (offset + value.length > bytesMax) {
        await reader.cancel()
        return err('the file is longer than it should be')
      }
      bytes.set(value, offset)
      offset += value.length
      onShare(offset / bytesMax)
    }
    return ok(bytes.slice(0, offset))
  } catch (error) {
    return err(String(error))
  }
}
