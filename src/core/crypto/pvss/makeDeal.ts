/**
 * Dealing (BEACON-3), after SCRAPE (Cascudo, David, ACNS 2017, section 3.1): a random polynomial p
 * of degree t − 1 hides the secret h^p(0). Everybody sees g^p(0) … g^p(W) and key^p(1) … key^p(W),
 * and a proof of Chaum and Pedersen for each pair that both hide one number, under one challenge.
 */
import { assert } from '../../base/assert.ts'
import { concat, u32be } from '../../base/bytes.ts'
import type { Deal } from '../../codec/sharing.ts'
import { dealChallenge } from './dealChallenge.ts'
import type { Group, Point } from './group.ts'
import { valueAt } from './polynomial.ts'
import { encodeScalar, multiplyScalars, subtractScalars } from './scalars.ts'
import { shareKeys, type Sharing } from './sharing.ts'
import { challengeScalar, scalarOf } from './transcript.ts'

export const dealSeedBytes = 32

/**
 * `seed`: 32 random bytes for this deal alone (RAND-1), from which everything else follows; the
 * dealer keeps them until the epoch is over, for `openDeal`.
 */
export function makeDeal(sharing: Sharing, dealer: number, seed: Uint8Array): Deal {
  return dealPolynomial(sharing, dealer, dealCoefficients(sharing, dealer, seed), seed)
}

/** The deal of this polynomial; `verifyDeal` takes it when it has at most t coefficients. */
export function dealPolynomial(
  sharing: Sharing,
  dealer: number,
  coefficients: readonly bigint[],
  seed: Uint8Array,
): Deal {
  assert(dealer < sharing.seats.length, 'the dealer has a seat')
  const { group } = sharing
  const keys = shareKeys(sharing)
  const values = keys.map((_, index) => valueAt(coefficients, index + 1))
  const committed = [valueAt(coefficients, 0), ...values]
  const commitments = group.encode(powersOf(group, committed))
  const encryptedShares = group.encode(products(group, keys, values))
  const statement = { epoch: sharing.epoch, dealer, commitments, encryptedShares }
  // Over the statement, so that no two proofs ever share a nonce.
  const origin = [seed, sharing.digest, u32be(dealer), commitments, encryptedShares]
  const nonces = keys.map((_, index) => scalarOf('dealNonce', index, ...origin))
  const challenge = dealChallenge(sharing, statement, {
    commitments: powersOf(group, nonces),
    encryptedShares: products(group, keys, nonces),
  })
  const factor = challengeScalar(challenge)
  const responses = nonces.map((nonce, index) =>
    encodeScalar(subtractScalars(nonce, multiplyScalars(factor, values[index] ?? 0n))),
  )
  return { ...statement, challenge, responses: concat(...responses) }
}

/** p, from the constant coefficient up; the constant one is what `openDeal` tells. */
export function dealCoefficients(
  sharing: Sharing,
  dealer: number,
  seed: Uint8Array,
): readonly bigint[] {
  assert(seed.length === dealSeedBytes, 'a seed of a deal has 32 bytes')
  // With the place, so that a seed that is used twice still gives unrelated numbers.
  const origin = [seed, sharing.digest, u32be(dealer)]
  return Array.from({ length: sharing.threshold }, (_, index) =>
    scalarOf('coefficient', index, ...origin),
  )
}

function powersOf(group: Group, scalars: readonly bigint[]): readonly Point[] {
  return scalars.map((scalar) => group.multiply(group.generator, scalar))
}

function products(
  group: Group,
  points: readonly Point[],
  scalars: readonly bigint[],
): readonly Point[] {
  return points.map((point, index) => group.multiply(point, scalars[index] ?? 0n))
}
