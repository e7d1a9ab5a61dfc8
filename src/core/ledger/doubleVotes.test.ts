import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { compareBytes, concat } from '../base/bytes.ts'
import { listDoubleSigners } from '../checkpoint/doubleSigners.ts'
import { checkpointMessage } from '../checkpoint/message.ts'
import type { DoubleCheckpoint } from '../codec/chain.ts'
import { SignedCheckpoint, type CheckpointContent } from '../codec/checkpoint.ts'
import { protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { settleDoubleVotes } from './doubleVotes.ts'
import { list, read, readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { doubleVoteMarks, doubleVotes, parameters, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  testStartMs,
  unsigned,
  type TestChain,
} from './testChain.fixture.ts'
import { checkpointSecret, closeEpoch, leaseOf } from './testCheckpoints.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import { isJailed, stakeOf, validatorOf } from './validators.ts'

const params = { checkpointEpochs: 1 }
const chain = createTestChain(blsBlst, { validators: 6, seats: 4, params })
addBlock(
  chain,
  testStartMs,
  [0, 1, 2, 3, 4, 5].map((index) => leaseOf(chain, index)),
)
closeEpoch(chain)
// The boundary of epoch 0 has founded: all six vote.
const startMs = testStartMs + 30_000
addBlock(chain, startMs)

const own = readSingle(chain.state, parameters)

const votersRoot = new Uint8Array(32).fill(9)
const content: CheckpointContent = {
  number: 3,
  epoch: 59,
  height: 1_800,
  timeMs: 7,
  header: new Uint8Array(32).fill(1),
  stateRoot: new Uint8Array(32).fill(2),
  nextVotersRoot: new Uint8Array(32).fill(3),
  beacon: new Uint8Array(32).fill(4),
}

function signedBy(index: number, change: Partial<CheckpointContent> = {}, turn = 0): Uint8Array {
  const changed = { ...content, ...change }
  const message = checkpointMessage({ chainId: 'emo-test', votersRoot, content: changed })
  const signature = blsBlst.sign(checkpointSecret(index, turn), message)
  return SignedCheckpoint.encode({ votersRoot, content: changed, signature })
}

const none = new Uint8Array(0)
const otherRoot = { stateRoot: new Uint8Array(32).fill(7) }

function accusation(index: number, change: Partial<DoubleCheckpoint> = {}): DoubleCheckpoint {
  return {
    key: blsBlst.publicKey(checkpointSecret(index)),
    first: signedBy(index),
    second: signedBy(index, otherRoot),
    keys: none,
    firstVoters: none,
    secondVoters: none,
    ...change,
  }
}

function outcome(on: TestChain, doubleCheckpoint: DoubleCheckpoint): string {
  const timeMs = readSingle(on.state, tip).timeMs + 1
  const checked = checkTransaction(on.state, unsigned(on, { doubleCheckpoint }), timeMs, on.env)
  return checked.ok ? 'ok' : checked.error.code
}

function convicted(indices: readonly number[]): TestChain {
  const after = { ...chain }
  const accusations = indices.map((index) =>
    unsigned(after, { doubleCheckpoint: accusation(index) }),
  )
  addBlock(after, startMs + 100, accusations)
  return after
}

const stakeIn = (on: TestChain, index: number): bigint =>
  stakeOf(validatorOf(on.state, keysOf(on, index).account)!)

describe('EVID-1 CKPT-1 E11: two contents for one number', () => {
  it.each<[string, Partial<DoubleCheckpoint>, string]>([
    ['contradict whatever differs', {}, 'ok'],
    ['of one content are no offence', { second: signedBy(0) }, 'EVIDENCE_INVALID'],
    ['of two numbers are none', { second: signedBy(0, { number: 4 }) }, 'EVIDENCE_INVALID'],
    ['by two validators are none', { second: signedBy(1, otherRoot) }, 'EVIDENCE_INVALID'],
    [
      'by a key that nobody registered accuse nobody',
      {
        key: blsBlst.publicKey(checkpointSecret(0, 5)),
        first: signedBy(0, {}, 5),
        second: signedBy(0, otherRoot, 5),
      },
      'EVIDENCE_INVALID',
    ],
    ['are canonical', { first: Uint8Array.of(...signedBy(0), 0) }, 'EVIDENCE_INVALID'],
    ['are no nonsense', { first: new Uint8Array(600), key: new Uint8Array(0) }, 'EVIDENCE_INVALID'],
  ])('%s', (_name, change, code) => {
    expect(outcome(chain, accusation(0, change))).toBe(code)
  })

  it('convict once a validator and number, also with a key it has replaced', () => {
    const after = { ...chain }
    addBlock(after, startMs + 50, [leaseOf(after, 0, 1)])
    expect(outcome(after, accusation(0))).toBe('ok')
    addBlock(after, startMs + 100, [unsigned(after, { doubleCheckpoint: accusation(0) })])
    const swapped = accusation(0, { first: signedBy(0, otherRoot), second: signedBy(0) })
    expect(outcome(after, swapped)).toBe('EVIDENCE_KNOWN')
  })
})

/** Signed by the first of these together on one content, by the second on another. */
function pair(
  first: readonly number[],
  second: readonly number[],
  change: Partial<DoubleCheckpoint> = {},
): DoubleCheckpoint {
  const keysOfAll = (indices: readonly number[]): readonly Uint8Array[] =>
    indices.map((index) => blsBlst.publicKey(checkpointSecret(index)))
  const sum = (indices: readonly number[], what: Partial<CheckpointContent>): Uint8Array => {
    const signatures = indices.map(
      (index) => SignedCheckpoint.decode(signedBy(index, what)).signature,
    )
    const signature = blsBlst.aggregateSignatures(signatures)!
    return SignedCheckpoint.encode({ votersRoot, content: { ...content, ...what }, signature })
  }
  const listed = listDoubleSigners(keysOfAll(first), keysOfAll(second))!
  return { ...listed, first: sum(first, {}), second: sum(second, otherRoot), ...change }
}

describe('EVID-1 CKPT-1 E11: two aggregates', () => {
  const marked = (on: TestChain): readonly number[] =>
    [0, 1, 2, 3, 4, 5].filter((index) =>
      read(on.state, doubleVoteMarks, { account: keysOf(on, index).account, number: 3 }),
    )
  const after = (on: TestChain, ...accusations: readonly DoubleCheckpoint[]): TestChain => {
    const next = { ...on }
    const timeMs = readSingle(next.state, tip).timeMs + 100
    const transactions = accusations.map((doubleCheckpoint) => unsigned(next, { doubleCheckpoint }))
    addBlock(next, timeMs, transactions)
    return next
  }

  it('convict all who are in both, at once, and nobody else', () => {
    const next = after(chain, pair([0, 1, 2, 3], [1, 2, 3, 4]))
    expect(marked(next)).toEqual([1, 2, 3])
    expect(stakeIn(next, 2)).toBe((stakeIn(chain, 2) * 95n) / 100n)
    expect(stakeIn(next, 0)).toBe(stakeIn(chain, 0))
    expect(supplyIsConserved(next.state)).toBe(true)
  })

  it('convict those whom nobody accused before, once', () => {
    const next = after(convicted([1]), pair([0, 1, 2], [1, 2]))
    expect(marked(next)).toEqual([1, 2])
    expect(stakeIn(next, 1)).toBe((stakeIn(chain, 1) * 95n) / 100n)
    expect(outcome(next, pair([1, 2, 3], [1, 2, 5]))).toBe('EVIDENCE_KNOWN')
    expect(outcome(next, accusation(2))).toBe('EVIDENCE_KNOWN')
  })

  it('or one and a single vote', () => {
    expect(marked(after(chain, pair([3], [2, 3, 4])))).toEqual([3])
  })

  const whole = pair([0, 1, 2], [1, 2, 3])
  const last = whole.keys.length - 48
  const reversed = new Uint8Array(
    [3, 2, 1, 0].flatMap((at) => [...whole.keys.subarray(48 * at, 48 * at + 48)]),
  )
  const ordered = [0, 1, 2, 3].map((at) => whole.keys.subarray(48 * at, 48 * at + 48))
  const strange = [...ordered.slice(0, 3), blsBlst.publicKey(checkpointSecret(0, 5))]
  it.each<[string, Partial<DoubleCheckpoint>]>([
    ['another voter in the first', { firstVoters: whole.secondVoters }],
    ['nobody in both', { secondVoters: Uint8Array.of(15 & ~(whole.firstVoters[0] ?? 0)) }],
    ['a bit above the keys', { firstVoters: Uint8Array.of((whole.firstVoters[0] ?? 0) | 16) }],
    ['half a key', { keys: whole.keys.subarray(0, last + 47) }],
    ['keys in another order', { keys: reversed }],
    ['a key that nobody registered', { keys: concat(...strange.toSorted(compareBytes)) }],
    ['another one accused first', { key: blsBlst.publicKey(checkpointSecret(0)) }],
    ['the same content twice', { second: whole.first, secondVoters: whole.firstVoters }],
    ['bitmaps without keys', { keys: none }],
  ])('with %s accuse nobody', (_name, change) => {
    expect(outcome(chain, { ...whole, ...change })).toBe('EVIDENCE_INVALID')
  })

  it('of 157 voters fit a transaction', () => {
    const keys = Array.from({ length: 157 }, (_, at) => new Uint8Array(48).fill(at))
    const listed = listDoubleSigners(keys, keys)!
    const { bytes } = unsigned(chain, { doubleCheckpoint: { ...whole, ...listed } })
    expect(bytes.length).toBeLessThan(own.transactionBytesMax)
  })
})

describe('EVID-2 CKPT-1 what E11 costs', () => {
  const later = (on: TestChain, ms: number): TestChain => {
    const timeMs = readSingle(on.state, tip).timeMs + ms
    return { ...on, state: settleDoubleVotes(on.state, { timeMs, epoch: 1 }, own) }
  }

  it('5 % at once, jail, and stake that stays locked', () => {
    const after = convicted([0])
    expect(stakeIn(after, 0)).toBe((stakeIn(chain, 0) * 95n) / 100n)
    const validator = validatorOf(after.state, keysOf(after, 0).account)!
    expect(isJailed(validator, own.jailEpochs - 1)).toBe(true)
    expect(validator.lockedUntilMs).toBe(startMs + 100 + protocol.settleAfterMs)
    expect(supplyIsConserved(after.state)).toBe(true)
  })

  it('13 days later the rest: 61.25 % for a sixth of the stake, 5 % · (21 / 6)²', () => {
    const settled = later(convicted([0]), protocol.settleAfterMs)
    expect(stakeIn(settled, 0)).toBe((stakeIn(chain, 0) * 3_875n) / 10_000n)
  })

  it('and all of it for a third together', () => {
    const after = convicted([0, 1])
    const early = later(after, protocol.settleAfterMs - 1)
    expect(stakeIn(early, 0)).toBe(stakeIn(after, 0))
    const settled = later(after, protocol.settleAfterMs)
    expect([stakeIn(settled, 0), stakeIn(settled, 1)]).toEqual([0n, 0n])
    expect(stakeIn(settled, 2)).toBe(stakeIn(chain, 2))
    expect(list(settled.state, doubleVotes)).toEqual([])
    expect(supplyIsConserved(settled.state)).toBe(true)
    expect(outcome(settled, accusation(0))).toBe('EVIDENCE_KNOWN')
  })
})
