/** The objects of the sharing as bytes of others (BEACON-2, ENC-1): bounded and strict. */
import type { Result } from '../../base/result.ts'
import { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import { decodeStrict, type DecodeError } from '../../codec/strict.ts'
import { pointBytes } from './group.ts'
import { scalarBytes } from './scalars.ts'
import { sharesMax } from './sharing.ts'
import { challengeBytes } from './transcript.ts'

/** Tags, lengths, epoch and seats of the largest of the three. */
const framingBytesMax = 40

export const dealBytesMax =
  (2 * sharesMax + 1) * pointBytes + challengeBytes + sharesMax * scalarBytes + framingBytesMax
export const dealOpeningBytesMax = scalarBytes + framingBytesMax
export const dealSharesBytesMax =
  sharesMax * pointBytes + challengeBytes + scalarBytes + framingBytesMax

export function decodeDeal(bytes: Uint8Array): Result<Deal, DecodeError> {
  return decodeStrict(Deal, bytes, dealBytesMax)
}

export function decodeDealOpening(bytes: Uint8Array): Result<DealOpening, DecodeError> {
  return decodeStrict(DealOpening, bytes, dealOpeningBytesMax)
}

export function decodeDealShares(bytes: Uint8Array): Result<DealShares, DecodeError> {
  return decodeStrict(DealShares, bytes, dealSharesBytesMax)
}
