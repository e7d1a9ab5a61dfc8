/**
 * What a chain does with what a store holds (SYNC-3): on every kind of store, in Node and inside a
 * browser's worker, without a test framework.
 */

import { hex } from '../../src/core/base/bytes.ts'
import type { Genesis } from '../../src/core/codec/state.ts'
import { blsNoble } from '../../src/core/crypto/blsNoble.ts'
import { genesisState } from '../../src/core/ledger/genesis/genesisState.ts'
import { stateLeaves } from '../../src/core/ledger/state.ts'
import { testGenesis } from '../../src/core/ledger/testChain.fixture.ts'
import { Chain } from '../../src/node/chain.ts'
import { decideToStartAnew, notePassed } from '../../src/node/startAnew.ts'
import type { Store } from '../../src/ports/store.ts'
import type { StoreCheck } from './store.ts'

const slot = 'aa'
const value = Uint8Array.of(1, 2, 3)

function genesisOf(startMs: number): Genesis {
  const { genesis } = testGenesis(blsNoble, { validators: 4, seats: 4 })
  return { ...genesis, startMs }
}

async function outcome(store: Store, genesis: Genesis, beginsAnew = false): Promise<string> {
  const opened = await Chain.open({ genesis, store, beginsAnew })
  return opened.ok ? `height ${String(opened.value.tip.height)}` : opened.error.code
}

/** What must survive whatever a chain finds: BFT-10. */
async function keepRecord(store: Store): Promise<void> {
  await store.createSafety(slot, value)
  await store.writeSafety({ slot, sequence: 7, record: value, pending: [] })
  await store.putValue('baseline', value)
}

async function hasRecord(store: Store): Promise<string> {
  const [safety, key, kept] = [
    await store.readSafety(slot),
    await store.readSafetyKey(slot),
    await store.getValue('baseline'),
  ]
  const texts = [safety?.record, key, kept].map((one) => (one ? hex(one) : 'lost'))
  return `${String(safety?.sequence)} ${texts.join(' ')}`
}

const whole = `7 ${[value, value, value].map(hex).join(' ')}`

function same(actual: string, expected: string, what: string): void {
  if (actual !== expected) throw new Error(`${what}: expected ${expected}, got ${actual}`)
}

/** A tip whose state root is not that of the state: what a broken disk or an old bug leaves. */
async function corrupt(store: Store, genesis: Genesis): Promise<void> {
  const leaves = stateLeaves(genesisState(genesis)).map(({ key, value: leaf }) => ({
    key,
    value: leaf,
  }))
  const stateRoot = new Uint8Array(32).fill(1)
  await store.writeSnapshot({ height: 9, hash: new Uint8Array(32), stateRoot }, leaves)
}

async function contents(store: Store): Promise<string> {
  const [tip, state, names] = [
    await store.readTip(),
    await store.readState(),
    await store.listValues(''),
  ]
  const leaves = state.map(({ key, value: leaf }) => `${hex(key)} ${hex(leaf)}`)
  const values: string[] = []
  for (const name of names.toSorted()) {
    values.push(`${name} ${hex((await store.getValue(name)) ?? new Uint8Array(0))}`)
  }
  const at = tip === undefined ? 'none' : `${String(tip.height)} ${hex(tip.stateRoot)}`
  return [at, ...leaves.toSorted(), ...values].join('\n')
}

export const chainChecks: readonly StoreCheck[] = [
  {
    name: 'ENC-2: a store of another genesis is refused with a code, and nothing of it is touched',
    async run(open) {
      const [own, other] = [genesisOf(1_000_000), genesisOf(2_000_000)]
      let store = await open()
      same(await outcome(store, own), 'height 0', 'the first start')
      await keepRecord(store)
      same(await outcome(store, other), 'CHAIN_OTHER_GENESIS', 'another genesis')
      same(await outcome(store, other, true), 'CHAIN_OTHER_GENESIS', 'another genesis, anew')
      await store.close()
      store = await open()
      same(await hasRecord(store), whole, 'the vote record')
      same(await outcome(store, own), 'height 0', 'the own genesis')
      await store.close()
    },
  },
  {
    name: 'SYNC-3: a state that does not give its root is refused; anew, no vote record is lost',
    async run(open) {
      const genesis = genesisOf(1_000_000)
      let store = await open()
      same(await outcome(store, genesis), 'height 0', 'the first start')
      await keepRecord(store)
      await corrupt(store, genesis)
      await store.close()
      store = await open()
      same(await outcome(store, genesis), 'CHAIN_STATE_CORRUPT', 'a state without its root')
      same(await hasRecord(store), whole, 'the vote record')
      same(await outcome(store, genesis, true), 'height 0', 'begun anew')
      await store.close()
      store = await open()
      same(await hasRecord(store), whole, 'the vote record after it')
      same(await outcome(store, genesis), 'height 0', 'the next start')
      await store.close()
    },
  },
  {
    name: 'ENC-2: no chain is begun anew over one of another genesis, decided or damaged',
    async run(open) {
      const [own, other] = [genesisOf(1_000_000), genesisOf(2_000_000)]
      let store = await open()
      same(await outcome(store, own), 'height 0', 'the first start')
      await notePassed(store, 3)
      const decided = await decideToStartAnew(store)
      same(String(decided.ok), 'true', 'the decision')
      const before = await contents(store)
      same(await outcome(store, other, true), 'CHAIN_OTHER_GENESIS', 'another genesis, decided')
      same(await contents(store), before, 'the store')
      same(await outcome(store, own), 'height 0', 'the own genesis')
      // As a version left it that did not keep the genesis as a value: the first good start does.
      await store.putValue('chain/genesis', undefined)
      same(await outcome(store, own), 'height 0', 'the start that writes it')
      await corrupt(store, own)
      await store.close()
      store = await open()
      const damaged = await contents(store)
      same(await outcome(store, other, true), 'CHAIN_OTHER_GENESIS', 'another genesis, damaged')
      same(await contents(store), damaged, 'the damaged store')
      same(await outcome(store, own, true), 'height 0', 'begun anew')
      await store.close()
    },
  },
]
