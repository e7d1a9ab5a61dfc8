/** Why a list of a restart is not signed here (RECOVER-1). */
export type RestartListError =
  /** Not a list in canonical form, or above the bound of bytes. */
  | { readonly code: 'RESTART_LIST_MALFORMED' }
  /** Of another epoch or attempt. */
  | { readonly code: 'RESTART_LIST_PLACE' }
  /** The drawn aggregator of the attempt did not sign it. */
  | { readonly code: 'RESTART_LIST_AGGREGATOR' }
  /** Groups of reports that are not the highest first, or a bitmap that is not canonical. */
  | { readonly code: 'RESTART_LIST_TIPS'; readonly index: number }
  /** A voter who reports twice. */
  | { readonly code: 'RESTART_LIST_TWICE' }
  /** The reports are of less than 2/3 of the stake. */
  | {
      readonly code: 'RESTART_LIST_STAKE'
      readonly reportedMicro: bigint
      readonly setMicro: bigint
    }
  /** The voters of a group did not all sign it. */
  | { readonly code: 'RESTART_LIST_SIGNATURE'; readonly index: number }
  /** Not the seats that are drawn among those who report, or fewer than a committee has. */
  | { readonly code: 'RESTART_LIST_DRAWN' }
  /** A seat that its voter did not offer, a key without possession, or a key of two seats. */
  | { readonly code: 'RESTART_LIST_SEAT'; readonly index: number }
