/** Why an object of the beacon's sharing is refused (BEACON-2 to BEACON-5); each names its fix. */

export type SharingError =
  /** No seats, a power that is not a whole number from 1 on, or more than 63 shares in all. */
  | { readonly code: 'SHARING_POWER' }
  /** The key of this seat is no element of the group other than the identity. */
  | { readonly code: 'SHARING_KEY'; readonly seat: number }

export type DealError =
  /** Made for another epoch. */
  | { readonly code: 'DEAL_EPOCH'; readonly epoch: number }
  /** No such seat. */
  | { readonly code: 'DEAL_DEALER' }
  /** A field has not the length that the number of shares gives. */
  | { readonly code: 'DEAL_LENGTH' }
  | DealPointError
  /** A response is zero, or not below the order of the group. */
  | { readonly code: 'DEAL_SCALAR'; readonly index: number }
  /** The commitments lie on no polynomial of a degree below the threshold. */
  | { readonly code: 'DEAL_DEGREE' }
  /** Commitments and shares hide different numbers, or it was made for another place. */
  | { readonly code: 'DEAL_PROOF' }

/** Not the canonical encoding of an element other than the identity. */
export interface DealPointError {
  readonly code: 'DEAL_POINT'
  readonly field: 'commitments' | 'encryptedShares'
  readonly index: number
}

/** An opening or shares that do not belong to this deal. */
export type PlaceError =
  { readonly code: 'PLACE_EPOCH'; readonly epoch: number } | { readonly code: 'PLACE_DEALER' }

export type OpeningError =
  | PlaceError
  | DealPointError
  /** Not 32 bytes of a number from 1 to the order less one. */
  | { readonly code: 'OPENING_SCALAR' }
  /** Another number than the one that was dealt. */
  | { readonly code: 'OPENING_WRONG' }

/** The shares of a seat, read without a judgement of their proof. */
export type SharePointsError =
  /** No such seat. */
  | { readonly code: 'SHARE_SEAT' }
  /** Not one point for each share of the seat. */
  | { readonly code: 'SHARE_LENGTH' }
  | { readonly code: 'SHARE_POINT'; readonly index: number }

export type ShareError =
  | PlaceError
  | DealPointError
  | SharePointsError
  /** The challenge has not 16 bytes, or the response is no scalar other than zero. */
  | { readonly code: 'SHARE_SCALAR' }
  /** Not decrypted with the key of the seat, or made for another place. */
  | { readonly code: 'SHARE_PROOF' }

export type ReconstructError =
  | SharePointsError
  /** One list of shares for each seat. */
  | { readonly code: 'SHARE_TWICE'; readonly seat: number }
  /** In shares, not in seats. */
  | { readonly code: 'SHARES_TOO_FEW'; readonly count: number; readonly threshold: number }
