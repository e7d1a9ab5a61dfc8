import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import type { Attest } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'
import { accountOf } from './accounts.ts'
import { checkTransaction } from './checkTransaction.ts'
import { countReview, reviewCounts } from './reviews.ts'
import { list, readSingle, stateRoot, writeSingle } from './state.ts'
import { draw, epochRecord, reviews } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testKeys,
  testStartMs,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, readyOf } from './testDuty.fixture.ts'
import { attestOf, reviewersOf } from './testReviews.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf, writeValidator } from './validators.ts'

const pristine = createTestChain(blsBlst, { validators: 12, seats: 4 })
addBlock(pristine, testStartMs)
/** Is ready for epoch 1, and several are drawn to review it. */
const maker = pristine.keys.findIndex((_, index) => reviewersOf(pristine, index).length > 1)
const ready = readyOf(pristine, maker)
addBlock(pristine, testStartMs + 4_000, [ready])
const fresh = (): TestChain => ({ ...pristine })
const drawn = reviewersOf(pristine, maker)
const [reviewer = -1, second = -1] = drawn
const passedOver = pristine.keys.findIndex((_, index) => index !== maker && !drawn.includes(index))

function check(chain: TestChain, transaction: DecodedTransaction, timeMs = 5_000): string {
  const result = checkTransaction(chain.state, transaction, testStartMs + timeMs, chain.env)
  return result.ok ? 'ok' : result.error.code
}

function withReviewer(change: Parameters<typeof writeValidator>[1] | object): TestChain {
  const chain = fresh()
  const validator = validatorOf(chain.state, keysOf(chain, reviewer).account)
  if (validator === undefined) throw new Error('the reviewer is a validator')
  return { ...chain, state: writeValidator(chain.state, { ...validator, ...change }, 0) }
}

describe('ZK-4 attest', () => {
  it('of a drawn reviewer counts, costs nothing, and changes nothing but its own count', () => {
    const chain = fresh()
    const { account } = keysOf(chain, reviewer)
    const before = accountOf(chain.state, account)
    addBlock(chain, testStartMs + 5_000, [attestOf(chain, reviewer, ready)])
    addBlock(chain, testStartMs + 6_000, [attestOf(chain, second, ready)])
    expect(
      [reviewer, second, maker].map((index) =>
        reviewCounts(chain.state, keysOf(chain, index).account),
      ),
    ).toEqual([1, 1, 0])
    expect(accountOf(chain.state, account)).toEqual(before)
  })

  it('decides about no seat: the draw is the same without it', () => {
    const [plain, reviewed] = [fresh(), fresh()]
    addBlock(plain, testStartMs + 5_000)
    addBlock(reviewed, testStartMs + 5_000, [attestOf(reviewed, reviewer, ready)])
    for (const chain of [plain, reviewed]) addBlock(chain, testStartMs + 10_000)
    expect(readSingle(reviewed.state, draw).seats).toHaveLength(1)
    expect(readSingle(reviewed.state, draw)).toEqual(readSingle(plain.state, draw))
  })

  const other = new Uint8Array(32).fill(7)
  const changes: readonly (readonly [string, Partial<Attest>])[] = [
    ['ok', {}],
    ['ATTEST_EPOCH', { epoch: 0 }],
    ['ATTEST_EPOCH', { epoch: 2 }],
    ['TX_FIELD', { validator: other.slice(1) }],
    ['TX_FIELD', { proofKey: other.slice(1) }],
    ['TX_FIELD', { proofKey: new Uint8Array(9_000) }],
    ['ATTEST_PROOF', { proofKey: other }],
  ]
  it.each(changes)('%s: %o', (code, change) => {
    expect(check(pristine, attestOf(pristine, reviewer, ready, change))).toBe(code)
  })

  it('is refused from others than drew the beacon, and of a READY that is not on the chain', () => {
    const chain = fresh()
    expect(check(chain, attestOf(chain, passedOver, ready))).toBe('ATTEST_NOT_DRAWN')
    expect(check(chain, attestOf(chain, maker, ready))).toBe('ATTEST_NOT_DRAWN')
    const missing = chain.keys.findIndex(
      (_, index) => index !== maker && reviewersOf(chain, index).length > 0,
    )
    const [early = -1] = reviewersOf(chain, missing)
    const unseen = readyOf(chain, missing)
    expect(check(chain, attestOf(chain, early, unseen))).toBe('ATTEST_NO_READY')
  })

  it('is about exact bytes: another proof of the same statement is another name', () => {
    const chain = fresh()
    const remade = readyOf(chain, maker, { proof: Uint8Array.of(9, 9) })
    expect(check(chain, attestOf(chain, reviewer, remade))).toBe('ATTEST_PROOF')
  })

  it('REPLAY-1 of another chain, of another sender and of yesterday is refused', () => {
    const chain = fresh()
    const { attest } = attestOf(chain, reviewer, ready).transaction
    const payload = attest === undefined ? {} : { attest }
    const keys = keysOf(chain, reviewer)
    expect(check(chain, signed(chain, keys, payload, { chainId: 'emo-other' }))).toBe('TX_CHAIN')
    const forged = { seed: keysOf(chain, 0).seed, account: keys.account }
    expect(check(chain, signed(chain, forged, payload))).toBe('TX_SIGNATURE')
    expect(check(chain, signed(chain, testKeys(blsBlst, 77), payload))).toBe('TX_NOT_VALIDATOR')
    expect(check(chain, signed(chain, keys, payload, { nonce: 1 }))).toBe('TX_FIELD')
    const late = signed(chain, keys, payload, { expiryEpoch: 9 })
    for (const atMs of [14_000, 20_000, 28_000, 30_000]) addBlock(chain, testStartMs + atMs)
    expect(check(chain, late, 31_000)).toBe('ATTEST_EPOCH')
    expect(list(chain.state, reviews)).toEqual([])
  })

  it('once a READY, and no more in an epoch than anybody is drawn for', () => {
    const chain = fresh()
    const review = attestOf(chain, reviewer, ready)
    addBlock(chain, testStartMs + 5_000, [review])
    expect(check(chain, review, 6_000)).toBe('ATTEST_QUOTA')
    const twice = tryBlock(fresh(), testBlock(fresh(), testStartMs + 5_000, [review, review]))
    expect(twice).toMatchObject({ error: { index: 1, cause: { code: 'ATTEST_QUOTA' } } })
    const account = keysOf(chain, second).account
    let { state } = pristine
    for (let count = 0; count < protocol.reviewsMax; count += 1) {
      const validator = hash('account', Uint8Array.of(count))
      state = countReview(state, { validator, reviewer: account })
    }
    expect(check({ ...pristine, state }, attestOf(pristine, second, ready))).toBe('ATTEST_QUOTA')
  })

  it('EPOCH-0 who came after the beacon, left, or is jailed reviews nobody', () => {
    for (const change of [
      { history: [] },
      { bondedMicro: 1n },
      { jailedUntilEpoch: 9 },
      { absent: true },
      { consentVersion: 0 },
      { credentialExpiry: 0 },
    ]) {
      const chain = withReviewer(change)
      expect(check(chain, attestOf(chain, reviewer, ready))).toBe('ATTEST_NOT_ELIGIBLE')
    }
  })

  it('has no beacon to be drawn by where the record has none', () => {
    const record = readSingle(pristine.state, epochRecord)
    const state = writeSingle(pristine.state, epochRecord, { ...record, beacons: [] })
    expect(reviewersOf({ ...pristine, state }, maker)).toEqual([])
    expect(stateRoot(state)).not.toEqual(stateRoot(pristine.state))
  })
})
