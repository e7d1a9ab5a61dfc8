/**
 * What a seat says in the sharing of an epoch (BEACON-6, BEACON-8): checked from cheap to dear, and
 * taken into the round as `committee/beacon` has it. Whether the cryptography holds is a verdict
 * from outside, as for the proof of a READY.
 */
import { equalBytes } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { SharingPart } from '../../codec/chain.ts'
import { acceptDeal } from '../../committee/beacon/acceptDeal.ts'
import { acceptOpening } from '../../committee/beacon/acceptOpening.ts'
import { acceptShares } from '../../committee/beacon/acceptShares.ts'
import type { SharingJudge, VerdictError } from '../../committee/beacon/judge.ts'
import type { BeaconRound } from '../../committee/beacon/round.ts'
import type { RoundError } from '../../committee/beacon/roundErrors.ts'
import { reconstruct } from '../../crypto/pvss/reconstruct.ts'
import { openedSecret } from '../../crypto/pvss/verifyOpening.ts'
import type { HashHex } from '../../types/ids.ts'
import type { TransactionError } from '../errors.ts'
import { dealHash, placeOf, readPart, type Part } from '../sharing/part.ts'
import { partQuestion } from '../sharing/question.ts'
import { roundOf, writeDeal, writeDealer } from '../sharing/roundState.ts'
import type { Execute } from './outcome.ts'

export const sharing: Execute<SharingPart> = (state, sender, payload, context) => {
  const part = readPart(payload)
  if (!part.ok) return part
  const { committee, committeeRoot, epoch } = context.derived
  const place = placeOf(part.value)
  const isHere = place.epoch === epoch && equalBytes(payload.committeeRoot, committeeRoot)
  if (!isHere) return err({ code: 'SHARING_PLACE', epoch })
  const seat = committee.seats[place.seat]
  if (seat === undefined || !equalBytes(seat.validator, sender))
    return err({ code: 'SHARING_SEAT' })
  const round = roundOf(state)
  if (round === undefined) return err({ code: 'SHARING_TIME' })
  const question = partQuestion(state, committee, payload, part.value)
  const verdict = question && context.env.verdicts.partIsRight(question.key)
  const accepted = accept(round, part.value, judgeWith(round, verdict))
  if (!accepted.ok) return err(refusalOf(accepted.error, question?.key))
  const next =
    part.value.kind === 'deal'
      ? writeDeal(state, part.value.deal, dealHash(part.value.bytes))
      : writeDealer(state, accepted.value, place.dealer)
  return ok({ state: next, amountMicro: 0n })
}

function accept(
  round: BeaconRound,
  part: Part,
  judge: SharingJudge,
): Result<BeaconRound, RoundError> {
  switch (part.kind) {
    case 'deal':
      return acceptDeal(round, judge, part.deal)
    case 'opening':
      return acceptOpening(round, judge, part.opening)
    case 'shares':
      return acceptShares(round, judge, part.shares)
  }
}

/** Of the one object that is looked at; the secrets follow from what was found to be right. */
function judgeWith(round: BeaconRound, isRight: boolean | undefined): SharingJudge {
  const verdict = (): Result<undefined, VerdictError> => {
    if (isRight === undefined) return err({ code: 'VERDICT_MISSING' })
    return isRight ? ok(undefined) : err({ code: 'VERDICT_WRONG' })
  }
  return {
    deal: verdict,
    shares: verdict,
    opening: (_deal, opening) => {
      const judged = verdict()
      if (!judged.ok) return judged
      const secret = openedSecret(opening)
      return secret === undefined ? err({ code: 'OPENING_SCALAR' }) : ok(secret)
    },
    reconstruct: (list) => reconstruct(round.sharing, list),
  }
}

function refusalOf(error: RoundError, partKey: HashHex | undefined): TransactionError {
  switch (error.code) {
    case 'ROUND_PHASE':
      return { code: 'SHARING_TIME' }
    case 'ROUND_TWICE':
    case 'ROUND_KNOWN':
      return { code: 'SHARING_TWICE' }
    case 'ROUND_NO_DEAL':
      return { code: 'SHARING_NO_DEAL' }
    case 'ROUND_INVALID':
      return error.cause.code === 'VERDICT_MISSING' && partKey !== undefined
        ? { code: 'SHARING_UNVERIFIED', partKey }
        : { code: 'SHARING_WRONG' }
  }
}
