/** What a seat says in the sharing, read from its transaction (BEACON-6): strict and bounded. */
import { hex, u32be } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { SharingPart } from '../../codec/chain.ts'
import type { Deal, DealOpening, DealShares } from '../../codec/sharing.ts'
import type { DecodeError } from '../../codec/strict.ts'
import { hash } from '../../crypto/hash.ts'
import type { Sharing } from '../../crypto/pvss/sharing.ts'
import { decodeDeal, decodeDealOpening, decodeDealShares } from '../../crypto/pvss/sharingBytes.ts'
import { sharingHash } from '../../crypto/pvss/transcript.ts'
import type { HashHex } from '../../types/ids.ts'
import type { TransactionError } from '../errors.ts'

export type Part =
  | { readonly kind: 'deal'; readonly deal: Deal; readonly bytes: Uint8Array }
  | { readonly kind: 'opening'; readonly opening: DealOpening; readonly bytes: Uint8Array }
  | { readonly kind: 'shares'; readonly shares: DealShares; readonly bytes: Uint8Array }

export interface PartPlace {
  readonly epoch: number
  /** Seat that says it. */
  readonly seat: number
  /** Seat whose deal it is about. */
  readonly dealer: number
}

const kindNumbers = { deal: 1, opening: 2, shares: 3 } as const
const noHash = new Uint8Array(32)

export function readPart(payload: SharingPart): Result<Part, TransactionError> {
  if (payload.committeeRoot.length !== 32) return err({ code: 'TX_FIELD', field: 'committeeRoot' })
  const given = (['deal', 'opening', 'shares'] as const).filter((kind) => payload[kind].length > 0)
  const kind = given[0]
  if (kind === undefined || given.length > 1) return err({ code: 'TX_FIELD', field: 'sharing' })
  const bytes = payload[kind]
  switch (kind) {
    case 'deal':
      return decodedAs(kind, decodeDeal(bytes), (deal) => ({ kind, deal, bytes }))
    case 'opening':
      return decodedAs(kind, decodeDealOpening(bytes), (opening) => ({ kind, opening, bytes }))
    case 'shares':
      return decodedAs(kind, decodeDealShares(bytes), (shares) => ({ kind, shares, bytes }))
  }
}

export function placeOf(part: Part): PartPlace {
  switch (part.kind) {
    case 'deal':
      return { ...placed(part.deal), seat: part.deal.dealer }
    case 'opening':
      return { ...placed(part.opening), seat: part.opening.dealer }
    case 'shares':
      return { ...placed(part.shares), seat: part.shares.seat }
  }
}

export function dealHash(bytes: Uint8Array): Uint8Array {
  return sharingHash('deal', bytes)
}

/**
 * Names what is judged, under which a verdict is remembered: exact bytes, the sharing, and the deal
 * that an opening or shares are about. Not part of the protocol.
 */
export function partKeyOf(sharing: Sharing, part: Part, hashOfDeal: Uint8Array = noHash): HashHex {
  const kind = u32be(kindNumbers[part.kind])
  return hex(hash('message', kind, sharing.digest, hashOfDeal, part.bytes)) as HashHex
}

function placed({ epoch, dealer }: Deal | DealOpening | DealShares): Omit<PartPlace, 'seat'> {
  return { epoch, dealer }
}

function decodedAs<T>(
  field: string,
  result: Result<T, DecodeError>,
  partOf: (value: T) => Part,
): Result<Part, TransactionError> {
  return result.ok ? ok(partOf(result.value)) : err({ code: 'TX_FIELD', field })
}
