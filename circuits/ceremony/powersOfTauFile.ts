/** Powers of tau that somebody supplied: known by hash, whole, prepared, large enough (ZK-9). */

import { createHash } from 'node:crypto'
import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { CeremonyError } from './errors.ts'
import type { KnownPowersOfTau } from './knownPowersOfTau.ts'
import {
  g1Bytes,
  g2Bytes,
  hasLength,
  isOfCurve,
  malformed,
  readSections,
  viewOf,
  type NamedFile,
  type Sections,
} from './sections.ts'

export interface PowersOfTau {
  readonly bytes: Uint8Array
  readonly power: number
  readonly blake2b: string
  /** Undefined in a rehearsal with powers that nobody published. */
  readonly known: KnownPowersOfTau | undefined
  /** α and β in G1, β in G2, as the file has them: what a key made from it begins with. */
  readonly first: readonly [alpha1: Uint8Array, beta1: Uint8Array, beta2: Uint8Array]
}

/** Bound of this implementation, far above the circuits' sizes: 288 MB. */
const powerMax = 18

export function readPowersOfTau(
  named: NamedFile,
  known: readonly KnownPowersOfTau[],
  options: { readonly isRehearsal: boolean },
): Result<PowersOfTau, CeremonyError> {
  const { file, bytes } = named
  const blake2b = blake2bOf(bytes)
  const match = known.find((one) => one.blake2b === blake2b)
  const sections = readSections(named, 'ptau')
  if (!sections.ok) return sections
  if (match === undefined && !options.isRehearsal) {
    return err({ code: 'CEREMONY_PTAU_UNKNOWN', blake2b })
  }
  const power = powerOf(sections.value)
  if (power === undefined) return malformed(file, 'its header')
  if (!sections.value.has(12)) return err({ code: 'CEREMONY_PTAU_UNPREPARED' })
  const wrong = expectedLengths(power).find(
    ([id, length]) => !hasLength(sections.value, id, length),
  )
  if (wrong !== undefined) return malformed(file, `section ${String(wrong[0])}`)
  const head = (id: number, length: number): Uint8Array =>
    (sections.value.get(id) ?? new Uint8Array()).subarray(0, length)
  return ok({
    bytes,
    power,
    blake2b,
    known: match,
    first: [head(4, g1Bytes), head(5, g1Bytes), head(6, g2Bytes)],
  })
}

export function blake2bOf(bytes: Uint8Array): string {
  return createHash('blake2b512').update(bytes).digest('hex')
}

function powerOf(sections: Sections): number | undefined {
  const header = sections.get(1)
  if (header?.length !== 44 || !isOfCurve(header, 0, 'base')) return undefined
  const power = viewOf(header).getUint32(36, true)
  return power >= 1 && power <= powerMax ? power : undefined
}

/** Powers, then their Lagrange form on each domain up to that power; of τ·G1 one domain more. */
function expectedLengths(power: number): readonly (readonly [id: number, length: number])[] {
  const size = 2 ** power
  const levels = 2 * size - 1
  return [
    [2, (2 * size - 1) * g1Bytes],
    [3, size * g2Bytes],
    [4, size * g1Bytes],
    [5, size * g1Bytes],
    [6, g2Bytes],
    [12, (levels + 2 * size) * g1Bytes],
    [13, levels * g2Bytes],
    [14, levels * g1Bytes],
    [15, levels * g1Bytes],
  ]
}
