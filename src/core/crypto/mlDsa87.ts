/**
 * ML-DSA-87 (FIPS 204) with an empty context: post-quantum signatures of checkpoints (SIG-1,
 * CKPT-1), by `@noble/post-quantum`. Of the highest of the three security categories, because what
 * is signed today must still bind when a forger has other machines.
 */
import { ml_dsa87 } from '@noble/post-quantum/ml-dsa.js'
import { assert } from '../base/assert.ts'

export const mlDsa87SeedBytes = 32
export const mlDsa87SecretKeyBytes = 4896

export interface MlDsa87Keys {
  readonly publicKey: Uint8Array
  readonly secretKey: Uint8Array
}

export function mlDsa87Keys(seed: Uint8Array): MlDsa87Keys {
  assert(seed.length === mlDsa87SeedBytes, 'an ML-DSA seed has 32 bytes')
  return ml_dsa87.keygen(seed)
}

/**
 * `hedge` is 32 fresh random bytes (RAND-1), so that a fault of the device shows no secret; without
 * it the signature is the deterministic one of FIPS 204.
 */
export function mlDsa87Sign(
  secretKey: Uint8Array,
  message: Uint8Array,
  hedge?: Uint8Array,
): Uint8Array {
  assert(secretKey.length === mlDsa87SecretKeyBytes, 'an ML-DSA-87 secret key has 4896 bytes')
  assert(hedge === undefined || hedge.length === 32, 'a hedge has 32 bytes')
  return ml_dsa87.sign(message, secretKey, { extraEntropy: hedge ?? false })
}

/** Never throws: any bytes of any length are only valid or not, whatever the library does. */
export function mlDsa87Verify(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  try {
    return ml_dsa87.verify(signature, message, publicKey)
  } catch {
    return false
  }
}
