import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { AbsenceReason } from '../codec/chain.ts'
import { SharingPhase, type Validator } from '../codec/state.ts'
import { reputationAt } from '../committee/reputation.ts'
import { defaultParams, protocol } from '../params.ts'
import { measured } from './reputation.ts'
import { performanceOf } from './service.ts'
import { convict } from './slashing.ts'
import { readSingle, write, writeSingle, type LedgerState } from './state.ts'
import { sharingDeals, sharingRound, tip, validators } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testStartMs,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, readyOf } from './testDuty.fixture.ts'
import { isJailed, validatorOf } from './validators.ts'

const params = defaultParams
const pristine = createTestChain(blsBlst, { validators: 6, seats: 4 })
const fresh = (): TestChain => ({ ...pristine })
const leaders = pristine.derived.committee.leaders

function known(chain: Pick<TestChain, 'state' | 'keys'>, index: number): Validator {
  const validator = validatorOf(chain.state, keysOf(chain as TestChain, index).account)
  if (validator === undefined) throw new Error('it is registered')
  return validator
}

/** A block of the view's leader. */
function lead(
  chain: TestChain,
  view: number,
  offsetMs: number,
  absent: readonly number[] = [],
): void {
  const transactions = absent.map((index) =>
    signed(chain, keysOf(chain, index), { absence: { reason: AbsenceReason.POWER } }),
  )
  const seat = leaders[(view - 1) % leaders.length] ?? 0
  const block = testBlock(chain, testStartMs + offsetMs, transactions, { view, seat })
  const applied = tryBlock(chain, block)
  if (!applied.ok) throw new Error(applied.error.code)
  chain.state = applied.value.state
}

describe('REP-1 turns of a committee', () => {
  it('counts blocks and the views that passed without one, by their leaders', () => {
    const chain = fresh()
    const views = [1, 3, 4, 6]
    for (const [index, view] of views.entries()) lead(chain, view, 1_000 * index)
    const { view, led, missed } = readSingle(chain.state, tip)
    const of = (at: readonly number[]): number[] =>
      leaders.map((seat) => at.filter((one) => leaders[(one - 1) % 4] === seat).length)
    expect(view).toBe(6)
    expect(leaders.map((seat) => led[seat])).toEqual(of(views))
    expect(leaders.map((seat) => missed[seat])).toEqual(of([2, 5]))
  })

  it('a gap of more than F views blames nobody: the network stood', () => {
    const chain = fresh()
    lead(chain, 1, 0)
    lead(chain, 4, 5_000)
    lead(chain, 40, 9_000)
    expect(readSingle(chain.state, tip).missed).toEqual([0, 0, 0, 0])
    lead(chain, 42, 9_500)
    expect(readSingle(chain.state, tip).missed.reduce((sum, one) => sum + one)).toBe(1)
  })

  it('begins anew with each committee', () => {
    const chain = fresh()
    for (const [index, offsetMs] of [0, 14_000, 28_000].entries()) {
      lead(chain, index + 1, offsetMs)
    }
    expect(readSingle(chain.state, tip).led.reduce((sum, one) => sum + one)).toBe(3)
    lead(chain, 2, 30_000)
    const { led, missed } = readSingle(chain.state, tip)
    expect(led.reduce((sum, one) => sum + one)).toBe(1)
    expect(missed.reduce((sum, one) => sum + one)).toBe(1)
  })
})

/** A state in which a seat led, missed and dealt so much. */
function served(turn: {
  led: number
  missed: number
  dealt: boolean
  phase: SharingPhase
}): LedgerState {
  const { led, missed, dealt, phase } = turn
  const before = pristine.state
  const turns = { led: [led], missed: [missed] }
  const counted = writeSingle(before, tip, { ...readSingle(before, tip), ...turns })
  const round = writeSingle(counted, sharingRound, { phase, secrets: [] })
  const none = new Uint8Array(0)
  const deal = { dealer: 0, hash: none, commitment: none, encryptedShares: none }
  return dealt ? write(round, sharingDeals, 0, deal) : round
}

describe('REP-1 performance of a seat', () => {
  const { OPENING, SHOWING, FAILED } = SharingPhase
  it.each([
    [{ led: 0, missed: 0, dealt: false, phase: FAILED }, undefined],
    [{ led: 0, missed: 0, dealt: true, phase: OPENING }, 10_000],
    [{ led: 0, missed: 0, dealt: false, phase: OPENING }, 0],
    [{ led: 2, missed: 0, dealt: false, phase: FAILED }, 10_000],
    [{ led: 1, missed: 1, dealt: true, phase: SHOWING }, 6_666],
    [{ led: 0, missed: 2, dealt: false, phase: SHOWING }, 0],
    [{ led: 1, missed: 0, dealt: false, phase: OPENING }, 5_000],
    [{ led: 1, missed: 1, dealt: true, phase: FAILED }, 5_000],
  ])('of %o is %s', (turn, performance) => {
    expect(performanceOf(served(turn), 0)).toBe(performance)
  })
})

