/** A key of a ceremony under way: the bounds of the prover's own reader, and its history (ZK-9). */

import { ok, type Result } from '../../src/core/base/result.ts'
import { readKeyFile } from '../../workers/prover/groth16/keyFile.ts'
import { readContributions, type Contributions } from './contributions.ts'
import type { CeremonyError } from './errors.ts'
import { plainG1, plainG2 } from './points.ts'
import { g1Bytes, g2Bytes, hasLength, malformed, readSections, type NamedFile } from './sections.ts'

export interface CeremonyKey extends Contributions {
  readonly bytes: Uint8Array
  /** α and β in G1, β in G2, as the file has them. */
  readonly first: readonly [alpha1: Uint8Array, beta1: Uint8Array, beta2: Uint8Array]
}

const sectionCount = 10
/** Of the header before its points: two orders with their sizes, three counts. */
const countsBytes = 2 * (4 + 32) + 12

export function readCeremonyKey(named: NamedFile): Result<CeremonyKey, CeremonyError> {
  const { file, bytes } = named
  const sections = readSections(named, 'zkey')
  if (!sections.ok) return sections
  const key = readKeyFile(bytes)
  if (!key.ok) return malformed(file, key.error.code)
  const { publicCount } = key.value
  const isWhole = hasLength(sections.value, 3, (publicCount + 1) * g1Bytes)
  if (!isWhole || sections.value.size !== sectionCount) return malformed(file, 'its sections')

  const points = (sections.value.get(2) ?? new Uint8Array()).subarray(countsBytes)
  const at = (offset: number, length: number): Uint8Array =>
    points.subarray(offset, offset + length)
  const [alpha1, beta1] = [at(0, g1Bytes), at(g1Bytes, g1Bytes)]
  const beta2 = at(2 * g1Bytes, g2Bytes)
  const delta1 = at(2 * g1Bytes + 2 * g2Bytes, g1Bytes)
  const delta2 = at(3 * g1Bytes + 2 * g2Bytes, g2Bytes)
  if (plainG1(delta1) === undefined || plainG2(delta2) === undefined) {
    return malformed(file, 'δ is no point')
  }
  const contributions = readContributions(sections.value.get(10) ?? new Uint8Array())
  if (contributions === undefined) return malformed(file, 'its contributions')
  return ok({ bytes, first: [alpha1, beta1, beta2], ...contributions })
}

/** Whether somebody may still contribute. */
export function isClosed({ list }: Contributions): boolean {
  return list.some(({ kind }) => kind === 'beacon')
}
