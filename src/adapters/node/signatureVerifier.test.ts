import { afterAll, expect, it } from 'vitest'
import { ed25519PublicKey, ed25519Sign } from '../../core/crypto/ed25519.ts'
import { createNodeSignatureVerifier } from './signatureVerifier.ts'

const verifier = createNodeSignatureVerifier(2)
afterAll(() => verifier.close())

it('SIG-1 threads of Node verify batches and single signatures', async () => {
  const items = Array.from({ length: 200 }, (_, index) => {
    const seed = new Uint8Array(32).fill(index % 16)
    const message = new Uint8Array(index).fill(index)
    const signature = ed25519Sign(seed, message)
    if (index % 9 === 4) signature[index % 64] = (signature[index % 64] ?? 0) ^ 1
    return { publicKey: ed25519PublicKey(seed), message, signature }
  })
  const expected = items.map((_, index) => index % 9 !== 4)
  const [all, one, other] = await Promise.all([
    verifier.verifyBatch(items),
    verifier.verifyBatch(items.slice(0, 1)),
    verifier.verifyBatch(items.slice(4, 5)),
  ])
  expect(all).toEqual({ ok: true, value: expected })
  expect(one).toEqual({ ok: true, value: [true] })
  expect(other).toEqual({ ok: true, value: [false] })
  // The items are still the caller's.
  expect(items[0]?.signature).toHaveLength(64)
})
