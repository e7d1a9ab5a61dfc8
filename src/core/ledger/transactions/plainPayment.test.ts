import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../../base/bytes.ts'
import { accountOf, credit } from '../accounts.ts'
import type { BlockContext } from '../blockContext.ts'
import { emptyState, stateRoot, write, type LedgerState } from '../state.ts'
import { accounts } from '../tables.ts'
import type { DecodedTransaction } from '../transactionBytes.ts'
import { plainPayment } from './plainPayment.ts'
import { transfer } from './transfer.ts'

const idOf = (index: number): Uint8Array => new Uint8Array(32).fill(index)
/** Few accounts, so that they often are the same; the last two hold nothing. */
const account = fc.integer({ min: 1, max: 5 })
const small = fc.bigInt({ min: 0n, max: 6n })
const payments = fc.record({
  sender: account,
  recipient: fc.oneof({ weight: 6, arbitrary: account }, fc.constant(undefined)),
  proposer: account,
  nonce: fc.constantFrom(0, 0, 0, 1, 1, 2),
  amountMicro: small,
  feeMicro: small,
  feeMaxMicro: fc.constantFrom(3n, 9n),
})

const start = [1, 2, 3].reduce<LedgerState>(
  (state, index) =>
    write(state, accounts, idOf(index), { id: idOf(index), balanceMicro: 8n, nonce: 0 }),
  emptyState,
)

type Payment = typeof payments extends fc.Arbitrary<infer P> ? P : never

/** Nonce and fee, then the transfer, one after the other: as for every kind of transaction. */
function inParts(state: LedgerState, payment: Payment): LedgerState | undefined {
  const { sender, recipient, proposer, nonce, amountMicro, feeMicro, feeMaxMicro } = payment
  const payer = accountOf(state, idOf(sender))
  if (payer.nonce !== nonce || feeMicro > feeMaxMicro || payer.balanceMicro < feeMicro) {
    return undefined
  }
  const balanceMicro = payer.balanceMicro - feeMicro
  const charged = write(state, accounts, idOf(sender), {
    ...payer,
    nonce: nonce + 1,
    balanceMicro,
  })
  const paid = credit(charged, idOf(proposer), feeMicro)
  const payload = { recipient: recipientOf(recipient), amountMicro }
  const done = transfer(paid, idOf(sender), payload, {} as BlockContext)
  return done.ok ? done.value.state : undefined
}

function recipientOf(recipient: number | undefined): Uint8Array {
  return recipient === undefined ? new Uint8Array(31) : idOf(recipient)
}

function atOnce(state: LedgerState, payment: Payment): LedgerState | undefined {
  const { sender, recipient, proposer, feeMicro, amountMicro, ...rest } = payment
  const transaction = {
    ...rest,
    chainId: '',
    expiryEpoch: 0,
    sender: idOf(sender),
    transfer: { recipient: recipientOf(recipient), amountMicro },
  }
  const decoded = { transaction } as DecodedTransaction
  const context = { proposer: idOf(proposer) } as BlockContext
  return plainPayment(state, decoded, context, feeMicro)
}

describe('TX-1 payments in one step', () => {
  it('leave what nonce, fee and transfer leave one after the other, or leave it to them', () => {
    let plain = 0
    fc.assert(
      fc.property(fc.array(payments, { minLength: 3, maxLength: 12 }), (list) => {
        let state = start
        for (const payment of list) {
          const expected = inParts(state, payment)
          const found = atOnce(state, payment)
          if (found !== undefined) {
            plain += 1
            expect(expected).toBeDefined()
            expect(hex(stateRoot(found))).toBe(hex(stateRoot(expected ?? emptyState)))
          }
          state = found ?? expected ?? state
        }
      }),
      { numRuns: 400 },
    )
    expect(plain).toBeGreaterThan(100)
  })

  it('takes the usual one', () => {
    const payment = { sender: 1, recipient: 4, proposer: 2, nonce: 0 } as const
    const amounts = { amountMicro: 3n, feeMicro: 5n, feeMaxMicro: 9n } as const
    const state = atOnce(start, { ...payment, ...amounts }) ?? emptyState
    const held = [1, 2, 4].map((index) => accountOf(state, idOf(index)))
    expect(held.map(({ balanceMicro }) => balanceMicro)).toEqual([0n, 13n, 3n])
    expect(held.map(({ nonce }) => nonce)).toEqual([1, 0, 0])
  })
})
