/**
 * Judging a deal (BEACON-3): lengths, points, degree, proof, from cheap to dear.
 *
 * The degree by SCRAPE's test: the inner product of the exponents with a word of the dual code is
 * zero for every polynomial of degree below t, and for anything else with a chance of one in the
 * order of the group. The word comes from a hash of the deal, so every node tests the same (DET-1).
 */
import { equalBytes, u32be } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { Deal } from '../../codec/sharing.ts'
import { dealChallenge } from './dealChallenge.ts'
import type { DealError, DealPointError } from './errors.ts'
import { itemAt, pointBytes, type Group, type Point } from './group.ts'
import { dualWord } from './polynomial.ts'
import { decodeScalar, scalarBytes } from './scalars.ts'
import { shareKeys, type Sharing } from './sharing.ts'
import { challengeBytes, challengeScalar, scalarOf, sharingHash } from './transcript.ts'

/** Public: 2 W sums of two products and one of W + 1, in a worker. */
export function verifyDeal(sharing: Sharing, deal: Deal): Result<undefined, DealError> {
  if (deal.epoch !== sharing.epoch) return err({ code: 'DEAL_EPOCH', epoch: deal.epoch })
  if (deal.dealer >= sharing.seats.length) return err({ code: 'DEAL_DEALER' })
  if (!hasLengths(sharing, deal)) return err({ code: 'DEAL_LENGTH' })
  const { group } = sharing
  const commitments = decodePoints(group, deal, 'commitments')
  if (!commitments.ok) return commitments
  const encryptedShares = decodePoints(group, deal, 'encryptedShares')
  if (!encryptedShares.ok) return encryptedShares
  const responses: bigint[] = []
  for (let index = 0; index < sharing.shareCount; index += 1) {
    const response = decodeScalar(itemAt(deal.responses, index))
    if (response === undefined) return err({ code: 'DEAL_SCALAR', index })
    responses.push(response)
  }
  if (!isOfDegree(sharing, deal, commitments.value)) return err({ code: 'DEAL_DEGREE' })
  const factor = challengeScalar(deal.challenge)
  // base^response · image^challenge: the prover's first message, if what it says is so.
  const firstMessagesOf = (bases: readonly Point[], images: readonly Point[]): readonly Point[] =>
    images.map((image, index) =>
      group.sumOfProducts([bases[index] ?? image, image], [responses[index] ?? 0n, factor]),
    )
  const firstMessages = {
    commitments: firstMessagesOf(
      responses.map(() => group.generator),
      commitments.value.slice(1),
    ),
    encryptedShares: firstMessagesOf(shareKeys(sharing), encryptedShares.value),
  }
  return equalBytes(dealChallenge(sharing, deal, firstMessages), deal.challenge)
    ? ok(undefined)
    : err({ code: 'DEAL_PROOF' })
}

function hasLengths({ shareCount }: Sharing, deal: Deal): boolean {
  return (
    deal.commitments.length === (shareCount + 1) * pointBytes &&
    deal.encryptedShares.length === shareCount * pointBytes &&
    deal.challenge.length === challengeBytes &&
    deal.responses.length === shareCount * scalarBytes
  )
}

function decodePoints(
  group: Group,
  deal: Deal,
  field: DealPointError['field'],
): Result<readonly Point[], DealPointError> {
  const points: Point[] = []
  for (let index = 0; index * pointBytes < deal[field].length; index += 1) {
    const point = group.decode(itemAt(deal[field], index))
    if (point === undefined) return err({ code: 'DEAL_POINT', field, index })
    points.push(point)
  }
  return ok(points)
}

function isOfDegree(sharing: Sharing, deal: Deal, commitments: readonly Point[]): boolean {
  const count = commitments.length
  const { group, digest } = sharing
  const statement = [digest, u32be(deal.dealer), deal.commitments, deal.encryptedShares]
  const seed = sharingHash('degreeTest', ...statement)
  const test = Array.from({ length: count - sharing.threshold }, (_, index) =>
    scalarOf('degreeTest', index, seed),
  )
  return group.isIdentity(group.sumOfProducts(commitments, dualWord(count, test)))
}
