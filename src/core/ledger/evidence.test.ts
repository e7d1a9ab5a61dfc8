import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { ed25519Sign } from '../crypto/ed25519.ts'
import { EvidenceKind, Vote, VoteKind, type Committee } from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { voteMessage } from '../committee/voteMessage.ts'
import { microPerEmo, protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { slashOf } from './slashing.ts'
import { list, read, readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { committees, convictions, epochRecord, supply, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  decoded,
  signed,
  testBlock,
  testEpochKey,
  testSharingKey,
  testKeys,
  testStartMs,
  tryBlock,
  unsigned,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, readyOf } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { startBlock } from './applyBlock.ts'
import { restartMessage } from './restartMessage.ts'
import { stakeOf, validatorOf } from './validators.ts'

const params = { restartAfterMs: 1_000 }
const pristine = createTestChain(blsBlst, { validators: 6, seats: 4, params })
addBlock(pristine, testStartMs)
const fresh = (): TestChain => ({ ...pristine })
const blockA = new Uint8Array(32).fill(0xa)
const blockB = new Uint8Array(32).fill(0xb)
const none = new Uint8Array(0)
const nothingShown = { header: none, justification: none, parentHeader: none, statement: none }

function voteOf(
  chain: TestChain,
  fields: { kind: VoteKind; block: Uint8Array; seat?: number; view?: number; signer?: number },
): Uint8Array {
  const { kind, block, seat = 0, view = 3, signer = seat } = fields
  const committee = read(chain.state, committees, 0)
  if (committee === undefined) throw new Error('no committee')
  const { chainId } = chain.genesis
  const root = committeeRoot(committee)
  const message = voteMessage({ kind, chainId, epoch: 0, view, committeeRoot: root, block })
  const { secret } = testEpochKey(blsBlst, signer, 0)
  const signature = blsBlst.sign(secret, message)
  return Vote.encode({ kind, epoch: 0, view, block, seat, signature, leaderSignature: none })
}

function evidenceOf(
  chain: TestChain,
  kind: EvidenceKind,
  first: Uint8Array,
  second: Uint8Array,
): DecodedTransaction {
  return unsigned(chain, { evidence: { ...nothingShown, kind, first, second } })
}

function check(chain: TestChain, transaction: DecodedTransaction): string {
  const timeMs = testStartMs + 20_000
  const result = checkTransaction(chain.state, transaction, timeMs, chain.env)
  return result.ok ? 'ok' : result.error.code
}

const doubleVote = (chain: TestChain, seat = 0, view = 3): DecodedTransaction =>
  evidenceOf(
    chain,
    EvidenceKind.E2_DOUBLE_VOTE,
    voteOf(chain, { kind: VoteKind.VOTE, block: blockA, seat, view }),
    voteOf(chain, { kind: VoteKind.VOTE, block: blockB, seat, view }),
  )

describe('EVID-1 evidence', () => {
  const cases: readonly (readonly [EvidenceKind, VoteKind, VoteKind])[] = [
    [EvidenceKind.E1_DOUBLE_PROPOSE, VoteKind.PROPOSE, VoteKind.PROPOSE],
    [EvidenceKind.E2_DOUBLE_VOTE, VoteKind.VOTE, VoteKind.VOTE],
    [EvidenceKind.E3_DOUBLE_COMMIT, VoteKind.COMMIT, VoteKind.COMMIT],
    [EvidenceKind.E4_COMMIT_AND_SKIP, VoteKind.COMMIT, VoteKind.SKIP],
  ]
  it.each(cases)(
    '%s: two signatures of one seat that contradict each other',
    (kind, left, right) => {
      const chain = fresh()
      const first = voteOf(chain, { kind: left, block: blockA })
      const block = right === VoteKind.SKIP ? none : blockB
      const second = voteOf(chain, { kind: right, block })
      expect(check(chain, evidenceOf(chain, kind, first, second))).toBe('ok')
      const others = cases.filter(([other]) => other !== kind)
      for (const [other] of others) {
        expect(check(chain, evidenceOf(chain, other, first, second))).toBe('EVIDENCE_INVALID')
      }
    },
  )

  it('SIG-2: honest votes, of other views, of other seats or forged, convict nobody', () => {
    const chain = fresh()
    const kind = EvidenceKind.E2_DOUBLE_VOTE
    const first = voteOf(chain, { kind: VoteKind.VOTE, block: blockA })
    const vote = (fields: Partial<Parameters<typeof voteOf>[1]>): Uint8Array =>
      voteOf(chain, { kind: VoteKind.VOTE, block: blockB, ...fields })
    for (const second of [
      first,
      vote({ view: 4 }),
      vote({ seat: 1 }),
      vote({ signer: 1 }),
      vote({ kind: VoteKind.COMMIT }),
      vote({ block: new Uint8Array(31) }),
      none,
      vote({}).slice(1),
    ]) {
      expect(check(chain, evidenceOf(chain, kind, first, second))).toBe('EVIDENCE_INVALID')
    }
    const unknown = evidenceOf(chain, EvidenceKind.EVIDENCE_UNSPECIFIED, first, vote({}))
    expect(check(chain, unknown)).toBe('EVIDENCE_KIND')
  })

  it('counts once by kind, epoch, view and seat', () => {
    const chain = fresh()
    addBlock(chain, testStartMs + 1_000, [doubleVote(chain)])
    const swapped = evidenceOf(
      chain,
      EvidenceKind.E2_DOUBLE_VOTE,
      voteOf(chain, { kind: VoteKind.VOTE, block: blockB }),
      voteOf(chain, { kind: VoteKind.VOTE, block: blockA }),
    )
    expect(check(chain, swapped)).toBe('EVIDENCE_KNOWN')
    const stake = stakeOf(validatorOf(chain.state, keysOf(chain, 0).account) ?? (none as never))
    const { receipts } = addBlock(chain, testStartMs + 2_000, [doubleVote(chain, 0, 9)])
    expect(receipts[0]?.amountMicro).toBe(0n)
    const after = validatorOf(chain.state, keysOf(chain, 0).account)
    expect(after && stakeOf(after)).toBe(stake)
    expect(after?.convictions).toBe(1)
  })
})

describe('EVID-2 slash', () => {
  it.each([
    [1, 5n],
    [2, 20n],
    [3, 45n],
    [4, 80n],
    [5, 100n],
    [9, 100n],
  ])('%i convicted seats lose %d per cent each', (convicted, percent) => {
    expect(slashOf(1_000n, 500, convicted)).toBe(10n * percent)
  })

  it('five per cent at once, the rest when all are known, and stake stays until then', () => {
    const chain = fresh()
    const stakeMicro = 20_000n * microPerEmo
    const unbond = signed(chain, keysOf(chain, 0), { unbond: { amountMicro: stakeMicro / 2n } })
    addBlock(chain, testStartMs + 1_000, [unbond, doubleVote(chain, 0)])
    addBlock(chain, testStartMs + 2_000, [doubleVote(chain, 1)])
    const held = (index: number): bigint => {
      const validator = validatorOf(chain.state, keysOf(chain, index).account)
      return validator === undefined ? -1n : stakeOf(validator)
    }
    expect([held(0), held(1), held(2)]).toEqual([
      (stakeMicro * 95n) / 100n,
      (stakeMicro * 95n) / 100n,
      stakeMicro,
    ])
    const settleMs = testStartMs + 2_000 + protocol.settleAfterMs
    const unbondedMs = testStartMs + 1_000 + 14 * 86_400_000
    addBlock(chain, settleMs)
    expect(held(0)).toBe((stakeMicro * 80n) / 100n)
    expect(held(1)).toBe((stakeMicro * 80n) / 100n)
    expect(list(chain.state, convictions)).toEqual([])
    expect(readSingle(chain.state, supply).burntMicro).toBe((stakeMicro * 40n) / 100n)
    expect(supplyIsConserved(chain.state)).toBe(true)
    addBlock(chain, unbondedMs)
    addBlock(chain, unbondedMs + 1, [signed(chain, keysOf(chain, 0), { withdraw: {} })])
    expect(supplyIsConserved(chain.state)).toBe(true)
  })

  it('EVID-3: a convicted validator is not drawn again for a day, twice means for good', () => {
    const chain = fresh()
    addBlock(chain, testStartMs + 1_000, [doubleVote(chain, 2)])
    const ready = readyOf(chain, 2)
    const result = tryBlock(chain, testBlock(chain, testStartMs + 2_000, [ready]))
    expect(result).toMatchObject({
      error: { cause: { code: 'READY_NOT_ELIGIBLE', reason: 'JAILED' } },
    })
    const account = keysOf(chain, 2).account
    expect(validatorOf(chain.state, account)?.jailedUntilEpoch).toBe(2_880)
    expect(protocol.convictionsForGood).toBe(2)
  })
})

describe('RECOVER-1 restart', () => {
  const restartKeys = testKeys(blsBlst, 900)

  function restartOf(
    chain: TestChain,
    change: {
      attempt?: number
      seats?: readonly number[]
      key?: Uint8Array
      base?: Uint8Array
      named?: number
    } = {},
  ): DecodedTransaction {
    const { attempt = 1, seats = [4, 5, 0], key = restartKeys.seed } = change
    const { epoch } = readSingle(chain.state, epochRecord)
    const base = change.base ?? testBlock(chain, testStartMs + 9_000).header.parent
    const committee: Committee = {
      epoch,
      seats: seats.map((index) => ({
        validator: keysOf(chain, index).account,
        epochKey: testEpochKey(blsBlst, index, 99).publicKey,
        sharingKey: testSharingKey(index, 99),
        power: 1,
        peerId: 'restarted',
        score: 7_500,
      })),
      leaders: seats.map((_, index) => index),
      attempt: change.named ?? attempt,
    }
    const fields = { epoch, attempt, base, committee }
    const signature = ed25519Sign(key, restartMessage(chain.genesis.chainId, fields))
    return unsigned(chain, { restart: { ...fields, signature, voters: new Uint8Array(0) } })
  }

  /** Header of a block that a restart opens: the new committee proposes. */
  function restarted(chain: TestChain, restart: DecodedTransaction, timeMs: number): string {
    const committee = restart.transaction.restart?.committee
    if (committee === undefined) throw new Error('no committee')
    const { parent } = testBlock(chain, timeMs).header
    const start = startBlock(
      chain.state,
      { header: { timeMs, parent }, transactions: [restart] },
      chain.env,
    )
    const led = testBlock(chain, timeMs, [restart], {
      ...(start.ok && {
        nextCommitteeRoot: start.value.derived.nextCommitteeRoot,
        enrolmentRoot: start.value.derived.enrolmentRoot,
      }),
      seat: 0,
      committeeRoot: committeeRoot(committee),
    })
    const result = tryBlock(chain, led)
    if (!result.ok) {
      return result.error.code === 'BLOCK_TX_INVALID' ? result.error.cause.code : result.error.code
    }
    chain.state = result.value.state
    return 'ok'
  }

  it('the restart key seats a new committee in the first transaction of a block', () => {
    const chain = fresh()
    expect(restarted(chain, restartOf(chain), testStartMs + 9_000)).toBe('ok')
    const committee = read(chain.state, committees, 0)
    expect(committee?.seats.map((seat) => seat.validator)).toEqual(
      [4, 5, 0].map((index) => keysOf(chain, index).account),
    )
    // REP-1: the turns of those whom it replaced are not those of its seats.
    expect(readSingle(chain.state, tip)).toMatchObject({ led: [1, 0, 0], missed: [0, 0, 0] })
    addBlock(chain, testStartMs + 10_000)
    expect(restarted(chain, restartOf(chain), testStartMs + 11_000)).toBe('RESTART_STALE')
    expect(restarted(chain, restartOf(chain, { attempt: 2 }), testStartMs + 11_000)).toBe('ok')
  })

  it('is refused elsewhere, from other keys, on other bases and with bad committees', () => {
    const atMs = testStartMs + 9_000
    const chain = fresh()
    expect(restarted(chain, restartOf(chain, { key: blockA }), atMs)).toBe('RESTART_SIGNATURE')
    expect(restarted(chain, restartOf(chain, { base: blockA }), atMs)).toBe('RESTART_STALE')
    expect(restarted(chain, restartOf(chain, { seats: [4, 4] }), atMs)).toBe('RESTART_COMMITTEE')
    expect(check(chain, restartOf(chain))).toBe('RESTART_PLACE')
    const strict = createTestChain(blsBlst, { validators: 6, seats: 4, withDevnet: false })
    addBlock(strict, testStartMs)
    expect(restarted(strict, restartOf(strict), atMs)).toBe('RESTART_FORBIDDEN')
  })

  it('waits until the base is old enough, and names its own attempt', () => {
    const chain = fresh()
    const { restartAfterMs } = params
    const soon = testStartMs + restartAfterMs - 1
    expect(restarted(chain, restartOf(chain), soon)).toBe('RESTART_EARLY')
    expect(restarted(chain, restartOf(chain, { named: 0 }), soon + 1)).toBe('RESTART_COMMITTEE')
    expect(restarted(chain, restartOf(chain), soon + 1)).toBe('ok')
  })

  it('drops what the silent seats had prepared: the named committee stays on (COM-5)', () => {
    const chain = fresh()
    addBlock(chain, testStartMs + 10_000)
    addBlock(chain, testStartMs + 20_000)
    expect(readSingle(chain.state, epochRecord).selected).toBe(true)
    expect(read(chain.state, committees, 1)?.seats).toHaveLength(4)
    expect(restarted(chain, restartOf(chain), testStartMs + 29_000)).toBe('ok')
    // It begins the sharing anew, too late for a deal: the next block ends the epoch (BEACON-7).
    expect(readSingle(chain.state, epochRecord).epoch).toBe(0)
    addBlock(chain, testStartMs + 29_500)
    expect(readSingle(chain.state, epochRecord).epoch).toBe(1)
    const next = read(chain.state, committees, 1)
    expect(next?.attempt).toBe(0)
    expect(next?.seats.map((seat) => seat.validator)).toEqual(
      [4, 5, 0].map((index) => keysOf(chain, index).account),
    )
  })

  it('ENC-1: bytes that are no canonical transaction are refused', () => {
    const { bytes } = restartOf(fresh())
    expect(() => decoded(bytes.slice(1))).toThrow()
    expect(() => decoded(Uint8Array.of(...bytes, 0x18, 0))).toThrow()
  })
})
