/** What the oracle reads of a body: who pays with which nonce, and what a transfer moves. */
import { hexOf } from './messages.ts'
import { bytesIn, fieldsOf, listIn, numberIn } from './wire.ts'

export interface SeenPayment {
  readonly sender: string
  readonly nonce: number
  /** Empty, with nothing, for what is no transfer. */
  readonly recipient: string
  readonly amount: bigint
}

const transfer = 10
/** transfer, bond, unbond, withdraw, register: what a nonce counts (REPLAY-1). */
const paid = [transfer, 11, 12, 13, 14] as const

export function readPayments(body: Uint8Array): readonly SeenPayment[] {
  return listIn(fieldsOf(body), 1).flatMap((signed) => {
    const fields = fieldsOf(bytesIn(fieldsOf(signed), 1))
    if (!paid.some((kind) => fields.has(kind))) return []
    const moved = fieldsOf(bytesIn(fields, transfer))
    return {
      sender: hexOf(bytesIn(fields, 2)),
      nonce: numberIn(fields, 3),
      recipient: hexOf(bytesIn(moved, 1)),
      amount: BigInt(numberIn(moved, 2)),
    }
  })
}
