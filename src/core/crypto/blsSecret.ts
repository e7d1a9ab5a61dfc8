/**
 * A BLS secret key from a 32-byte seed (SIG-1): `derive_master_SK` of ERC-2333, that is `KeyGen` of
 * draft-irtf-cfrg-bls-signature: HKDF-SHA-256, reduced modulo the group order.
 */

import { bls12_381 } from '@noble/curves/bls12-381.js'
import { extract, expand } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { assert } from '../base/assert.ts'
import { concat, utf8 } from '../base/bytes.ts'

const keygenSalt = utf8('BLS-SIG-KEYGEN-SALT-')

/** ⌈(3·⌈log2 r⌉)/16⌉: enough bytes that the reduction is unbiased. */
const keyMaterialBytes = 48

export function blsSecretFromSeed(seed: Uint8Array): Uint8Array {
  assert(seed.length >= 32, 'a BLS seed has at least 32 bytes')
  const scalars = bls12_381.fields.Fr
  const material = concat(seed, Uint8Array.of(0))
  const info = Uint8Array.of(0, keyMaterialBytes)
  let salt = sha256(keygenSalt)
  for (;;) {
    const bytes = expand(sha256, extract(sha256, material, salt), info, keyMaterialBytes)
    const scalar = scalars.create(bigEndian(bytes))
    if (scalar !== 0n) return scalars.toBytes(scalar)
    salt = sha256(salt)
  }
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return value
}
