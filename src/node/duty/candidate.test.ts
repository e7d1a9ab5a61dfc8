import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { addBlock, createTestChain, type TestChain } from '../../core/ledger/testChain.fixture.ts'
import type { DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import { confirmOf, keysOf, readyOf } from '../../core/ledger/testDuty.fixture.ts'
import { epochSummary } from '../snapshot.ts'
import { describeCandidate, type Candidacy } from './candidate.ts'

const drawn = [0, 1, 2, 3]
const away = 4
const ready: Candidacy = {
  progress: undefined,
  readyFor: 1,
  obstacle: undefined,
  isLive: true,
  minute: undefined,
}
const minute = { epoch: 2, windowEndMs: 77_000 }

/** The first epoch until `untilMs` after its first block; the fifth validator says nothing. */
function chainUntil(untilMs: number): TestChain {
  const chain = createTestChain(bls, { validators: 5, seats: 4 })
  const firstMs = readSingle(chain.state, epochRecord).boundaryMs + 2_000
  const add = (atMs: number, transactions: readonly DecodedTransaction[] = []): void => {
    if (atMs <= untilMs) addBlock(chain, firstMs + atMs, transactions)
  }
  add(0)
  add(
    4_000,
    drawn.map((index) => readyOf(chain, index)),
  )
  add(10_000)
  // Each shows a state that a block after it holds.
  const confirms = untilMs < 13_000 ? [] : drawn.map((index) => confirmOf(chain, index))
  add(12_000)
  add(13_000, confirms)
  add(20_000)
  return chain
}

function dutyOf(chain: TestChain, index: number, candidacy: Candidacy = ready) {
  return describeCandidate(chain.state, keysOf(chain, index).account, candidacy)
}

describe('UX-1 where one stands in the draw', () => {
  it('is ready until seats are drawn', () => {
    const sent = { state: 'ready', epoch: 1, onChain: false }
    expect(dutyOf(chainUntil(0), 0)).toEqual(sent)
    expect(dutyOf(chainUntil(4_000), 0)).toEqual({ ...sent, onChain: true })
  })

  it('COM-6 stays drawn when the committee is fixed, and then knows the seat', () => {
    expect(dutyOf(chainUntil(13_000), 0)).toMatchObject({ state: 'confirmed', epoch: 1 })
    const fixed = chainUntil(20_000)
    const seats = drawn.map((index) => {
      const duty = dutyOf(fixed, index)
      return duty.state === 'confirmed' ? duty.seat : undefined
    })
    expect(seats.toSorted()).toEqual(drawn)
  })

  it('says of who was not drawn when the next chance comes, in time and epoch', () => {
    const fixed = chainUntil(20_000)
    const { epoch, startMs, lengthMs } = epochSummary(fixed.state, {
      running: undefined,
      identity: undefined,
      nowMs: 0,
    })
    const nextAtMs = startMs + 2 * lengthMs
    expect(dutyOf(fixed, away)).toEqual({ state: 'idle', nextEpoch: epoch + 2, nextAtMs })
  })

  it('names the obstacle of who could not be ready', () => {
    const without: Candidacy = { ...ready, readyFor: 0, obstacle: 'NO_SENSOR', isLive: false }
    const duty = dutyOf(chainUntil(20_000), away, without)
    expect(duty).toEqual({ state: 'absent', reason: 'NO_SENSOR' })
  })

  it('measures while a minute is recorded, and nothing but the sensor was in the way', () => {
    const chain = chainUntil(0)
    const measuring = { state: 'measuring', ...minute }
    const at = (change: Partial<Candidacy>) =>
      dutyOf(chain, away, { ...ready, readyFor: 0, minute, ...change })
    expect(at({})).toEqual(measuring)
    for (const obstacle of [
      'NO_SENSOR',
      'SENSOR_LOST',
      'SIGNAL_GAP',
      'SIGNAL_TOO_SHORT',
    ] as const) {
      expect(at({ obstacle })).toEqual(measuring)
      // Once it is whole nothing is in the way any more.
      expect(at({ obstacle, minute: undefined })).toMatchObject({ state: 'idle' })
    }
    expect(at({ obstacle: 'PROOF_FAILED' })).toEqual({ state: 'absent', reason: 'PROOF_FAILED' })
    expect(at({ readyFor: 1 })).toMatchObject({ state: 'ready' })
    expect(at({ progress: { stage: 'witness', percent: 4 } })).toMatchObject({ state: 'proving' })
  })
})

describe('UX-1 the epoch as the page shows it', () => {
  it('knows the own seat of the next committee, also without one now', () => {
    const { state, keys } = chainUntil(20_000)
    const mine = (identity: Uint8Array | undefined): number | undefined =>
      epochSummary(state, { running: undefined, identity, nowMs: 0 }).nextSeats?.filter(
        (seat) => seat.mine,
      ).length
    expect(drawn.map((index) => mine(keys[index]?.account))).toEqual([1, 1, 1, 1])
    expect(mine(keys[away]?.account)).toBe(0)
    expect(mine(undefined)).toBe(0)
  })
})
