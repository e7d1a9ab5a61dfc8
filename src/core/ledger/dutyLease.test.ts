import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import type { Duty, Transaction } from '../codec/chain.ts'
import { accountOf } from './accounts.ts'
import { checkTransaction } from './checkTransaction.ts'
import { read, readSingle } from './state.ts'
import { checkpointKeyOwners, duties, epochRecord, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testKeys,
  testPossession,
  testStartMs,
  type TestChain,
} from './testChain.fixture.ts'
import {
  checkpointSecret,
  closeEpoch,
  leaseOf,
  postQuantumHash,
  renewalOf,
} from './testCheckpoints.fixture.ts'
import { keysOf, runEpoch } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf, writeValidator } from './validators.ts'

const params = { checkpointEpochs: 4 }
const pristine = createTestChain(blsBlst, { validators: 4, seats: 4, params })
const fresh = (): TestChain => ({ ...pristine })

function outcome(chain: TestChain, transaction: DecodedTransaction): string {
  const timeMs = Math.max(testStartMs, readSingle(chain.state, tip).timeMs + 1)
  const checked = checkTransaction(chain.state, transaction, timeMs, chain.env)
  return checked.ok ? 'ok' : checked.error.code
}

const registration = (index: number, change: Partial<Duty> = {}): Duty => ({
  key: blsBlst.publicKey(checkpointSecret(index)),
  possession: testPossession(blsBlst, checkpointSecret(index)),
  postQuantumKeyHash: postQuantumHash(index),
  peerId: '',
  relays: [],
  ...change,
})

const none = new Uint8Array(0)
const leaseEpochOf = (chain: TestChain, index: number): number | undefined =>
  read(chain.state, duties, keysOf(chain, index).account)?.leaseEpoch

describe('CKPT-1 TX-1 a validator takes the lease with keys of its own', () => {
  const chain = fresh()
  const { account } = keysOf(chain, 0)
  addBlock(chain, testStartMs, [leaseOf(chain, 0)])

  it('which costs a fee, as bytes do (FEE-1), and lasts so long as a checkpoint', () => {
    const lease = leaseOf(pristine, 0)
    const { balanceMicro } = accountOf(pristine.state, account)
    const spentMicro = balanceMicro - accountOf(chain.state, account).balanceMicro
    const feeMicro = BigInt(lease.bytes.length) * 10n
    // The proposer of the block may be the sender itself.
    expect([feeMicro, 0n]).toContain(spentMicro)
    expect(leaseEpochOf(chain, 0)).toBe(4)
    const { key, postQuantumKeyHash } = registration(0)
    expect(read(chain.state, checkpointKeyOwners, key)).toEqual({ account })
    expect(read(chain.state, checkpointKeyOwners, postQuantumKeyHash)).toEqual({ account })
  })

  it.each<[string, Partial<Duty>, string]>([
    ['a key of another length', { key: new Uint8Array(47) }, 'TX_FIELD'],
    ['no key', { key: new Uint8Array(0) }, 'TX_FIELD'],
    ['a peer id that is no text of one', { peerId: '12D3/Koo' }, 'TX_FIELD'],
    ['a peer id without end', { peerId: 'a'.repeat(129) }, 'TX_FIELD'],
    ['no hash', { postQuantumKeyHash: new Uint8Array(0) }, 'TX_FIELD'],
    ['possession of another key', { possession: registration(2).possession }, 'DUTY_POSSESSION'],
    ['the BLS key of another', registration(0), 'DUTY_KEY_TAKEN'],
    [
      'the ML-DSA key of another',
      { postQuantumKeyHash: registration(0).postQuantumKeyHash },
      'DUTY_KEY_TAKEN',
    ],
    ['nothing wrong', {}, 'ok'],
  ])('%s', (_name, change, code) => {
    const duty = registration(1, change)
    expect(outcome(chain, signed(chain, keysOf(chain, 1), { duty }))).toBe(code)
  })

  it('and never with a key that it had before', () => {
    const { key, possession } = registration(0)
    const again = { ...registration(0), postQuantumKeyHash: postQuantumHash(0, 1) }
    expect(outcome(chain, signed(chain, keysOf(chain, 0), { duty: again }))).toBe('DUTY_KEY_TAKEN')
    const later = { ...chain }
    addBlock(later, testStartMs + 100, [leaseOf(later, 0, 1)])
    expect(read(later.state, duties, account)?.postQuantumKeyHash).toEqual(postQuantumHash(0, 1))
    expect(read(later.state, checkpointKeyOwners, key)).toEqual({ account })
    const postQuantumKeyHash = postQuantumHash(0, 2)
    const back = { key, possession, postQuantumKeyHash, peerId: '', relays: [] }
    expect(outcome(later, signed(later, keysOf(later, 0), { duty: back }))).toBe('DUTY_KEY_TAKEN')
  })

  it('strangers, the jailed and those with too little stake get none', () => {
    const stranger = testKeys(blsBlst, 70)
    const paidBy: Partial<Transaction> = { duty: registration(9) }
    expect(outcome(chain, signed(chain, stranger, paidBy))).toBe('TX_BALANCE')
    const changed = (change: object): TestChain => {
      const validator = validatorOf(chain.state, keysOf(chain, 1).account)!
      return { ...chain, state: writeValidator(chain.state, { ...validator, ...change }, 0) }
    }
    for (const change of [{ jailedUntilEpoch: 9 }, { bondedMicro: 1n }]) {
      const spoilt = changed(change)
      expect(outcome(spoilt, leaseOf(spoilt, 1))).toBe('DUTY_NOT_ELIGIBLE')
    }
  })
})

