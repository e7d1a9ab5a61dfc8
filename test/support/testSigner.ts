/**
 * The keys of a test chain's validator behind the signer port; epoch keys live in the given map.
 */
import { hex } from '../../src/core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../../src/core/crypto/ed25519.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { mlDsa87Keys, mlDsa87Sign } from '../../src/core/crypto/mlDsa87.ts'
import {
  testEpochKey,
  testSharingKey,
  testSharingSeeds,
  type TestKeys,
} from '../../src/core/ledger/testChain.fixture.ts'
import type { EpochKey, PostQuantumKey, Signer } from '../../src/ports/signer.ts'

function testPostQuantum(seed: Uint8Array): PostQuantumKey {
  const { publicKey, secretKey } = mlDsa87Keys(seed)
  return { publicKey, sign: (message) => mlDsa87Sign(secretKey, message) }
}

export function testSigner(
  bls: BlsBackend,
  keys: TestKeys,
  options: { readonly index: number; readonly epochs: readonly number[] },
): Signer {
  const made = new Map<string, EpochKey>()
  const make = (epoch: number): EpochKey => {
    const { secret, publicKey } = testEpochKey(bls, options.index, epoch)
    const slot = hex(publicKey)
    const sign = (message: Uint8Array): Uint8Array => bls.sign(secret, message)
    const key = {
      slot,
      publicKey,
      possession: bls.provePossession(secret),
      sign,
      postQuantum: () => testPostQuantum(secret),
      sharing: () => ({
        publicKey: testSharingKey(options.index, epoch),
        ...testSharingSeeds(options.index, epoch),
      }),
    }
    made.set(slot, key)
    return key
  }
  options.epochs.forEach(make)
  return {
    identity: keys.account,
    vrfKey: keys.vrfKey,
    networkKey: ed25519PublicKey(keys.seed),
    signIdentity: (message) => ed25519Sign(keys.seed, message),
    signVrf: (message) => bls.sign(keys.vrfSecret, message),
    proveVrfPossession: () => bls.provePossession(keys.vrfSecret),
    createEpochKey: () => Promise.resolve(make(1000 + made.size)),
    openEpochKey: (slot) => {
      const key = made.get(slot)
      return Promise.resolve(
        key === undefined
          ? { ok: false, error: { code: 'EPOCH_KEY_ELSEWHERE', slot } }
          : { ok: true, value: key },
      )
    },
    eraseEpochKey: (slot) => {
      made.delete(slot)
      return Promise.resolve()
    },
  }
}
