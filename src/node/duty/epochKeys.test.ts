import { expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { hex } from '../../core/base/bytes.ts'
import { genesisState } from '../../core/ledger/genesis/genesisState.ts'
import { testGenesis } from '../../core/ledger/testChain.fixture.ts'
import { createKeySigner } from '../keySigner.ts'
import { checkpointSlotName } from './checkpointLease.ts'
import { eraseSpentKeys } from './epochKeys.ts'

it('EPOCH-3 erases what nothing names, and no key that is made at that moment', async () => {
  const { genesis } = testGenesis(bls, { validators: 4, seats: 4 })
  const store = openMemoryStore()
  let made = 0
  const random = {
    bytes: (length: number) => {
      made += 1
      return new Uint8Array(length).fill(made)
    },
  }
  const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
  const keys = {
    identitySeed: seed(101),
    vrfSeed: seed(102),
    networkSeed: seed(103),
    proofSecret: seed(104),
  }
  const signer = createKeySigner({ keys, store, bls, random })
  const [spent, ready, lease] = [
    await signer.createEpochKey(),
    await signer.createEpochKey(),
    await signer.createEpochKey(),
  ]
  await store.putValue(checkpointSlotName, lease.publicKey)
  let late: Promise<{ readonly slot: string }> | undefined
  await eraseSpentKeys({
    store,
    signer,
    state: genesisState(genesis),
    unsent: () => {
      // A proof has just ended: its key is in no list yet.
      late = signer.createEpochKey()
      return [ready.slot]
    },
  })
  const kept = [ready.slot, hex(lease.publicKey), (await late)?.slot]
  expect((await store.listSafety()).toSorted()).toEqual(kept.toSorted())
  expect((await signer.openEpochKey(spent.slot)).ok).toBe(false)
})
