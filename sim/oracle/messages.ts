/** What the oracle reads of votes, certificates and headers, by the numbers of chain.proto. */
import { bytesIn, fieldsOf, listIn, numberIn } from './wire.ts'

export const kinds = { propose: 1, vote: 2, commit: 3, skip: 4 } as const

export interface SeenVote {
  readonly kind: number
  readonly epoch: number
  readonly view: number
  readonly block: string
  readonly seat: number
}

export interface SeenCertificate {
  readonly kind: number
  readonly epoch: number
  readonly view: number
  readonly block: string
  readonly signers: readonly number[]
}

export interface SeenHeader {
  readonly epoch: number
  readonly height: number
  readonly view: number
  readonly parent: string
  readonly timeMs: number
  readonly seat: number
}

export interface SeenProposal {
  readonly header: Uint8Array
  readonly certificates: readonly SeenCertificate[]
}

export function hexOf(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

export function readVote(bytes: Uint8Array): SeenVote {
  const fields = fieldsOf(bytes)
  return {
    kind: numberIn(fields, 1),
    epoch: numberIn(fields, 2),
    view: numberIn(fields, 3),
    block: hexOf(bytesIn(fields, 4)),
    seat: numberIn(fields, 5),
  }
}

export function readCertificate(bytes: Uint8Array): SeenCertificate {
  const fields = fieldsOf(bytes)
  const signers: number[] = []
  bytesIn(fields, 5).forEach((byte, index) => {
    for (let bit = 0; bit < 8; bit += 1) if ((byte >> bit) & 1) signers.push(index * 8 + bit)
  })
  return {
    kind: numberIn(fields, 1),
    epoch: numberIn(fields, 2),
    view: numberIn(fields, 3),
    block: hexOf(bytesIn(fields, 4)),
    signers,
  }
}

export function readProposal(bytes: Uint8Array): SeenProposal {
  const fields = fieldsOf(bytes)
  const certificates = [...listIn(fields, 4), ...listIn(fields, 6)].map(readCertificate)
  return { header: bytesIn(fields, 1), certificates }
}

export function readHeader(bytes: Uint8Array): SeenHeader {
  const fields = fieldsOf(bytes)
  return {
    epoch: numberIn(fields, 3),
    height: numberIn(fields, 4),
    view: numberIn(fields, 5),
    parent: hexOf(bytesIn(fields, 6)),
    timeMs: numberIn(fields, 7),
    seat: numberIn(fields, 8),
  }
}

/** The votes in a safety record. */
export function readRecord(bytes: Uint8Array): readonly SeenVote[] {
  return listIn(fieldsOf(bytes), 5).map(readVote)
}
