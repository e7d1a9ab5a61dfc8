/**
 * The keys of a validator at work (SIG-1, EPOCH-3, BFT-10): long-lived ones from its vault, a fresh
 * BLS key for each service from the store of this device.
 *
 * An epoch key is drawn from the CSPRNG, never derived: a backup that is restored elsewhere holds
 * nothing from which it could be made again. It rests sealed in its safety slot.
 */

import { hex, unhex, utf8 } from '../core/base/bytes.ts'
import { err, ok } from '../core/base/result.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { signAhead } from '../core/crypto/blsAhead.ts'
import { blsSecretFromSeed } from '../core/crypto/blsSecret.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { hash } from '../core/crypto/hash.ts'
import { mlDsa87Keys, mlDsa87Sign } from '../core/crypto/mlDsa87.ts'
import type { KeySet } from '../core/crypto/keySet.ts'
import { sharingPublicKey } from '../core/crypto/pvss/sharingKey.ts'
import { seal, sealNonceBytes, unseal } from '../core/crypto/seal.ts'
import type { Random } from '../ports/random.ts'
import type { EpochKey, PostQuantumKey, SharingSecrets, Signer } from '../ports/signer.ts'
import type { Store } from '../ports/store.ts'

export interface KeySignerOptions {
  readonly keys: KeySet
  readonly store: Store
  readonly bls: BlsBackend
  readonly random: Random
}

const epochSeedBytes = 32

export function createKeySigner({ keys, store, bls, random }: KeySignerOptions): Signer {
  const vrfSecret = blsSecretFromSeed(keys.vrfSeed)
  const sealingKey = hash('keyDerivation', keys.identitySeed, utf8('epoch-key-seal'))
  return {
    identity: ed25519PublicKey(keys.identitySeed),
    vrfKey: bls.publicKey(vrfSecret),
    networkKey: ed25519PublicKey(keys.networkSeed),
    signIdentity: (message) => ed25519Sign(keys.identitySeed, message),
    signVrf: (message) => bls.sign(vrfSecret, message),
    proveVrfPossession: () => bls.provePossession(vrfSecret),
    async createEpochKey() {
      const seed = random.bytes(epochSeedBytes)
      const key = epochKey(bls, seed)
      const sealed = seal(sealingKey, random.bytes(sealNonceBytes), seed, key.publicKey)
      await store.createSafety(key.slot, sealed)
      return key
    },
    async openEpochKey(slot) {
      const sealed = await store.readSafetyKey(slot)
      if (sealed === undefined) return err({ code: 'EPOCH_KEY_ELSEWHERE', slot })
      const key = unsealed(bls, sealingKey, slot, sealed)
      return key === undefined ? err({ code: 'EPOCH_KEY_CORRUPT', slot }) : ok(key)
    },
    eraseEpochKey: (slot) => store.eraseSafety(slot),
  }
}

function epochKey(bls: BlsBackend, seed: Uint8Array): EpochKey {
  const secret = blsSecretFromSeed(seed)
  const publicKey = bls.publicKey(secret)
  return {
    slot: hex(publicKey),
    publicKey,
    possession: bls.provePossession(secret),
    postQuantum: () => postQuantumKey(seed),
    sharing: () => sharingSecrets(seed),
    ...signAhead((message) => bls.sign(secret, message)),
  }
}

/** Not from the BLS secret: who has computed that from its public key must still not have this. */
function postQuantumKey(seed: Uint8Array): PostQuantumKey {
  const { publicKey, secretKey } = mlDsa87Keys(hash('keyDerivation', seed, utf8('ml-dsa-87')))
  return { publicKey, sign: (message) => mlDsa87Sign(secretKey, message) }
}

/** Durable with the seed, before the READY that names the key can leave. */
function sharingSecrets(seed: Uint8Array): SharingSecrets {
  const keySeed = hash('keyDerivation', seed, utf8('sharing-key'))
  const dealSeed = hash('keyDerivation', seed, utf8('sharing-deal'))
  return { publicKey: sharingPublicKey(keySeed), keySeed, dealSeed }
}

function unsealed(
  bls: BlsBackend,
  sealingKey: Uint8Array,
  slot: string,
  sealed: Uint8Array,
): EpochKey | undefined {
  const publicKey = unhex(slot)
  if (!publicKey.ok) return undefined
  const seed = unseal(sealingKey, sealed, publicKey.value)
  if (seed?.length !== epochSeedBytes) return undefined
  const key = epochKey(bls, seed)
  return key.slot === slot ? key : undefined
}
