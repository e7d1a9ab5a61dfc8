/**
 * `BlsBackend` for browsers (SIG-1): mcl compiled to WebAssembly (`bls-eth-wasm`).
 *
 * A built page loads its code as a file (scripts/vite/blsWasmFile.ts), everybody else from bytes
 * within the module. A page needs `'wasm-unsafe-eval'` in its content security policy. Points are
 * checked for their subgroup at decoding.
 *
 * A seat signs what it later checks in a certificate: a message is hashed to the curve once, a
 * quarter of a check's time, and an aggregate made here is not decoded again (decision 0017).
 */

import library from 'bls-eth-wasm'
import { assert } from '../../core/base/assert.ts'
import { hex, mapKey } from '../../core/base/bytes.ts'
import {
  blsPossessionDst,
  blsPublicKeyBytes,
  blsSecretBytes,
  blsSignatureBytes,
  blsSignatureDst,
  type BlsBackend,
} from '../../core/crypto/bls.ts'
import { createBoundedCache, type BoundedCache } from '../../core/crypto/boundedCache.ts'
import { hashToPoint, pairingHolds, setDomain, signPoint } from './mclPoints.ts'

type Point = InstanceType<typeof library.PublicKey>
type SignaturePoint = InstanceType<typeof library.Signature>

/** A full set of checkpoint voters, and committees beside it (CKPT-1). */
const publicKeyCacheEntriesMax = 12_288

/** Three kinds of votes of a full committee, for a few views. */
const preparedEntriesMax = 256

/** What is signed and certified in as many views as are ever open at once. */
const hashedEntriesMax = 256

/** Votes are hashes; what is longer is hashed to the curve each time, so that a cache is small. */
const hashedMessageBytesMax = 64

let loading: Promise<BlsBackend> | undefined

/** One instance a thread; the second call waits for the first. Rejects when its file is away. */
export function loadBlsWasm(): Promise<BlsBackend> {
  loading ??= load().catch((error: unknown) => {
    // The next call asks for it again.
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<BlsBackend> {
  await library.init(library.BLS12_381)
  library.verifyPublicKeyOrder(true)
  library.verifySignatureOrder(true)
  return createBackend(createBoundedCache<Point>(publicKeyCacheEntriesMax))
}

function createBackend(publicPoints: BoundedCache<Point>): BlsBackend {
  const decodeKey = (bytes: Uint8Array): Point | undefined => decodePublicKey(publicPoints, bytes)
  const prepared = createBoundedCache<SignaturePoint>(preparedEntriesMax)
  const decodePrepared = (bytes: Uint8Array): SignaturePoint | undefined =>
    prepared.get(hex(bytes)) ?? decodeSignature(bytes)
  const hashed = createBoundedCache<SignaturePoint>(hashedEntriesMax)
  const hashOf = (message: Uint8Array): SignaturePoint => remembered(hashed, message)
  return {
    name: 'mcl-wasm',
    publicKey: (secret) => secretKey(secret).getPublicKey().serialize(),
    sign: (secret, message) => signPoint(secretKey(secret), hashOf(message)).serialize(),
    verify(publicKey, message, signature) {
      const keyPoint = decodeKey(publicKey)
      const signaturePoint = decodeSignature(signature)
      if (keyPoint === undefined || signaturePoint === undefined) return false
      return pairingHolds(keyPoint, hashOf(message), signaturePoint)
    },
    aggregateSignatures(signatures) {
      const sum = sumOf(signatures, decodePrepared)
      if (sum === undefined || sum.isZero()) return undefined
      const bytes = sum.serialize()
      prepared.set(hex(bytes), sum)
      return bytes
    },
    fastAggregateVerify(publicKeys, message, signature) {
      const sum = sumOf(publicKeys, decodeKey)
      const signaturePoint = decodePrepared(signature)
      if (sum === undefined || sum.isZero() || signaturePoint === undefined) return false
      return pairingHolds(sum, hashOf(message), signaturePoint)
    },
    provePossession: (secret) => inPossessionDomain(() => possessionOf(secretKey(secret))),
    verifyPossession(publicKey, proof) {
      const keyPoint = decodeKey(publicKey)
      const proofPoint = decodeSignature(proof)
      if (keyPoint === undefined || proofPoint === undefined) return false
      return inPossessionDomain(() => keyPoint.verify(proofPoint, publicKey))
    },
    prepareSignature(signature) {
      const point = decodeSignature(signature)
      if (point !== undefined) prepared.set(hex(signature), point)
    },
    isPublicKeyValid: (publicKey) => decodeKey(publicKey) !== undefined,
  }
}

/** The point of a message in the domain of signatures. */
function remembered(cache: BoundedCache<SignaturePoint>, message: Uint8Array): SignaturePoint {
  const key = hex(message)
  const known = cache.get(key)
  if (known !== undefined) return known
  const point = hashToPoint(message)
  if (message.length <= hashedMessageBytesMax) cache.set(key, point)
  return point
}

function possessionOf(secret: InstanceType<typeof library.SecretKey>): Uint8Array {
  return secret.sign(secret.getPublicKey().serialize()).serialize()
}

function secretKey(secret: Uint8Array): InstanceType<typeof library.SecretKey> {
  assert(secret.length === blsSecretBytes, 'a BLS secret has 32 bytes')
  const key = new library.SecretKey()
  key.deserialize(secret)
  assert(!key.isZero(), 'a BLS secret is not zero')
  return key
}

function decodePublicKey(cache: BoundedCache<Point>, bytes: Uint8Array): Point | undefined {
  if (bytes.length !== blsPublicKeyBytes) return undefined
  const name = mapKey(bytes)
  const known = cache.get(name)
  if (known !== undefined) return known
  const point = deserialized(new library.PublicKey(), bytes)
  if (point !== undefined) cache.set(name, point)
  return point
}

function decodeSignature(bytes: Uint8Array): SignaturePoint | undefined {
  if (bytes.length !== blsSignatureBytes) return undefined
  return deserialized(new library.Signature(), bytes)
}

/** The library throws on what is no point of the subgroup; infinity it accepts. */
function deserialized<T extends Point | SignaturePoint>(
  point: T,
  bytes: Uint8Array,
): T | undefined {
  try {
    point.deserialize(bytes)
  } catch {
    return undefined
  }
  return point.isZero() ? undefined : point
}

function sumOf<T extends { clone(): T; add(other: T): void }>(
  list: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => T | undefined,
): T | undefined {
  let sum: T | undefined
  for (const bytes of list) {
    const point = decode(bytes)
    if (point === undefined) return undefined
    if (sum === undefined) sum = point.clone()
    else sum.add(point)
  }
  return sum
}

/** The domain is a setting of the instance: put back before anything else can run. */
function inPossessionDomain<T>(ask: () => T): T {
  setDomain(blsPossessionDst)
  try {
    return ask()
  } finally {
    setDomain(blsSignatureDst)
  }
}
