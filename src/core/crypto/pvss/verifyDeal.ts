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
import {
  decodePoint,
  decodeScalar,
  generator,
  itemAt,
  pointBytes,
  scalarBytes,
  sumOfProducts,
  type Point,
} from './group.ts'
import { dualWord } from './polynomial.ts'
import { shareKeys, type Sharing } from './sharing.ts'
import { challengeBytes, challengeScalar, scalarOf } from './transcript.ts'

/** Public: about 2 W multiplications, in a worker. */
export function verifyDeal(sharing: Sharing, deal: Deal): Result<undefined, DealError> {
  if (deal.epoch !== sharing.epoch) return err({ code: 'DEAL_EPOCH', epoch: deal.epoch })
  if (deal.dealer >= sharing.seats.length) return err({ code: 'DEAL_DEALER' })
  if (!hasLengths(sharing, deal)) return err({ code: 'DEAL_LENGTH' })
  const commitments = decodePoints(deal, 'commitments')
  if (!commitments.ok) return commitments
  const encryptedShares = decodePoints(deal, 'encryptedShares')
  if (!encryptedShares.ok) return encryptedShares
  const responses: bigint[] = []
  for (let index = 0; index < sharing.shareCount; index += 1) {
    const response = decodeScalar(itemAt(deal.responses, index))
    if (response === undefined) return err({ code: 'DEAL_SCALAR', index })
    responses.push(response)
  }
  if (!isOfDegree(sharing, deal, commitments.value)) return err({ code: 'DEAL_DEGREE' })
  const factor = challengeScalar(deal.challenge)
  const firstMessages = {
    commitments: responses.map((response, index) =>
      firstMessage(generator, response, commitments.value[index + 1], factor),
    ),
    encryptedShares: shareKeys(sharing).map((key, index) =>
      firstMessage(key, responses[index] ?? 0n, encryptedShares.value[index], factor),
    ),
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
  deal: Deal,
  field: DealPointError['field'],
): Result<readonly Point[], DealPointError> {
  const points: Point[] = []
  for (let index = 0; index * pointBytes < deal[field].length; index += 1) {
    const point = decodePoint(itemAt(deal[field], index))
    if (point === undefined) return err({ code: 'DEAL_POINT', field, index })
    points.push(point)
  }
  return ok(points)
}

function isOfDegree(sharing: Sharing, deal: Deal, commitments: readonly Point[]): boolean {
  const count = commitments.length
  const seed = [sharing.digest, u32be(deal.dealer), deal.commitments, deal.encryptedShares]
  const test = Array.from({ length: count - sharing.threshold }, (_, index) =>
    scalarOf('degreeTest', index, ...seed),
  )
  return sumOfProducts(commitments, dualWord(count, test)).is0()
}

/** base^response · image^challenge: the prover's first message, if what it says is so. */
function firstMessage(
  base: Point,
  response: bigint,
  image: Point | undefined,
  factor: bigint,
): Point {
  const left = base.multiplyUnsafe(response)
  return image === undefined ? left : left.add(image.multiplyUnsafe(factor))
}
