import { beforeAll, describe, expect, it } from 'vitest'
import { loadBlsWasm } from '../adapters/crypto/blsWasm.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { utf8 } from '../core/base/bytes.ts'
import { err } from '../core/base/result.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { ed25519Verify } from '../core/crypto/ed25519.ts'
import type { KeySet } from '../core/crypto/keySet.ts'
import { sharingPublicKey } from '../core/crypto/pvss/sharingKey.ts'
import { mlDsa87Verify } from '../core/crypto/mlDsa87.ts'
import type { Random } from '../ports/random.ts'
import type { Signer } from '../ports/signer.ts'
import type { Store } from '../ports/store.ts'
import { createKeySigner } from './keySigner.ts'

const keys: KeySet = {
  identitySeed: new Uint8Array(32).fill(1),
  vrfSeed: new Uint8Array(32).fill(2),
  networkSeed: new Uint8Array(32).fill(3),
  proofSecret: new Uint8Array(32).fill(4),
}

let count = 0
const random: Random = {
  bytes(length) {
    count += 1
    return new Uint8Array(length).fill(count)
  },
}

let bls: BlsBackend

beforeAll(async () => {
  bls = await loadBlsWasm()
})

function signerOn(store: Store, withKeys = keys): Signer {
  return createKeySigner({ keys: withKeys, store, bls, random })
}

describe('SIG-1: the long-lived keys of a validator', () => {
  it('sign as their public keys say', () => {
    const signer = signerOn(openMemoryStore())
    const message = utf8('emotionalchain')
    expect(ed25519Verify(signer.signIdentity(message), message, signer.identity)).toBe(true)
    expect(bls.verify(signer.vrfKey, message, signer.signVrf(message))).toBe(true)
    expect(bls.verifyPossession(signer.vrfKey, signer.proveVrfPossession())).toBe(true)
    expect(signer.networkKey).not.toEqual(signer.identity)
  })

  it('are the same wherever the key set is opened, so that tickets are', () => {
    const first = signerOn(openMemoryStore())
    const second = signerOn(openMemoryStore())
    expect(second.identity).toEqual(first.identity)
    expect(second.signVrf(utf8('beacon'))).toEqual(first.signVrf(utf8('beacon')))
  })
})

describe('EPOCH-3: the key of one service', () => {
  it('is fresh each time, proved and found again after a restart', async () => {
    const disk = createMemoryDisk()
    const signer = signerOn(openMemoryStore(disk))
    const key = await signer.createEpochKey()
    const other = await signer.createEpochKey()
    expect(other.slot).not.toBe(key.slot)
    expect(bls.verifyPossession(key.publicKey, key.possession)).toBe(true)

    const opened = await signerOn(openMemoryStore(disk)).openEpochKey(key.slot)
    if (!opened.ok) throw new Error(opened.error.code)
    expect(bls.verify(key.publicKey, utf8('vote'), opened.value.sign(utf8('vote')))).toBe(true)
    expect(opened.value.possession).toEqual(key.possession)
  })

  it('does not exist on a device that restored the same vault (BFT-10)', async () => {
    const key = await signerOn(openMemoryStore()).createEpochKey()
    expect(await signerOn(openMemoryStore()).openEpochKey(key.slot)).toEqual(
      err({ code: 'EPOCH_KEY_ELSEWHERE', slot: key.slot }),
    )
  })

  it('opens neither damaged, nor under another identity, nor in another slot', async () => {
    const store = openMemoryStore()
    const signer = signerOn(store)
    const { slot } = await signer.createEpochKey()
    const { slot: otherSlot } = await signer.createEpochKey()
    const sealed = (await store.readSafetyKey(slot)) ?? new Uint8Array(0)
    const stranger = signerOn(store, { ...keys, identitySeed: new Uint8Array(32).fill(9) })
    expect(await stranger.openEpochKey(slot)).toEqual(err({ code: 'EPOCH_KEY_CORRUPT', slot }))
    await store.eraseSafety(otherSlot)
    await store.createSafety(otherSlot, sealed)
    expect(await signer.openEpochKey(otherSlot)).toEqual(
      err({ code: 'EPOCH_KEY_CORRUPT', slot: otherSlot }),
    )
    await store.createSafety('no hex', sealed)
    expect(await signer.openEpochKey('no hex')).toEqual(
      err({ code: 'EPOCH_KEY_CORRUPT', slot: 'no hex' }),
    )
  })

  it('CKPT-1 gives the same ML-DSA-87 keys after a restart, of no other key', async () => {
    const disk = createMemoryDisk()
    const signer = signerOn(openMemoryStore(disk))
    const key = await signer.createEpochKey()
    const opened = await signerOn(openMemoryStore(disk)).openEpochKey(key.slot)
    if (!opened.ok) throw new Error(opened.error.code)
    const { publicKey } = key.postQuantum()
    const signature = opened.value.postQuantum().sign(utf8('checkpoint'))
    expect(mlDsa87Verify(signature, utf8('checkpoint'), publicKey)).toBe(true)
    expect((await signer.createEpochKey()).postQuantum().publicKey).not.toEqual(publicKey)
  })

  it('BEACON-2 gives the same sharing secrets after a restart, of no other key', async () => {
    const disk = createMemoryDisk()
    const signer = signerOn(openMemoryStore(disk))
    const key = await signer.createEpochKey()
    const opened = await signerOn(openMemoryStore(disk)).openEpochKey(key.slot)
    if (!opened.ok) throw new Error(opened.error.code)
    const secrets = key.sharing()
    expect(opened.value.sharing()).toEqual(secrets)
    expect(sharingPublicKey(secrets.keySeed)).toEqual(secrets.publicKey)
    expect(secrets.dealSeed).not.toEqual(secrets.keySeed)
    expect((await signer.createEpochKey()).sharing().publicKey).not.toEqual(secrets.publicKey)
  })

  it('is gone once erased', async () => {
    const store = openMemoryStore()
    const signer = signerOn(store)
    const { slot } = await signer.createEpochKey()
    await signer.eraseEpochKey(slot)
    expect(await store.listSafety()).toEqual([])
    expect((await signer.openEpochKey(slot)).ok).toBe(false)
  })
})
