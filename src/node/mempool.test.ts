import { describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { equalBytes, u32be } from '../core/base/bytes.ts'
import { EvidenceKind, Vote, VoteKind } from '../core/codec/chain.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { hash } from '../core/crypto/hash.ts'
import { committeeRoot } from '../core/committee/handOver.ts'
import { voteMessage } from '../core/committee/voteMessage.ts'
import { checkGenesis } from '../core/ledger/genesis/checkGenesis.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import { read } from '../core/ledger/state.ts'
import { committees } from '../core/ledger/tables.ts'
import { testEpochKey, testGenesis } from '../core/ledger/testChain.fixture.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { createDesks } from './desks.ts'
import { Mempool } from './mempool.ts'
import { noProver } from './testNodes.fixture.ts'

const { genesis, keys } = testGenesis(bls, { validators: 4, seats: 4 })
const state = genesisState(unwrap(checkGenesis(genesis, bls)))
const nowMs = genesis.startMs + 1
const none = new Uint8Array(0)

function pool(): Mempool {
  return new Mempool(createDesks({ prover: noProver, bls }, () => undefined))
}

function transfer(seed: Uint8Array, nonce: number): Uint8Array {
  const sender = ed25519PublicKey(seed)
  const { chainId } = genesis
  const base = { chainId, sender, nonce, expiryEpoch: 5, feeMaxMicro: 1_000_000n }
  const payload = { transfer: { recipient: sender, amountMicro: 1n } }
  return encodeTransaction({ ...base, ...payload }, (id) => ed25519Sign(seed, id))
}

/** Two votes of seat 0 in one view, in a transaction that expires whenever its author likes. */
function evidence(expiryEpoch: number, leaderSignature = none): Uint8Array {
  const committee = read(state, committees, 0)
  const index = keys.findIndex(({ account }) =>
    equalBytes(account, committee?.seats[0]?.validator ?? none),
  )
  if (committee === undefined || index < 0) throw new Error('there is a first committee')
  const [first, second] = [1, 2].map((salt) => {
    const place = { kind: VoteKind.VOTE, epoch: 0, view: 3, block: new Uint8Array(32).fill(salt) }
    const root = committeeRoot(committee)
    const message = voteMessage({ ...place, chainId: genesis.chainId, committeeRoot: root })
    const signature = bls.sign(testEpochKey(bls, index, 0).secret, message)
    return Vote.encode({ ...place, seat: 0, signature, leaderSignature })
  })
  const kind = EvidenceKind.E2_DOUBLE_VOTE
  const pair = { kind, first: first ?? none, second: second ?? none, header: none }
  const base = { chainId: genesis.chainId, sender: none, nonce: 0, expiryEpoch, feeMaxMicro: 0n }
  return encodeTransaction({ ...base, evidence: pair }, () => none)
}

describe('NET-6: nobody keeps others out of the mempool', () => {
  it('a gap in the nonces waits only for an account that can pay', async () => {
    const mempool = pool()
    const stranger = hash('keyDerivation', u32be(1))
    const refused = await mempool.add(transfer(stranger, 1), state, nowMs)
    expect(refused).toMatchObject({ ok: false, error: { code: 'TX_NONCE_GAP' } })
    expect(mempool.count).toBe(0)
    const known = keys[0]?.seed ?? none
    expect((await mempool.add(transfer(known, 1), state, nowMs)).ok).toBe(true)
    expect((await mempool.add(transfer(known, 64), state, nowMs)).ok).toBe(false)
    expect(mempool.count).toBe(1)
  })

  it('one offence waits once, whatever its expiry (EVID-1)', async () => {
    const mempool = pool()
    expect(unwrap(await mempool.add(evidence(5), state, nowMs)).kind).toBe('evidence')
    const again = await mempool.add(evidence(6), state, nowMs)
    expect(again).toMatchObject({ ok: false, error: { code: 'TX_KNOWN' } })
  })
})