describe('CKPT-1 FEE-1 a lease is renewed for nothing', () => {
  const chain = fresh()
  addBlock(chain, testStartMs, [leaseOf(chain, 0)])
  const { account } = keysOf(chain, 0)

  it('by whoever has keys, when at most half of it is left, once', () => {
    expect(outcome(chain, renewalOf(chain, 1))).toBe('DUTY_KEYS_MISSING')
    expect(outcome(chain, renewalOf(chain, 0))).toBe('DUTY_EARLY')
    const later = { ...chain }
    closeEpoch(later)
    expect(outcome(later, renewalOf(later, 0))).toBe('DUTY_EARLY')
    runEpoch(later)
    const before = accountOf(later.state, account)
    const renewal = renewalOf(later, 0)
    addBlock(later, readSingle(later.state, epochRecord).boundaryMs + 2_000, [renewal])
    expect(accountOf(later.state, account).nonce).toBe(before.nonce)
    expect(leaseEpochOf(later, 0)).toBe(6)
    expect(outcome(later, renewal)).toBe('DUTY_EARLY')
  })

  it('which may name another peer, and keeps the one it had else', () => {
    const named = fresh()
    const peerOf = (on: TestChain): string | undefined =>
      read(on.state, duties, keysOf(on, 0).account)?.peerId
    addBlock(named, testStartMs, [
      signed(named, keysOf(named, 0), { duty: registration(0, { peerId: 'peer1' }) }),
    ])
    expect(peerOf(named)).toBe('peer1')
    closeEpoch(named)
    runEpoch(named)
    const timeMs = readSingle(named.state, epochRecord).boundaryMs + 2_000
    const moved = { ...named }
    addBlock(named, timeMs, [renewalOf(named, 0)])
    expect(peerOf(named)).toBe('peer1')
    const keys = { key: none, possession: none, postQuantumKeyHash: none }
    const duty = { ...keys, peerId: 'peer2', relays: [] }
    addBlock(moved, timeMs, [
      signed(moved, keysOf(moved, 0), { duty }, { nonce: 0, feeMaxMicro: 0n }),
    ])
    expect(peerOf(moved)).toBe('peer2')
  })

  const relay = '/dns4/relay.example/tcp/443/tls/ws/p2p/12D3KooWre'
  const other = '/ip4/10.0.0.1/udp/4100/webrtc-direct/certhash/uEiA_-x/p2p/12D3KooWother'

  it('which may name two relays of that peer, and keeps them with it', () => {
    const named = fresh()
    const relaysAt = (on: TestChain): readonly string[] | undefined =>
      read(on.state, duties, keysOf(on, 0).account)?.relays
    const at = { peerId: 'peer1', relays: [relay, other] }
    addBlock(named, testStartMs, [signed(named, keysOf(named, 0), { duty: registration(0, at) })])
    expect(relaysAt(named)).toEqual([relay, other])
    closeEpoch(named)
    runEpoch(named)
    const timeMs = readSingle(named.state, epochRecord).boundaryMs + 2_000
    const moved = { ...named }
    addBlock(named, timeMs, [renewalOf(named, 0)])
    expect(relaysAt(named)).toEqual([relay, other])
    const keys = { key: none, possession: none, postQuantumKeyHash: none }
    const duty = { ...keys, peerId: 'peer2', relays: [] }
    const free = { nonce: 0, feeMaxMicro: 0n }
    addBlock(moved, timeMs, [signed(moved, keysOf(moved, 0), { duty }, free)])
    expect(relaysAt(moved)).toEqual([])
  })

  it.each([
    ['three of them', [relay, other, `${relay}x`]],
    ['one twice', [relay, relay]],
    ['one that is long', [`/dns4/${'a'.repeat(192)}/tcp/443/wss/p2p/12D3KooWre`]],
    ['no peer at its end', ['/dns4/relay.example/tcp/443/wss']],
    ['a way through another one', [`${relay}/p2p-circuit/p2p/12D3KooWother`]],
    ['other letters', ['/dns4/relay.example/tcp/443/wss?x/p2p/12D3KooWre']],
    ['no text of a peer', [`${relay}l`]],
    ['nothing', ['']],
  ])('but no relays that are %s', (_name, relays) => {
    const duty = registration(0, { peerId: 'peer1', relays })
    expect(outcome(pristine, signed(pristine, keysOf(pristine, 0), { duty }))).toBe('TX_FIELD')
  })

  it('nor any without the peer that they forward to', () => {
    const duty = registration(0, { relays: [relay] })
    expect(outcome(pristine, signed(pristine, keysOf(pristine, 0), { duty }))).toBe('TX_FIELD')
  })

  it('and nobody else can keep it alive with an old renewal', () => {
    const later = { ...chain }
    const duty = { key: none, possession: none, peerId: '', relays: [] }
    const renewal = signed(
      later,
      keysOf(later, 0),
      { duty: { ...duty, postQuantumKeyHash: new Uint8Array(0) } },
      { nonce: 0, feeMaxMicro: 0n, expiryEpoch: 3 },
    )
    closeEpoch(later)
    runEpoch(later)
    expect(outcome(later, renewal)).toBe('TX_FIELD')
    expect(outcome(later, renewalOf(later, 0))).toBe('ok')
  })
})
