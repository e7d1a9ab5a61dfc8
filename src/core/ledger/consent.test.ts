import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import type { Validator } from '../codec/state.ts'
import { accountOf } from './accounts.ts'
import { checkTransaction } from './checkTransaction.ts'
import { enrolmentPath } from './enrolment.ts'
import { rootFromPath } from '../emotion/enrolmentTree.ts'
import { read, readSingle } from './state.ts'
import { committees, draw, epochRecord, parameters, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testStartMs,
  type TestChain,
} from './testChain.fixture.ts'
import { confirmOf, keysOf, livenessOf, readyOf } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { hasRevoked, isActive, stakeOf, validatorOf } from './validators.ts'

const pristine = createTestChain(blsBlst, { validators: 6, seats: 4, balanceMicro: 0n })
addBlock(pristine, testStartMs)
const fresh = (): TestChain => ({ ...pristine })
const now = (chain: TestChain): number => readSingle(chain.state, tip).timeMs + 1

function check(chain: TestChain, transaction: DecodedTransaction): string {
  const result = checkTransaction(chain.state, transaction, now(chain), chain.env)
  if (result.ok) return 'ok'
  return 'reason' in result.error ? result.error.reason : result.error.code
}

const revokeOf = (chain: TestChain, index: number, grantMark = 0): DecodedTransaction =>
  signed(chain, keysOf(chain, index), { consent: { version: 0, grantMark } })

const grantOf = (chain: TestChain, index: number, version = 1): DecodedTransaction =>
  signed(chain, keysOf(chain, index), { consent: { version, grantMark: 0 } })

function holder(chain: TestChain, index: number): Validator {
  const validator = validatorOf(chain.state, keysOf(chain, index).account)
  if (validator === undefined) throw new Error('no validator')
  return validator
}

function include(chain: TestChain, ...transactions: readonly DecodedTransaction[]): void {
  addBlock(chain, now(chain), transactions)
}

function drawnSeats(chain: TestChain): number {
  return readSingle(chain.state, draw).seats.length
}

