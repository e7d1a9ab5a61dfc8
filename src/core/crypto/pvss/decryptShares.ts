/**
 * A seat decrypts its shares of a deal that was not opened, and proves it (BEACON-5): key^p(i)
 * to the power of 1/x is h^p(i).
 */
import { assert } from '../../base/assert.ts'
import { ok, type Result } from '../../base/result.ts'
import type { Deal, DealShares } from '../../codec/sharing.ts'
import { encryptedSharesOf } from './encryptedShares.ts'
import type { DealPointError } from './errors.ts'
import type { Point } from './group.ts'
import { encodeScalar, invertScalar, multiplyScalars, subtractScalars } from './scalars.ts'
import { shareChallenge, shareStatement } from './shareProof.ts'
import type { Sharing } from './sharing.ts'
import { sharingSecret } from './sharingKey.ts'
import { challengeScalar, scalarOf } from './transcript.ts'

export interface ShareKey {
  readonly seat: number
  /** Seed of the seat's sharing key. */
  readonly seed: Uint8Array
  /** 32 fresh random bytes (RAND-1); the nonce hangs on the key and the statement as well. */
  readonly randomness: Uint8Array
}

/** `deal` has passed `verifyDeal` in this sharing. */
export function decryptShares(
  sharing: Sharing,
  deal: Deal,
  key: ShareKey,
): Result<DealShares, DealPointError> {
  const holder = sharing.seats[key.seat]
  assert(holder !== undefined, 'the seat exists')
  const encrypted = encryptedSharesOf(sharing.group, deal, holder)
  if (!encrypted.ok) return encrypted
  const inverse = invertScalar(sharingSecret(key.seed))
  const shares = encrypted.value.map((point) => sharing.group.multiply(point, inverse))
  return ok(proveShares(sharing, deal, key, { shares, encrypted: encrypted.value }))
}

/** The proof holds when each share to the power of x is the encrypted one. */
export function proveShares(
  sharing: Sharing,
  { epoch, dealer }: Pick<Deal, 'epoch' | 'dealer'>,
  { seat, seed, randomness }: ShareKey,
  { shares, encrypted }: Readonly<Record<'shares' | 'encrypted', readonly Point[]>>,
): DealShares {
  assert(randomness.length === 32, 'the randomness of a proof has 32 bytes')
  const { group } = sharing
  const secret = sharingSecret(seed)
  const points = group.encode(shares)
  const statement = shareStatement(sharing, { dealer, seat, points }, shares, encrypted)
  const nonce = scalarOf('shareNonce', 0, encodeScalar(secret), randomness, statement.bytes)
  const challenge = shareChallenge(group, statement, [
    group.multiply(group.shareGenerator, nonce),
    group.multiply(statement.share, nonce),
  ])
  const product = multiplyScalars(challengeScalar(challenge), secret)
  const response = encodeScalar(subtractScalars(nonce, product))
  return { epoch, dealer, seat, points, challenge, response }
}
