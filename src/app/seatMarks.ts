/** One mark a seat: who signed the certificate of a block, and which seat is mine. */

import type { BlockSummary, DutyRecord, EpochSummary } from '../node/api.ts'

export interface SeatMark {
  readonly seat: number
  readonly signed: boolean
  readonly mine: boolean
  readonly leader: boolean
}

/** No committee is larger; a summary that claims more is cut. */
const seatsMax = 63

export function seatMarks(block: BlockSummary, mySeat: number | undefined): readonly SeatMark[] {
  const signers = new Set(block.signers)
  const length = Math.min(Math.max(0, block.seatCount), seatsMax)
  return Array.from({ length }, (_, seat) => ({
    seat,
    signed: signers.has(seat),
    mine: seat === mySeat,
    leader: seat === block.seat,
  }))
}

/** The same in words, for who cannot see the marks. */
export function seatWords(block: BlockSummary, mySeat: number | undefined): string {
  const signed = `${block.signers.length} of ${block.seatCount} seats signed`
  if (mySeat === undefined) return signed
  return block.signers.includes(mySeat) ? `${signed}, yours too` : `${signed}, yours did not`
}

/** My seat in the epoch of a block, from the running epoch and the record of the past ones. */
export function mySeatIn(
  epochNumber: number,
  epoch: EpochSummary | undefined,
  history: readonly DutyRecord[],
): number | undefined {
  if (epoch?.epoch === epochNumber) return epoch.seats.find(({ mine }) => mine)?.seat
  return history.find((record) => record.epoch === epochNumber)?.seat
}
