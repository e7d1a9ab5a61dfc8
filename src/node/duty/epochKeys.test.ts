import { expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { hex } from '../../core/base/bytes.ts'
import { genesisState } from '../../core/ledger/genesis/genesisState.ts'
import { readSingle, stateRoot, writeSingle } from '../../core/ledger/state.ts'
import { epochRecord, tip } from '../../core/ledger/tables.ts'
import { testGenesis } from '../../core/ledger/testChain.fixture.ts'
import type { Signer } from '../../ports/signer.ts'
import type { Store } from '../../ports/store.ts'
import { Chain } from '../chain.ts'
import { createKeySigner } from '../keySigner.ts'
import { decideToStartAnew, notePassed } from '../startAnew.ts'
import { restartSeatName } from '../stakeRestartDesk.ts'
import { checkpointSlotName } from './checkpointLease.ts'
import { eraseSpentKeys } from './epochKeys.ts'

function signerOn(store: Store): Signer {
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
  return createKeySigner({ keys, store, bls, random })
}

it('EPOCH-3 erases what nothing names, and no key that is made at that moment', async () => {
  const { genesis } = testGenesis(bls, { validators: 4, seats: 4 })
  const store = openMemoryStore()
  const signer = signerOn(store)
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
    nowMs: genesis.startMs,
  })
  const kept = [ready.slot, hex(lease.publicKey), (await late)?.slot]
  expect((await store.listSafety()).toSorted()).toEqual(kept.toSorted())
  expect((await signer.openEpochKey(spent.slot)).ok).toBe(false)
})

it('RECOVER-1 erases none while the chain stands still: a restart may name any', async () => {
  const { genesis } = testGenesis(bls, {
    validators: 4,
    seats: 4,
    params: { restartAfterMs: 1_000 },
  })
  const store = openMemoryStore()
  const signer = signerOn(store)
  // Seats that were offered in three attempts: the newest alone is written down.
  const offered = await Promise.all([1, 2, 3].map(() => signer.createEpochKey()))
  await store.putValue(restartSeatName, offered[2]!.publicKey)
  const state = genesisState(genesis)
  const erase = (nowMs: number): Promise<boolean> =>
    eraseSpentKeys({ store, signer, state, unsent: () => [], nowMs })
  const { timeMs } = readSingle(state, tip)
  expect(await erase(timeMs + 1_000)).toBe(false)
  expect(await store.listSafety()).toHaveLength(3)
  expect(await erase(timeMs + 999)).toBe(true)
  expect(await store.listSafety()).toEqual([offered[2]!.slot])
})

it.each(['damaged', 'passed by a restart'])(
  'RECOVER-1 a chain that is begun anew (%s) keeps keys and records until it is back',
  async (why) => {
    const { genesis } = testGenesis(bls, { validators: 4, seats: 4 })
    const store = openMemoryStore()
    const signer = signerOn(store)
    unwrap(await Chain.open({ genesis, store }))
    const { slot } = await signer.createEpochKey()
    await store.writeSafety({ slot, sequence: 1, record: Uint8Array.of(7), pending: [] })
    const state = genesisState(genesis)
    const reached = 5
    const [header, hash] = [new Uint8Array(0), new Uint8Array(32).fill(9)]
    await store.writeFinal({
      blocks: [
        {
          height: 1,
          epoch: reached,
          hash,
          header,
          body: header,
          certificate: header,
          path: [],
        },
      ],
      changes: [],
      stateRoot: why === 'damaged' ? hash : stateRoot(state),
    })
    if (why !== 'damaged') {
      await notePassed(store, 3)
      unwrap(await decideToStartAnew(store))
    }
    const chain = unwrap(await Chain.open({ genesis, store, beginsAnew: true }))
    expect(chain.tip.height).toBe(0)

    const record = readSingle(state, epochRecord)
    const eraseAt = (epoch: number): Promise<boolean> =>
      eraseSpentKeys({
        store,
        signer,
        state: writeSingle(state, epochRecord, { ...record, epoch }),
        unsent: () => [],
        nowMs: genesis.startMs,
      })
    for (let epoch = 0; epoch <= reached; epoch += 1) await eraseAt(epoch)
    expect((await signer.openEpochKey(slot)).ok).toBe(true)
    expect(await store.readSafety(slot)).toEqual({ sequence: 1, record: Uint8Array.of(7) })
    await eraseAt(reached + 1)
    expect(await store.listSafety()).toEqual([])
  },
)