describe('ZK-3 consent', () => {
  it('is revoked without an account that could pay, and costs nothing', () => {
    const chain = fresh()
    const stakeMicro = stakeOf(holder(chain, 4))
    include(chain, revokeOf(chain, 4))
    expect(hasRevoked(chain.state, keysOf(chain, 4).account)).toBe(true)
    expect(stakeOf(holder(chain, 4))).toBe(stakeMicro)
    expect(accountOf(chain.state, keysOf(chain, 4).account)).toMatchObject({ nonce: 0 })
    expect(holder(chain, 4)).toMatchObject({
      absent: true,
      absenceMark: 1,
      credentialExpiry: 0,
      jailedUntilEpoch: 0,
      convictions: 0,
    })
  })

  it('STATE-2: revoked, the leaf is empty, and no end of a credential fills it again', () => {
    const chain = fresh()
    const { enrolmentIndex } = holder(chain, 4)
    const isEmpty = (): boolean => {
      const path = enrolmentPath(chain.state, enrolmentIndex)
      return rootFromPath(0n, path) === path.root
    }
    expect(isEmpty()).toBe(false)
    include(chain, revokeOf(chain, 4))
    expect(isEmpty()).toBe(true)
    expect(check(chain, livenessOf(chain, 4, 6))).toBe('CONSENT_OLD')
    const end = signed(chain, keysOf(chain, 4), { endLiveness: { answeredMark: 0 } })
    expect(check(chain, end)).toBe('LIVENESS_NONE')
    include(chain, grantOf(chain, 4))
    expect(isEmpty()).toBe(false)
  })

  it('is looked at when READY executes, and again at the freeze', () => {
    const [before, after] = [fresh(), fresh()]
    include(before, revokeOf(before, 4))
    expect(check(before, readyOf(before, 4))).toBe('CREDENTIAL_ENDED')
    include(before, grantOf(before, 4))
    expect(check(before, readyOf(before, 4))).toBe('CREDENTIAL_ENDED')
    include(after, readyOf(after, 4), readyOf(after, 5))
    include(after, revokeOf(after, 4))
    addBlock(after, testStartMs + 10_000)
    expect(drawnSeats(after)).toBe(1)
  })

  it('gives back what the freeze block drew: a backup takes the place', () => {
    const chain = fresh()
    include(chain, ...[0, 1, 2, 3, 4].map((index) => readyOf(chain, index)))
    addBlock(chain, testStartMs + 10_000)
    expect(drawnSeats(chain)).toBe(5)
    const confirms = [0, 1, 2, 3, 4].map((index) => confirmOf(chain, index))
    addBlock(chain, testStartMs + 12_000)
    addBlock(chain, testStartMs + 13_000, confirms)
    include(chain, revokeOf(chain, 2))
    expect(drawnSeats(chain)).toBe(4)
    expect(check(chain, confirmOf(chain, 2))).toBe('CONFIRM_NOT_DRAWN')
    addBlock(chain, testStartMs + 20_000)
    const seats = read(chain.state, committees, 1)?.seats.map(({ validator }) => validator)
    expect(seats).toHaveLength(4)
    expect(seats).not.toContainEqual(keysOf(chain, 2).account)
  })

  it('leaves a committee that is fixed as it is: its root is in headers already', () => {
    const chain = fresh()
    const seats = read(chain.state, committees, 0)?.seats
    include(chain, revokeOf(chain, 0))
    expect(read(chain.state, committees, 0)?.seats).toEqual(seats)
    addBlock(chain, testStartMs + 14_000)
    addBlock(chain, testStartMs + 20_000)
    addBlock(chain, testStartMs + 28_000)
    expect(readSingle(chain.state, epochRecord).epoch).toBe(1)
    expect(readSingle(chain.state, epochRecord).active).toBe(5)
  })

  it('granted again it takes a new credential to be active', () => {
    const chain = fresh()
    include(chain, revokeOf(chain, 4))
    include(chain, grantOf(chain, 4))
    expect(holder(chain, 4)).toMatchObject({ consentVersion: 1, consentMark: 1, absent: true })
    const present = { ...holder(chain, 4), absent: false }
    const params = readSingle(chain.state, parameters)
    expect(isActive(present, 1, params)).toBe(false)
    const live = { ...present, credentialExpiry: 9 }
    expect(isActive(live, 1, params)).toBe(true)
  })

  it('REPLAY-1: neither a revocation nor a grant says anything a second time', () => {
    const chain = fresh()
    const revoked = revokeOf(chain, 4)
    include(chain, revoked)
    expect(check(chain, revoked)).toBe('CONSENT_NONE')
    // Nothing was granted in this epoch: it is refused for its expiry alone.
    const later = signed(
      chain,
      keysOf(chain, 4),
      { consent: { version: 1, grantMark: 0 } },
      { expiryEpoch: 1 },
    )
    expect(check(chain, later)).toBe('CONSENT_QUOTA')
    const granted = grantOf(chain, 4)
    include(chain, granted)
    expect(check(chain, revoked)).toBe('CONSENT_NONE')
    expect(check(chain, granted)).toBe('CONSENT_GIVEN')
    include(chain, revokeOf(chain, 4, 1))
    expect(check(chain, granted)).toBe('CONSENT_QUOTA')
    for (const offsetMs of [14_000, 20_000, 28_000, 30_000]) addBlock(chain, testStartMs + offsetMs)
    expect(check(chain, granted)).toBe('TX_EXPIRED')
    expect(check(chain, later)).toBe('ok')
  })

  it.each([
    ['CONSENT_VERSION', 2, 0],
    ['CONSENT_GIVEN', 1, 0],
    ['TX_FIELD', 1, 1],
    ['CONSENT_NONE', 0, 1],
    ['ok', 0, 0],
  ])('%s: version %i, mark %i', (code, version, grantMark) => {
    const chain = fresh()
    const consent = { version, grantMark }
    expect(check(chain, signed(chain, keysOf(chain, 4), { consent }))).toBe(code)
  })
})
