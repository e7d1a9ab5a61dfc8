import { afterAll, describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { createNodeSignatureVerifier } from '../adapters/node/signatureVerifier.ts'
import { err } from '../core/base/result.ts'
import { blsNoble } from '../core/crypto/blsNoble.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { createVerifier, type Verifier } from '../core/ledger/env.ts'
import {
  decodeTransaction,
  encodeTransaction,
  type DecodedTransaction,
} from '../core/ledger/transactionBytes.ts'
import { SignatureDesk } from './signatureDesk.ts'

const signatures = createNodeSignatureVerifier(1)
afterAll(() => signatures.close())

const seed = new Uint8Array(32).fill(3)
const sender = ed25519PublicKey(seed)

function transferOf(nonce: number, spoil: number): DecodedTransaction {
  const transfer = { recipient: sender, amountMicro: 1n }
  const base = { chainId: 'emo-test', sender, nonce, feeMaxMicro: 1000n, expiryEpoch: 9 }
  const bytes = encodeTransaction({ ...base, transfer }, (id) => {
    const signature = ed25519Sign(seed, id)
    signature[0] = (signature[0] ?? 0) ^ spoil
    return signature
  })
  return unwrap(decodeTransaction(bytes, 4096))
}

/** As many as make a batch. */
const others = Array.from({ length: 8 }, (_, index) => transferOf(10 + index, 0))
const more = Array.from({ length: 8 }, (_, index) => transferOf(20 + index, 0))

/** The reference, and how often it was asked. */
function counted(): { readonly verifier: Verifier; readonly asked: () => number } {
  const reference = createVerifier(blsNoble)
  let asked = 0
  const accountSigned: Verifier['accountSigned'] = (...question) => {
    asked += 1
    return reference.accountSigned(...question)
  }
  return { verifier: { ...reference, accountSigned }, asked: () => asked }
}

function ask({ verifier }: SignatureDesk, { id, signature }: DecodedTransaction): boolean {
  return verifier.accountSigned(sender, id, signature)
}

const noTrouble = (code: string): never => {
  throw new Error(code)
}

describe('SIG-1 signatures verified ahead', () => {
  it('are not asked of the reference again, unless they do not hold', async () => {
    const { verifier, asked } = counted()
    const desk = new SignatureDesk(verifier, signatures, noTrouble)
    const [first, second, bad] = [transferOf(1, 0), transferOf(2, 0), transferOf(3, 1)]
    await desk.verifyAll([first, second, bad, ...others])
    expect([first, second].map((one) => ask(desk, one))).toEqual([true, true])
    expect(asked()).toBe(0)
    expect(ask(desk, bad)).toBe(false)
    expect(asked()).toBe(1)
    // The same id under another signature or another key is another question.
    expect(ask(desk, { ...first, signature: transferOf(1, 1).signature })).toBe(false)
    const stranger = ed25519PublicKey(new Uint8Array(32).fill(4))
    expect(desk.verifier.accountSigned(stranger, first.id, first.signature)).toBe(false)
    expect(asked()).toBe(3)
  })

  it('are sent once, and those without a signature never', async () => {
    const sent: number[] = []
    const desk = new SignatureDesk(
      counted().verifier,
      {
        ...signatures,
        verifyBatch: (items) => {
          sent.push(items.length)
          return signatures.verifyBatch(items)
        },
      },
      noTrouble,
    )
    const unsigned = { ...transferOf(4, 0), signature: new Uint8Array(0) }
    await desk.verifyAll([...others, unsigned])
    await desk.verifyAll([...others, transferOf(2, 0)])
    await desk.verifyAll([...others, unsigned])
    // One more is too few for a batch, and eight more are not.
    expect(sent).toEqual([8])
    await desk.verifyAll([...others, ...more])
    expect(sent).toEqual([8, 8])
  })

  it('are left to the reference when there is no verdict', async () => {
    const troubles: string[] = []
    const { verifier, asked } = counted()
    const closed = err({ code: 'VERIFIER_CLOSED' })
    const failing = { ...signatures, verifyBatch: () => Promise.resolve(closed) }
    const desk = new SignatureDesk(verifier, failing, (code) => troubles.push(code))
    await desk.verifyAll(others)
    expect(troubles).toEqual(['VERIFIER_CLOSED'])
    expect(ask(desk, transferOf(1, 0))).toBe(true)
    expect(ask(desk, transferOf(1, 1))).toBe(false)
    expect(asked()).toBe(2)
  })
})