describe('REP-1 a service in a chain', () => {
  it('raises who led, lowers who let its views pass, and leaves the others', () => {
    const chain = fresh()
    const [first = 0, second = 0, third = 0, fourth = 0] = leaders
    lead(chain, 1, 0)
    lead(chain, 3, 14_000)
    lead(chain, 5, 28_000)
    expect(known(chain, first)).toMatchObject({ reputation: 5_500, reputationMark: 1 })
    expect(known(chain, third)).toMatchObject({ reputation: 5_500, reputationMark: 1 })
    expect(known(chain, second)).toMatchObject({ reputation: 4_500, reputationMark: 1 })
    expect(known(chain, fourth)).toMatchObject({ reputation: 4_500, reputationMark: 1 })
    expect(known(chain, 4)).toMatchObject({ reputation: 5_000, reputationMark: 0 })
    // EPOCH-0: tickets know it as boundary(e) has it.
    expect(known(chain, first).history.at(-1)).toMatchObject({ boundary: 1, reputation: 5_500 })
  })

  it('EVID-2: an announced absence costs nothing, until the next READY', () => {
    const chain = fresh()
    const [first = 0, second = 0] = leaders
    lead(chain, 1, 0)
    lead(chain, 3, 14_000, [second])
    lead(chain, 4, 28_000)
    expect(known(chain, second)).toMatchObject({ reputation: 5_000, servedMark: 1 })
    expect(known(chain, first).reputation).toBe(5_500)
    const back = fresh()
    lead(back, 1, 0, [second])
    addBlock(back, testStartMs + 2_000, [readyOf(back, second)])
    lead(back, 5, 14_000)
    lead(back, 7, 28_000)
    expect(known(back, second).reputation).toBe(4_500)
  })

  it('a conviction counts as a service without performance, and that epoch only once', () => {
    const chain = fresh()
    const [first = 0] = leaders
    lead(chain, 1, 0)
    const offence = { kind: 1, epoch: 0, timeMs: testStartMs, epochNow: 0 }
    const validator = keysOf(chain, first).account
    chain.state = convict(chain.state, { ...offence, validator }, params).state
    expect(known(chain, first)).toMatchObject({ reputation: 4_500, reputationMark: 1 })
    lead(chain, 2, 14_000)
    lead(chain, 3, 28_000)
    expect(known(chain, first)).toMatchObject({ reputation: 4_500, servedMark: 1 })
  })
})

describe('EVID-3 jail and rehabilitation', () => {
  const account = keysOf(pristine, 0).account
  /** Convicted of these kinds, each in an epoch of its own. */
  const after = (kinds: readonly number[], state = pristine.state): Validator => {
    const convicted = kinds.reduce((sum, kind, epoch) => {
      const offence = { validator: account, kind, epoch, timeMs: testStartMs, epochNow: epoch }
      return convict(sum, offence, params).state
    }, state)
    return known({ state: convicted, keys: pristine.keys }, 0)
  }
  const isForGood = (validator: Validator): boolean =>
    isJailed(validator, Number.MAX_SAFE_INTEGER - 1)

  it.each<[readonly number[], boolean]>([
    [[2], false],
    [[2, 2], true],
    [[4, 2], true],
    [[1, 3, 1, 3], false],
    [[5, 6, 8, 5], false],
    [[2, 1, 5], false],
    [[2, 5, 1, 4], true],
  ])('convicted of kinds %j in as many epochs: for good is %s', (kinds, forGood) => {
    expect(isForGood(after(kinds))).toBe(forGood)
  })

  it('of several offences in one epoch the gravest counts, whatever comes first, and once', () => {
    const together = (kinds: readonly number[]): Validator => {
      const state = kinds.reduce((sum, kind) => {
        const offence = { validator: account, kind, epoch: 0, timeMs: testStartMs, epochNow: 0 }
        return convict(sum, offence, params).state
      }, pristine.state)
      return known({ state, keys: pristine.keys }, 0)
    }
    for (const kinds of [[2], [5, 2], [1, 4], [8, 3, 2, 4, 2]]) {
      expect(together(kinds)).toMatchObject({ graveConvictions: 1, convictions: 1 })
    }
    expect(together([3, 1, 5]).graveConvictions).toBe(0)
  })

  const withReputation = (reputation: number): LedgerState => {
    const { state } = pristine
    const validator = { ...known(pristine, 0), reputation, reputationMark: 1 }
    return write(state, validators, validator.account, validator)
  }

  it('ends with the jail time where the reputation is high enough, else when it is', () => {
    expect(after([1]).jailedUntilEpoch).toBe(params.jailEpochs)
    expect(after([1], withReputation(1_000)).jailedUntilEpoch).toBe(
      protocol.reputationDecayEpochs * (params.jailReputationMin - 1_000),
    )
  })

  it('leads out without any service, except for good', () => {
    const reputations = fc.integer({ min: 1_000, max: 10_000 })
    const kinds = fc.array(fc.constantFrom(1, 3, 5, 6, 8), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(reputations, kinds, (reputation, list) => {
        const validator = after(list, withReputation(reputation))
        const { jailedUntilEpoch, sentenceUntilEpoch } = validator
        expect(isJailed(validator, jailedUntilEpoch)).toBe(false)
        expect(sentenceUntilEpoch).toBe(list.length - 1 + params.jailEpochs)
        expect(jailedUntilEpoch).toBeGreaterThanOrEqual(sentenceUntilEpoch)
        expect(jailedUntilEpoch).toBeLessThanOrEqual(list.length + 16_000)
        const then = reputationAt(validator, jailedUntilEpoch)
        expect(then).toBeGreaterThanOrEqual(params.jailReputationMin)
      }),
    )
  })

  it('a jailed seat that must stay on (COM-5) works itself out, and never before its time', () => {
    const jailed = after([1], withReputation(1_000))
    const worked = [1, 2, 3, 4, 5].reduce(
      (validator, epoch) => measured(validator, 10_000, epoch, params),
      jailed,
    )
    expect(jailed.jailedUntilEpoch).toBeGreaterThan(params.jailEpochs)
    expect(worked.jailedUntilEpoch).toBe(params.jailEpochs)
    const idle = measured(jailed, 0, 1, params)
    expect(idle.jailedUntilEpoch).toBeGreaterThan(jailed.jailedUntilEpoch)
    const free = { ...jailed, sentenceUntilEpoch: 1, jailedUntilEpoch: 1 }
    expect(measured(free, 0, 9, params).jailedUntilEpoch).toBe(1)
  })
})
