import { describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { u32be } from '../core/base/bytes.ts'
import { ed25519PublicKey, ed25519Sign } from '../core/crypto/ed25519.ts'
import { hash } from '../core/crypto/hash.ts'
import { checkTransaction } from '../core/ledger/checkTransaction.ts'
import { checkGenesis } from '../core/ledger/genesis/checkGenesis.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import { read, readSingle, write, writeSingle, type LedgerState } from '../core/ledger/state.ts'
import { committees, epochRecord, evidenceMarks } from '../core/ledger/tables.ts'
import { testGenesis } from '../core/ledger/testChain.fixture.ts'
import { encodeTransaction } from '../core/ledger/transactionBytes.ts'
import { protocol } from '../core/params.ts'
import { createDesks } from './desks.ts'
import { doubleVote, type DoubleVoteWording } from './doubleVote.fixture.ts'
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

function evidence(wording: DoubleVoteWording = {}): Uint8Array {
  return doubleVote({ genesis, keys, state }, wording)
}

/** Later, with the same seats. */
function at(epoch: number): LedgerState {
  const committee = read(state, committees, 0)
  if (committee === undefined) throw new Error('there is a first committee')
  const seated = write(state, committees, epoch, { ...committee, epoch })
  return writeSingle(seated, epochRecord, { ...readSingle(state, epochRecord), epoch })
}

async function codeOf(mempool: Mempool, bytes: Uint8Array): Promise<string> {
  const added = await mempool.add(bytes, state, nowMs)
  return added.ok ? 'ok' : added.error.code
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

  it('one offence waits once, whatever its votes and its expiry (EVID-1)', async () => {
    const mempool = pool()
    expect(unwrap(await mempool.add(evidence(), state, nowMs)).kind).toBe('evidence')
    for (const other of [evidence(), evidence({ expiryEpoch: 4 }), evidence({ salt: 3 })]) {
      expect(await codeOf(mempool, other)).toBe('TX_KNOWN')
    }
    expect(mempool.count).toBe(1)
  })
})

describe('BATCH-1: a batch is taken in as one', () => {
  it('with the answer that each would have got alone', async () => {
    const known = keys[0]?.seed ?? none
    const forged = transfer(keys[1]?.seed ?? none, 0)
    forged.fill(0, forged.length - 64)
    const stranger = hash('keyDerivation', u32be(2))
    const list = [
      ...[0, 1, 2, 3].map((nonce) => transfer(known, nonce)),
      forged,
      transfer(known, 1),
      Uint8Array.of(1, 2, 3),
      transfer(stranger, 0),
      ...[0, 1, 2].map((nonce) => transfer(keys[2]?.seed ?? none, nonce)),
      transfer(known, 64 + 4),
      evidence(),
      evidence({ salt: 3 }),
    ]
    const [alone, together] = [pool(), pool()]
    const expected: string[] = []
    for (const bytes of list) expected.push(await codeOf(alone, bytes))
    const answers = await together.addAll(list, state, nowMs)
    expect(answers.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual(expected)
    expect(new Set(expected)).toEqual(
      new Set([
        ...['ok', 'TX_SIGNATURE', 'TX_KNOWN', 'TX_MALFORMED', 'TX_BALANCE', 'TX_NONCE_GAP'],
      ]),
    )
    expect(together.pending()).toEqual(alone.pending())
  })
})

describe('EVID-1: an offender keeps no evidence out of the mempool', () => {
  it('a wrong wording that comes first takes no place', async () => {
    const mempool = pool()
    const right = evidence()
    const wrong = [evidence({ salt: 1 }), evidence({ leaderSignature: new Uint8Array(400) })]
    for (const bytes of wrong) expect(await codeOf(mempool, bytes)).toBe('EVIDENCE_INVALID')
    expect(await codeOf(mempool, right)).toBe('ok')
  })

  it('a wording that expires at once gives way to one that lasts', async () => {
    const mempool = pool()
    const lasting = evidence({ expiryEpoch: protocol.committeesKept })
    expect(await codeOf(mempool, evidence({ expiryEpoch: 0 }))).toBe('ok')
    expect(await codeOf(mempool, lasting)).toBe('ok')
    expect(mempool.pending()).toEqual([lasting])
    // Later than the committee is known says nothing more.
    const endless = evidence({ expiryEpoch: 1_000_000 })
    expect(await codeOf(mempool, endless)).toBe('TX_KNOWN')
  })

  it('whoever contradicts itself in many views fills no room but its own', async () => {
    const mempool = pool()
    const codes: string[] = []
    for (let view = 1; view <= 80; view += 1) {
      codes.push(await codeOf(mempool, evidence({ seat: 1, view })))
    }
    expect(codes.filter((code) => code === 'ok')).toHaveLength(4)
    expect(codes.at(-1)).toBe('MEMPOOL_FULL')
    expect(await codeOf(mempool, evidence())).toBe('ok')
  })

  it('what a final block judged waits no longer, whatever its expiry', async () => {
    const mempool = pool()
    const bytes = evidence({ expiryEpoch: 1_000_000 })
    expect(await codeOf(mempool, bytes)).toBe('ok')
    mempool.settle(state)
    expect(mempool.count).toBe(1)
    const mark = { kind: 2, epoch: 0, view: 3, seat: 0 }
    const judged = write(state, evidenceMarks, mark, mark)
    // PACE-1: what a block holds already hurries no other.
    expect(mempool.hasEvidenceFor(state, nowMs)).toBe(true)
    expect(mempool.hasEvidenceFor(judged, nowMs)).toBe(false)
    mempool.settle(judged)
    expect(mempool.hasEvidenceFor(state, nowMs)).toBe(false)
    expect(mempool.count).toBe(0)
  })

  it('nor what is older than the committees that are kept', async () => {
    const mempool = pool()
    expect(await codeOf(mempool, evidence({ expiryEpoch: 1_000_000 }))).toBe('ok')
    mempool.settle(at(protocol.committeesKept))
    expect(mempool.count).toBe(1)
    mempool.settle(at(protocol.committeesKept + 1))
    expect(mempool.count).toBe(0)
  })

  it('and hurries no leader two epochs later, though it counts (PACE-1)', async () => {
    const mempool = pool()
    expect(await codeOf(mempool, evidence({ expiryEpoch: 1_000_000 }))).toBe('ok')
    const [running, next, later] = [0, 1, 2].map((epoch) => at(epoch))
    if (running === undefined || next === undefined || later === undefined) throw new Error('three')
    expect(mempool.hasEvidenceFor(running, nowMs)).toBe(true)
    expect(mempool.hasEvidenceFor(next, nowMs)).toBe(true)
    expect(mempool.hasEvidenceFor(later, nowMs)).toBe(false)
    mempool.settle(later)
    const [waiting] = mempool.candidates()
    if (waiting === undefined) throw new Error('it still waits')
    const { env } = createDesks({ prover: noProver, bls }, () => undefined)
    expect(checkTransaction(later, waiting, nowMs, env).ok).toBe(true)
  })
})
