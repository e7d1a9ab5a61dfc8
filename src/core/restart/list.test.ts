import { describe, expect, it } from 'vitest'
import { unwrap } from '../../../test/support/unwrap.ts'
import { upTo } from '../checkpoint/testVoters.fixture.ts'
import { RestartList, type RestartReport } from '../codec/restart.ts'
import { committeeIsShaped } from '../chain/committeeShape.ts'
import { restartAggregator, restartSeats } from './draw.ts'
import { makeList, restartListBytesMax, restartTipsMax, verifyList } from './list.ts'
import { restartListMessage } from './messages.ts'
import { reportIsValid } from './report.ts'
import {
  blockAt,
  everybodyMay,
  listOf,
  reportOf,
  restartEnvOf,
  signerAt,
} from './testRestart.fixture.ts'

const env = restartEnvOf(Array.from({ length: 9 }, () => 1_000n))
const attempt = 3
const options = { isEligible: everybodyMay }

function reports(voters: readonly number[], heights: readonly number[] = []): RestartReport[] {
  return voters.map((voter, at) => reportOf(env, voter, { height: heights[at] ?? 50 }))
}

function codeOf(bytes: Uint8Array, at = attempt): string {
  const verified = verifyList(env, at, { bytes, ...options })
  return verified.ok ? 'ok' : verified.error.code
}

/** What a list says is changed, and its aggregator signs that. */
function spoilt(change: (list: RestartList) => Partial<RestartList>, by?: number): Uint8Array {
  const list = RestartList.decode(listOf(env, reports(upTo(7)))!)
  const changed = { ...list, ...change(list) }
  const signature = signerAt(
    env.set,
    by ?? restartAggregator(env, attempt),
  )(restartListMessage(env, changed))
  return RestartList.encode({ ...changed, signature })
}

describe('RECOVER-1 the list of an attempt', () => {
  it('names the highest block that is reported, and the seats drawn among those who report', () => {
    const bytes = listOf(env, reports([0, 1, 2, 4, 5, 7], [50, 48, 50, 49, 50, 50]))!
    const list = unwrap(verifyList(env, attempt, { bytes, ...options }))
    expect([list.height, list.base]).toEqual([50, blockAt(50)])
    expect(committeeIsShaped(list.committee, env.epoch)).toBe(true)
    const place = { base: blockAt(50), attempt, count: 4 }
    const seats = restartSeats(env, [0, 1, 2, 4, 5, 7], place)
    expect(list.committee.seats.map(({ validator }) => validator)).toEqual(
      seats.map((voter) => env.set.voters[voter]?.account),
    )
    expect(list.committee.attempt).toBe(attempt)
  })

  it('takes 2/3 of the stake, compared exactly, and a committee', () => {
    expect(listOf(env, reports(upTo(6)))).toBeDefined()
    expect(listOf(env, reports(upTo(5)))).toBeUndefined()
    const few = restartEnvOf([1_000n, 1_000n, 1_000n])
    expect(
      listOf(
        few,
        [0, 1, 2].map((voter) => reportOf(few, voter)),
      ),
    ).toBeUndefined()
    const weighted = restartEnvOf([...upTo(5).map(() => 1_000n), 9_998n, 1n])
    const rest = upTo(5).map((at) => reportOf(weighted, at + 1))
    expect(listOf(weighted, rest)).toBeUndefined()
    expect(listOf(weighted, [...rest, reportOf(weighted, 0)])).toBeDefined()
  })

  it('a list of 10,000 reports with 16 blocks and 21 seats is within its bound', () => {
    const tips = upTo(restartTipsMax).map((height) => ({
      ...{ height: 2 ** 40 + height, block: blockAt(1) },
      ...{ voters: new Uint8Array(1_250), signature: new Uint8Array(96) },
    }))
    const long = (sizeBytes: number): Uint8Array => new Uint8Array(sizeBytes)
    const seat = {
      ...{ epochKey: long(48), possession: long(96), sharingKey: long(32) },
      ...{ peerId: 'p'.repeat(128), signature: long(96) },
    }
    const drawn = upTo(21).map((voter) => ({ voter: 9_000 + voter, seat }))
    const bytes = RestartList.encode({ ...{ epoch: 2 ** 40, attempt: 2 ** 31 }, tips, drawn })
    expect(bytes.length + 98).toBeLessThan(restartListBytesMax)
  })

  it('who may not sit is not drawn', () => {
    const jailed = env.set.voters[0]!.account
    const isEligible = (account: Uint8Array): boolean => account !== jailed
    const sign = signerAt(env.set, restartAggregator(env, attempt))
    const wide = { ...env, params: { ...env.params, committeeSeats: 9 } }
    const bytes = makeList(wide, attempt, { reports: reports(upTo(9)), isEligible, sign })!
    const list = unwrap(verifyList(wide, attempt, { bytes, isEligible }))
    expect(list.committee.seats).toHaveLength(8)
    const other = verifyList(wide, attempt, { bytes, ...options })
    expect(other).toMatchObject({ error: { code: 'RESTART_LIST_DRAWN' } })
  })

  it('refuses what its aggregator makes up', () => {
    const seatOf = (list: RestartList) => list.drawn[0]!.seat!
    const cases: readonly (readonly [string, Uint8Array])[] = [
      ['RESTART_LIST_PLACE', spoilt(() => ({ epoch: 8 }))],
      ['RESTART_LIST_PLACE', spoilt(() => ({ attempt: 4 }))],
      ['RESTART_LIST_TIPS', spoilt(() => ({ tips: [] }))],
      [
        'RESTART_LIST_TIPS',
        spoilt(({ tips }) => ({ tips: [{ ...tips[0]!, voters: blockAt(1) }] })),
      ],
      [
        'RESTART_LIST_TIPS',
        spoilt(({ tips }) => ({ tips: [tips[0]!, { ...tips[0]!, height: 51 }] })),
      ],
      [
        'RESTART_LIST_TWICE',
        spoilt(({ tips }) => ({ tips: [tips[0]!, { ...tips[0]!, height: 4 }] })),
      ],
      ['RESTART_LIST_SIGNATURE', spoilt(({ tips }) => ({ tips: [{ ...tips[0]!, height: 51 }] }))],
      [
        'RESTART_LIST_SIGNATURE',
        spoilt(({ tips }) => ({ tips: [{ ...tips[0]!, block: blockAt(1) }] })),
      ],
      [
        'RESTART_LIST_STAKE',
        spoilt(({ tips }) => ({ tips: [{ ...tips[0]!, voters: Uint8Array.of(0x1f, 0) }] })),
      ],
      ['RESTART_LIST_DRAWN', spoilt(({ drawn }) => ({ drawn: drawn.slice(1) }))],
      ['RESTART_LIST_DRAWN', spoilt(({ drawn }) => ({ drawn: drawn.toReversed() }))],
      [
        'RESTART_LIST_SEAT',
        spoilt(({ drawn }) => ({ drawn: drawn.map(({ voter }) => ({ voter })) })),
      ],
      [
        'RESTART_LIST_SEAT',
        spoilt((list) => ({
          drawn: list.drawn.map((one) => ({ ...one, seat: { ...seatOf(list) } })),
        })),
      ],
      [
        'RESTART_LIST_SEAT',
        spoilt((list) => ({
          drawn: list.drawn.map((one, at) =>
            at > 0 ? one : { ...one, seat: { ...seatOf(list), peerId: 'elsewhere' } },
          ),
        })),
      ],
      ['RESTART_LIST_AGGREGATOR', spoilt(() => ({}), (restartAggregator(env, attempt) + 1) % 9)],
      ['RESTART_LIST_MALFORMED', Uint8Array.of(...spoilt(() => ({})), 0)],
      ['RESTART_LIST_MALFORMED', new Uint8Array(restartListBytesMax + 1)],
    ]
    for (const [code, bytes] of cases) expect([code, codeOf(bytes)]).toEqual([code, code])
    expect(codeOf(spoilt(() => ({})))).toBe('ok')
    expect(
      codeOf(
        spoilt(() => ({})),
        attempt + 1,
      ),
    ).toBe('RESTART_LIST_PLACE')
  })
})

