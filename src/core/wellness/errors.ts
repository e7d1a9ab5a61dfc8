/** Why a sum over people is refused (PRIV-2). */
export type WellnessError =
  /** Not 64 bytes of two points of the subgroup. The sender encodes it as `encodeShare` does. */
  | { readonly code: 'WELLNESS_SHARE_MALFORMED' }
  /** Nothing is decrypted for so few. Wait for more people. */
  | { readonly code: 'WELLNESS_TOO_FEW'; readonly people: number; readonly peopleMin: number }
  /** Cut the people into several sums. */
  | { readonly code: 'WELLNESS_TOO_MANY'; readonly people: number; readonly peopleMax: number }
  /** A person counts once in a sum. Leave the second share out. */
  | { readonly code: 'WELLNESS_PERSON_TWICE'; readonly index: number }
  /** The proof does not belong to this sum and this holder's public share. Ask another holder. */
  | { readonly code: 'WELLNESS_PARTIAL_WRONG'; readonly place: number }
  | { readonly code: 'WELLNESS_PARTIALS_TOO_FEW'; readonly partials: number; readonly of: number }
  /** Somebody's share held no number in range: its `wellness_share` proof was not verified. */
  | { readonly code: 'WELLNESS_SUM_OUT_OF_RANGE' }
  /** Not 32 bytes of a point of the subgroup that is not the identity. Leave the seat out. */
  | { readonly code: 'WELLNESS_HOLDER_KEY'; readonly seat: number }
  /** Not 1 … 63, or more than 63 together. */
  | { readonly code: 'WELLNESS_HOLDER_POWER'; readonly seat: number }
  /** Not the points and numbers that these holders ask for. Leave the dealer out. */
  | { readonly code: 'WELLNESS_DEAL_MALFORMED' }
  /** No proof of that holder about that deal. Leave it aside. */
  | { readonly code: 'WELLNESS_ACCUSATION_MALFORMED' }
  /** What was dealt to that holder fits. The dealer stays in. */
  | { readonly code: 'WELLNESS_ACCUSATION_FALSE'; readonly place: number }
  /** The number dealt does not fit the dealer's commitments. Leave the dealer out. */
  | { readonly code: 'WELLNESS_KEY_SHARE_WRONG'; readonly place: number }
  /** The device has given away what its owner allows; from `nextEpoch` on there is room again. */
  | { readonly code: 'PRIVACY_BUDGET_SPENT'; readonly nextEpoch: number }
