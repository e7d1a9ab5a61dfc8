/** What a contributor publishes of a contribution, signed or read aloud where others see it. */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import { isName, type Contribution } from './contributions.ts'
import type { CeremonyError } from './errors.ts'
import { blake2bOf } from './powersOfTauFile.ts'
import type { NamedFile } from './sections.ts'

export interface Attestation {
  readonly format: typeof format
  readonly name: string
  /** Hash of the contribution, as the key has it. */
  readonly contribution: string
  /** BLAKE2b-512 of the key that was taken and of the one that was made, in hex. */
  readonly before: string
  readonly after: string
}

const format = 'emotionalchain/ceremony-attestation/1'
const bytesMax = 4096
const hash = /^[\da-f]{128}$/

export function attest(
  { name, hash: contribution }: Contribution,
  before: Uint8Array,
  after: Uint8Array,
): Attestation {
  return { format, name, contribution, before: blake2bOf(before), after: blake2bOf(after) }
}

export function readAttestation({ file, bytes }: NamedFile): Result<Attestation, CeremonyError> {
  const json = bytes.length <= bytesMax ? parsed(bytes) : undefined
  const text = (key: keyof Attestation): string => {
    const value = json?.[key]
    return typeof value === 'string' ? value : ''
  }
  const [name, contribution] = [text('name'), text('contribution')]
  const [before, after] = [text('before'), text('after')]
  const isWhole = [contribution, before, after].every((one) => hash.test(one)) && isName(name)
  if (text('format') !== format || !isWhole) {
    return err({ code: 'CEREMONY_FILE_MALFORMED', file, part: 'no attestation' })
  }
  return ok({ format, name, contribution, before, after })
}

/** An object, or undefined. */
export function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return typeof json === 'object' && json !== null
      ? (json as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}
