import { describe, expect, it } from 'vitest'
import type { RestartPayload, RestartRecord } from '../codec/restart.ts'
import { blockAt } from './testRestart.fixture.ts'
import {
  mayApprove,
  mayVoteOnCheckpoint,
  ownAttempt,
  seatMaySign,
  signedRecord,
} from './voterRules.ts'

const params = { restartAfterMs: 120_000 }

function payload(change: Partial<RestartPayload> = {}): RestartPayload {
  const place = { chainId: 'restart-test', votersRoot: blockAt(1), epoch: 9, attempt: 3 }
  return { ...place, base: blockAt(2), committeeRoot: blockAt(3), ...change }
}

const none = { epoch: 0, attempt: 0 }

const stored = (): RestartRecord => signedRecord(undefined, payload())!

describe('RECOVER-1 what a voter signs', () => {
  it('one payload an attempt, and never one of an attempt or epoch before', () => {
    const record = stored()
    expect(signedRecord(record, payload())).toEqual(record)
    expect(signedRecord(record, payload({ base: blockAt(4) }))).toBeUndefined()
    expect(signedRecord(record, payload({ committeeRoot: blockAt(4) }))).toBeUndefined()
    expect(signedRecord(record, payload({ attempt: 2 }))).toBeUndefined()
    expect(signedRecord(record, payload({ epoch: 8, attempt: 7 }))).toBeUndefined()
    expect(signedRecord(record, payload({ attempt: 4, base: blockAt(4) }))?.attempt).toBe(4)
    expect(signedRecord(record, payload({ epoch: 10, attempt: 1 }))?.epoch).toBe(10)
  })

  it('nothing any more as a seat of a committee that the attempt replaces', () => {
    const record = stored()
    expect(seatMaySign(undefined, { epoch: 9, attempt: 0 })).toBe(true)
    expect(seatMaySign(record, { epoch: 9, attempt: 0 })).toBe(false)
    expect(seatMaySign(record, { epoch: 9, attempt: 2 })).toBe(false)
    expect(seatMaySign(record, { epoch: 9, attempt: 3 })).toBe(true)
    expect(seatMaySign(record, { epoch: 10, attempt: 0 })).toBe(true)
  })

  it('no checkpoint from that epoch on, but above that restart or a later one', () => {
    const record = stored()
    const may = (epoch: number, attempt: number, taken = 9, signed = record): boolean =>
      mayVoteOnCheckpoint(signed, { epoch }, { epoch: taken, attempt }, { checkpointEpochs: 20 })
    expect(mayVoteOnCheckpoint(undefined, { epoch: 9 }, none, { checkpointEpochs: 20 })).toBe(true)
    expect(may(8, 0, 0)).toBe(true)
    expect(may(9, 0, 0)).toBe(false)
    expect(may(29, 2)).toBe(false)
    expect(may(29, 3)).toBe(true)
    expect(may(29, 5)).toBe(true)
    // Of an earlier epoch it says nothing; one of a later epoch is of 2/3 who stand on this chain.
    expect(may(29, 5, 8)).toBe(false)
    expect(may(29, 1, 10)).toBe(true)
  })

  it('not for good, when the attempt brought nothing: two checkpoints later it votes again', () => {
    const may = (epoch: number): boolean =>
      mayVoteOnCheckpoint(stored(), { epoch }, none, { checkpointEpochs: 20 })
    expect(may(48)).toBe(false)
    expect(may(49)).toBe(true)
  })

  it('only the base that is the newest final block here', () => {
    const own = { epoch: 9, height: 50, hash: blockAt(50) }
    expect(mayApprove({ epoch: 9, height: 50, base: blockAt(50) }, own)).toBe(true)
    expect(mayApprove({ epoch: 9, height: 49, base: blockAt(49) }, own)).toBe(false)
    expect(mayApprove({ epoch: 9, height: 51, base: blockAt(51) }, own)).toBe(false)
    expect(mayApprove({ epoch: 9, height: 50, base: blockAt(51) }, own)).toBe(false)
    expect(mayApprove({ epoch: 8, height: 50, base: blockAt(50) }, own)).toBe(false)
  })
})

describe('RECOVER-1 when an attempt begins', () => {
  const tip = { boundaryMs: 1_000_000, timeMs: 1_010_000, lastAttempt: 0 }

  it('120 s after the newest final block, counted from the boundary for everybody', () => {
    expect(ownAttempt(tip, 1_129_999, params)).toBeUndefined()
    expect(ownAttempt(tip, 1_130_000, params)).toBe(1)
    expect(ownAttempt({ ...tip, timeMs: 1_000_500 }, 1_130_000, params)).toBe(1)
    expect(ownAttempt(tip, 1_239_999, params)).toBe(1)
    expect(ownAttempt(tip, 1_240_000, params)).toBe(2)
  })

  it('a restart that halts again has a later attempt, and none is repeated', () => {
    expect(ownAttempt({ ...tip, lastAttempt: 1 }, 1_239_999, params)).toBeUndefined()
    const again = { ...tip, timeMs: 1_150_000, lastAttempt: 1 }
    expect(ownAttempt(again, 1_269_999, params)).toBeUndefined()
    expect(ownAttempt(again, 1_270_000, params)).toBe(2)
  })

  it('a clock that stands before the boundary begins nothing', () => {
    expect(ownAttempt(tip, 0, params)).toBeUndefined()
  })
})
