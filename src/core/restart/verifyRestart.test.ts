import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { bitmapOf } from '../base/bitmap.ts'
import { upTo } from '../checkpoint/testVoters.fixture.ts'
import { verifyList } from './list.ts'
import {
  blockAt,
  everybodyMay,
  listOf,
  recordOf,
  reportOf,
  restartEnvOf,
  signerAt,
} from './testRestart.fixture.ts'
import { verifyRestart } from './verifyRestart.ts'

const env = restartEnvOf([5_000n, ...upTo(6).map(() => 1_000n), 1n])
const stakeEnv = { ...env, aggregateSigned: env.bls.fastAggregateVerify }
const bytes = listOf(
  env,
  upTo(6).map((voter) => reportOf(env, voter)),
)!
const list = unwrap(verifyList(env, 3, { bytes, isEligible: everybodyMay }))
const sign = (voter: number, message: Uint8Array): Uint8Array => signerAt(env.set, voter)(message)
const record = (voters: readonly number[]) => recordOf(env, list, { voters, sign })

function codeOf(restart: Parameters<typeof verifyRestart>[1], where = stakeEnv): string {
  const verified = verifyRestart(where, restart)
  return verified.ok ? 'ok' : verified.error.code
}

describe('RECOVER-1 a record by stake', () => {
  it('holds with 2/3 of the stake of its set, compared exactly', () => {
    // 11,001 in all: 7,334 is the least that reaches 2/3.
    expect(codeOf(record([0, 1, 2, 3]))).toBe('ok')
    expect(codeOf(record([0, 1, 2]))).toBe('RESTART_STAKE')
    expect(codeOf(record([0, 1, 2, 7]))).toBe('RESTART_STAKE')
    expect(codeOf(record(upTo(6).map((at) => at + 1)))).toBe('RESTART_STAKE')
  })

  it('means nothing with another bitmap, base, attempt, epoch, committee, set or chain', () => {
    const good = record([0, 1, 2, 3])
    const { committee } = good
    const bitmap = (voters: readonly number[]) => bitmapOf(env.set.voters.length, voters)
    expect(codeOf({ ...good, voters: new Uint8Array(0) })).toBe('RESTART_VOTERS')
    expect(codeOf({ ...good, voters: new Uint8Array(2) })).toBe('RESTART_VOTERS')
    expect(codeOf({ ...good, voters: bitmap([0, 1, 2, 4]) })).toBe('RESTART_SIGNATURE')
    expect(codeOf({ ...good, voters: bitmap(upTo(8)) })).toBe('RESTART_SIGNATURE')
    expect(codeOf({ ...good, base: blockAt(51) })).toBe('RESTART_SIGNATURE')
    expect(codeOf({ ...good, signature: new Uint8Array(96) })).toBe('RESTART_SIGNATURE')
    expect(codeOf({ ...good, signature: new Uint8Array(0) })).toBe('RESTART_SIGNATURE')
    expect(codeOf({ ...good, attempt: 4 })).toBe('RESTART_COMMITTEE')
    expect(codeOf({ ...good, epoch: 10 })).toBe('RESTART_COMMITTEE')
    const later = { ...committee, attempt: 4 }
    expect(codeOf({ ...good, attempt: 4, committee: later })).toBe('RESTART_SIGNATURE')
    const never = { ...committee, attempt: 0 }
    expect(codeOf({ ...good, attempt: 0, committee: never })).toBe('RESTART_COMMITTEE')
    const three = { ...committee, seats: committee.seats.slice(1) }
    expect(codeOf({ ...good, committee: three })).toBe('RESTART_COMMITTEE')
    const led = { ...committee, leaders: committee.leaders.toReversed() }
    expect(codeOf({ ...good, committee: led })).toBe('RESTART_SIGNATURE')
    expect(codeOf(good, { ...stakeEnv, chainId: 'other' })).toBe('RESTART_SIGNATURE')
    const other = restartEnvOf([5_000n, ...upTo(6).map(() => 1_000n), 2n])
    expect(codeOf(good, { ...stakeEnv, set: other.set })).toBe('RESTART_SIGNATURE')
    expect(codeOf(good)).toBe('ok')
  })
})
