import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SignedTransaction, Transaction } from '../codec/chain.ts'
import { decodeStrict } from '../codec/strict.ts'
import { plainTransfer } from './plainTransfer.ts'

const sizeBytesMax = 8_192
const number = fc.oneof(fc.nat({ max: 300 }), fc.nat(), fc.nat(), fc.maxSafeNat())
const money = fc.oneof(
  fc.bigInt({ min: 0n, max: 300n }),
  fc.bigInt({ min: 0n, max: 2n ** 50n }),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
)
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 3 }),
  fc.uint8Array({ minLength: 30, maxLength: 140 }),
)
const transfers = fc.record({
  chainId: fc.oneof(fc.constant('emo-test'), fc.string({ unit: 'binary', maxLength: 5 })),
  sender: bytes,
  nonce: number,
  expiryEpoch: number,
  feeMaxMicro: money,
  transfer: fc.record({ recipient: bytes, amountMicro: money }),
})
const signed = fc
  .tuple(transfers, bytes)
  .map(([transaction, signature]) =>
    SignedTransaction.encode({ transaction: Transaction.encode(transaction), signature }),
  )

/** What the general decoder says of the same bytes. */
function reference(input: Uint8Array): unknown {
  const outer = decodeStrict(SignedTransaction, input, sizeBytesMax)
  if (!outer.ok) return undefined
  const { transaction: inner, signature } = outer.value
  const decoded = decodeStrict(Transaction, inner, sizeBytesMax)
  if (!decoded.ok) return undefined
  return { inner: [...inner], signature: [...signature], transaction: decoded.value }
}

function fast(input: Uint8Array): unknown {
  const plain = plainTransfer(input)
  return plain && { ...plain, inner: [...plain.inner], signature: [...plain.signature] }
}

describe('ENC-1 plain transfers', () => {
  it('knows the usual transfer', () => {
    const transaction = {
      chainId: 'emo-test',
      sender: new Uint8Array(32).fill(1),
      nonce: 3,
      expiryEpoch: 400,
      feeMaxMicro: 10_000n,
      transfer: { recipient: new Uint8Array(32).fill(2), amountMicro: 5_000_000n },
    }
    const inner = Transaction.encode(transaction)
    const input = SignedTransaction.encode({ transaction: inner, signature: new Uint8Array(64) })
    expect(plainTransfer(input)).toEqual({ inner, signature: new Uint8Array(64), transaction })
  })

  it('says what the general decoder says, or nothing', () => {
    let known = 0
    fc.assert(
      fc.property(signed, (input) => {
        const found = fast(input)
        if (found === undefined) return
        known += 1
        expect(found).toEqual(reference(input))
      }),
      { numRuns: 1_000 },
    )
    expect(known).toBeGreaterThan(50)
  })

  it('accepts nothing that is not canonical, wherever a byte is changed, added or left out', () => {
    const place = fc.nat({ max: 400 })
    fc.assert(
      fc.property(
        signed,
        place,
        fc.nat({ max: 255 }),
        fc.nat({ max: 2 }),
        (input, at, byte, how) => {
          const index = at % (input.length + 1)
          const [before, after] = [input.subarray(0, index), input.subarray(index)]
          const rest = how === 0 ? after : after.subarray(1)
          const spoilt = Uint8Array.from(
            how === 2 ? [...before, ...rest] : [...before, byte, ...rest],
          )
          const found = fast(spoilt)
          if (found !== undefined) expect(found).toEqual(reference(spoilt))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('gives accounts that do not keep the block in memory', () => {
    fc.assert(
      fc.property(signed, (input) => {
        const plain = plainTransfer(input)
        if (plain === undefined) return
        const { sender, transfer } = plain.transaction
        expect(sender.buffer).not.toBe(input.buffer)
        expect(transfer?.recipient.buffer).not.toBe(input.buffer)
      }),
    )
  })
})
