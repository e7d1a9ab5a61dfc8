/** The record of a finished ceremony, for everybody and for `circuits/artifacts.json` (ZK-9). */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { CircuitManifest } from '../setup/manifest.ts'
import { sha256 } from '../setup/sources.ts'
import { parsed } from './attestation.ts'
import type { CompiledCircuit } from './compiled.ts'
import type { CeremonyError } from './errors.ts'
import { blake2bOf } from './powersOfTauFile.ts'
import type { NamedFile } from './sections.ts'
import { verificationKey } from './snarkjs.ts'
import { verifyFinished, type Ceremony } from './verify.ts'

const format = 'emotionalchain/ceremony-transcript/1'

/** As JSON; hashes in hex. */
export interface Transcript {
  readonly format: typeof format
  readonly circuit: string
  readonly sourceHash: string
  /** Powers that nobody published: the key is for development. */
  readonly rehearsal: boolean
  readonly r1cs: { readonly bytes: number; readonly sha256: string }
  readonly powersOfTau: {
    readonly file: string | null
    readonly power: number
    readonly blake2b: string
    readonly source: string | null
  }
  /** snarkjs's hash of circuit and powers, which every contribution signs. */
  readonly circuitHash: string
  readonly contributions: readonly {
    readonly name: string
    readonly hash: string
    readonly beacon: { readonly hash: string; readonly iterationsExponent: number } | null
  }[]
  /** BLAKE2b-512 of the key, as attestations have it. */
  readonly key: string
  readonly artifacts: CircuitManifest
}

export interface Finished {
  readonly transcript: Transcript
  /** By file name. */
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** Checks the whole chain again, then describes it. */
export async function finishCeremony(
  ceremony: Ceremony,
  compiled: CompiledCircuit,
): Promise<Result<Finished, CeremonyError>> {
  const checked = await verifyFinished(ceremony)
  if (!checked.ok) return checked
  const { key, ptau, circuit } = ceremony
  const vkey = await verificationKey(key.bytes)
  if (!vkey.ok) return err({ code: 'CEREMONY_CHAIN_INVALID', reason: vkey.error })
  const { name, sourceHash, wasm } = compiled
  const isRehearsal = ptau.known === undefined
  const described = (file: string, bytes: Uint8Array): CircuitManifest['artifacts']['wasm'] => {
    return { file, bytes: bytes.length, sha256: sha256(bytes) }
  }
  const artifacts = {
    wasm: described(`${name}.wasm`, wasm),
    zkey: described(`${name}.zkey`, key.bytes),
    vkey: described(`${name}.vkey.json`, vkey.value),
  }
  return ok({
    files: {
      [artifacts.wasm.file]: wasm,
      [artifacts.zkey.file]: key.bytes,
      [artifacts.vkey.file]: vkey.value,
    },
    transcript: {
      format,
      circuit: name,
      sourceHash,
      rehearsal: isRehearsal,
      r1cs: { bytes: circuit.bytes.length, sha256: sha256(circuit.bytes) },
      powersOfTau: {
        file: ptau.known?.file ?? null,
        power: ptau.power,
        blake2b: ptau.blake2b,
        source: ptau.known?.source ?? null,
      },
      circuitHash: key.circuitHash,
      contributions: contributionsOf(ceremony),
      key: blake2bOf(key.bytes),
      artifacts: { development: isRehearsal, sourceHash, artifacts },
    },
  })
}

/** Whether a published transcript tells of this key. */
export function checkTranscript(
  { file, bytes }: NamedFile,
  ceremony: Ceremony,
): Result<void, CeremonyError> {
  const json = parsed(bytes)
  if (json?.['format'] !== format) {
    return err({ code: 'CEREMONY_FILE_MALFORMED', file, part: 'no transcript' })
  }
  const { key, ptau } = ceremony
  const told = json['powersOfTau'] as { readonly blake2b?: unknown } | undefined
  const listed = JSON.stringify(json['contributions'])
  const parts: readonly (readonly [string, boolean])[] = [
    ['its powers of tau', told?.blake2b === ptau.blake2b],
    ['its circuit', json['circuitHash'] === key.circuitHash],
    ['its contributions', listed === JSON.stringify(contributionsOf(ceremony))],
    ['its key', json['key'] === blake2bOf(key.bytes)],
  ]
  const wrong = parts.find(([, isSame]) => !isSame)
  if (wrong === undefined) return ok(undefined)
  return err({ code: 'CEREMONY_TRANSCRIPT_DIFFERS', part: wrong[0] })
}

function contributionsOf({ key }: Ceremony): Transcript['contributions'] {
  return key.list.map(({ name, hash, beacon }) => ({ name, hash, beacon: beacon ?? null }))
}
