/**
 * Signatures for simulations: they cost modelled time instead of real one, and they are bound to
 * key and message, so that wrong ones are refused as the real ones would be. They prove nothing to
 * an adversary who knows the public key, so an adversary of the simulator signs only with keys that
 * the scenario gives it; `--crypto real` runs the same thing with BLS12-381.
 */
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { concat, equalBytes, hex } from '../../src/core/base/bytes.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import type { Costs } from './costs.ts'

/** Processor time that has been spent and not yet been charged, µs. */
export interface Meter {
  spentUs: number
}

const signatureBytes = 96
const words = signatureBytes / 4

function publicKey(secret: Uint8Array): Uint8Array {
  return concat(hash('epochKey', secret), new Uint8Array(16))
}

/** 24 words mixed from the key's and the message's 32 bytes (murmur3's finaliser). */
function expected(key: Uint8Array, message: Uint8Array): Uint8Array {
  const out = new Uint8Array(signatureBytes)
  const view = new DataView(out.buffer)
  const digest = message.length === 32 ? message : hash('message', message)
  const left = new DataView(key.buffer, key.byteOffset)
  const right = new DataView(digest.buffer, digest.byteOffset)
  let state = 0x2545f491
  for (let index = 0; index < words; index += 1) {
    const at = (index % 8) * 4
    state = mix(state ^ left.getUint32(at)) + mix(right.getUint32(at) ^ (state >>> 3))
    view.setUint32(index * 4, mix(state))
  }
  return out
}

function mix(value: number): number {
  let z = value >>> 0
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
  return (z ^ (z >>> 16)) >>> 0
}

function addInto(sum: Uint8Array, part: Uint8Array): void {
  for (let index = 0; index < signatureBytes; index += 1) {
    sum[index] = ((sum[index] ?? 0) + (part[index] ?? 0)) & 255
  }
}

function sumOf(parts: readonly Uint8Array[]): Uint8Array {
  const sum = new Uint8Array(signatureBytes)
  for (const part of parts) addInto(sum, part)
  return sum
}

/** As many as the backends keep. */
const keptMax = 256

function keep<T>(kept: Set<T>, one: T): void {
  if (kept.size > keptMax) kept.clear()
  kept.add(one)
}

export function meteredBls(meter: Meter, costs: Costs): BlsBackend {
  const spend = (us: number): void => {
    meter.spentUs += us
  }
  const prepared = new Set<Uint8Array>()
  const made = new Set<Uint8Array>()
  const hashed = new Set<string>()
  const hashOnce = (message: Uint8Array): void => {
    const key = hex(message)
    if (!hashed.has(key)) spend(costs.hash)
    keep(hashed, key)
  }
  return {
    name: 'metered',
    publicKey,
    sign: (secret, message) => {
      hashOnce(message)
      spend(costs.sign)
      return expected(publicKey(secret), message)
    },
    verify: (key, message, signature) => {
      hashOnce(message)
      spend(costs.verify)
      return equalBytes(expected(key, message), signature)
    },
    aggregateSignatures: (list) => {
      spend(costs.aggregateEach * list.filter((one) => !prepared.has(one)).length)
      if (list.length === 0) return undefined
      const sum = sumOf(list)
      keep(made, sum)
      return sum
    },
    fastAggregateVerify: (keys, message, signature) => {
      hashOnce(message)
      if (!made.has(signature)) spend(costs.aggregateDecode)
      spend(costs.aggregateVerify + costs.aggregateVerifyKey * keys.length)
      const parts = keys.map((key) => expected(key, message))
      return keys.length > 0 && equalBytes(sumOf(parts), signature)
    },
    prepareSignature: (signature) => {
      if (!costs.prepares) return
      spend(costs.aggregateEach)
      keep(prepared, signature)
    },
    provePossession: (secret) => expected(publicKey(secret), publicKey(secret)),
    verifyPossession: (key, proof) => equalBytes(expected(key, key), proof),
    isPublicKeyValid: (key) => key.length === 48,
  }
}
