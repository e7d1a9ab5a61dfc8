import { describe, expect, it } from 'vitest'
import { blsNoble } from '../crypto/blsNoble.ts'
import { ed25519PublicKey, ed25519Sign } from '../crypto/ed25519.ts'
import { createVerifier } from './env.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

function counting(): { readonly asked: () => number; readonly bls: typeof blsNoble } {
  let asked = 0
  const verify = (): boolean => {
    asked += 1
    return true
  }
  return { asked: () => asked, bls: { ...blsNoble, verify, verifyPossession: verify } }
}

describe('DET-1 remembered answers', () => {
  it('come once for one question, and never for another one', () => {
    const { asked, bls } = counting()
    const verifier = createVerifier(bls)
    const long = new Uint8Array(300).fill(1)
    const questions = [
      [bytes(1), bytes(2), bytes(3)],
      [bytes(1, 2), bytes(), bytes(3)],
      [bytes(), bytes(1, 2), bytes(3)],
      [bytes(1), bytes(2, 3), bytes()],
      [bytes(1), bytes(2), long],
      [bytes(1), bytes(2), long.with(299, 2)],
      [bytes(1), bytes(2), long.subarray(1)],
    ] as const
    for (const [key, message, signature] of [...questions, ...questions]) {
      expect(verifier.blsSigned(key, message, signature)).toBe(true)
    }
    expect(asked()).toBe(questions.length)
    verifier.possessed(bytes(1), bytes(2))
    verifier.possessed(bytes(1), bytes(2))
    expect(asked()).toBe(questions.length + 1)
  })

  it('of accounts are those of SIG-1', () => {
    const verifier = createVerifier(blsNoble)
    const seed = new Uint8Array(32).fill(5)
    const message = new Uint8Array(32).fill(6)
    const [key, signature] = [ed25519PublicKey(seed), ed25519Sign(seed, message)]
    const spoilt = signature.with(0, (signature[0] ?? 0) ^ 1)
    for (let time = 0; time < 2; time += 1) {
      expect(verifier.accountSigned(key, message, signature)).toBe(true)
      expect(verifier.accountSigned(key, message, spoilt)).toBe(false)
    }
  })
})