describe('RECOVER-1 a report', () => {
  it('counts for its voter, block, seat, epoch, attempt, set and chain alone', () => {
    const report = reportOf(env, 2)
    const seat = report.seat!
    expect(reportIsValid(env, report)).toBe(true)
    const seatless = { ...report }
    delete seatless.seat
    const others: readonly RestartReport[] = [
      { ...report, voter: 3 },
      { ...report, voter: 99 },
      { ...report, height: 51 },
      { ...report, height: -1 },
      { ...report, block: blockAt(51) },
      { ...report, block: new Uint8Array(0) },
      { ...report, epoch: 10 },
      { ...report, attempt: 4 },
      { ...report, attempt: 0 },
      { ...report, signature: new Uint8Array(96) },
      seatless,
      { ...report, seat: { ...seat, peerId: 'p'.repeat(129) } },
      { ...report, seat: { ...seat, sharingKey: new Uint8Array(32) } },
      { ...report, seat: { ...seat, possession: report.signature } },
      { ...report, seat: { ...seat, epochKey: reportOf(env, 3).seat!.epochKey } },
      { ...report, seat: reportOf(env, 3).seat! },
    ]
    expect(others.map((other) => reportIsValid(env, other))).toEqual(others.map(() => false))
    expect(reportIsValid({ ...env, chainId: 'other' }, report)).toBe(false)
    const wider = restartEnvOf(Array.from({ length: 10 }, () => 1_000n))
    expect(reportIsValid({ ...wider }, report)).toBe(false)
  })
})

describe('RECOVER-1 the draws', () => {
  it('another attempt has another aggregator now and then, and stake draws', () => {
    const uneven = restartEnvOf([...upTo(8).map(() => 1_000n), 8_000n])
    const drawn = upTo(300).map((one) => restartAggregator(uneven, one + 1))
    // The first voter has half of the stake: 150 of 300, standard deviation 8.7.
    const first = drawn.filter((voter) => voter === 0).length
    expect(first).toBeGreaterThan(100)
    expect(first).toBeLessThan(200)
    expect(new Set(drawn).size).toBe(9)
  })

  it('seats follow from base and attempt, not from the order of those who report', () => {
    const place = { base: blockAt(7), attempt: 1, count: 4 }
    const seats = restartSeats(env, upTo(9), place)
    expect(restartSeats(env, upTo(9).toReversed(), place)).toEqual(seats)
    const bases = upTo(30).map((at) => restartSeats(env, upTo(9), { ...place, base: blockAt(at) }))
    expect(new Set(bases.map(String)).size).toBeGreaterThan(20)
    // Who is left out changes nothing among the others.
    const without = upTo(9).filter((voter) => voter !== seats[0])
    expect(restartSeats(env, without, place).slice(0, 3)).toEqual(seats.slice(1))
  })
})
