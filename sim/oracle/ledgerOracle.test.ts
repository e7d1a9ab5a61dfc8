/** The ledger's oracle is shown one broken invariant at a time and has to name it, and no other. */
import { describe, expect, it } from 'vitest'
import {
  LedgerStory,
  boundary,
  elected,
  first,
  opening,
  paid,
  quietLedger,
  start,
  transferOf,
} from './ledgerStory.fixture.ts'

interface Planted {
  readonly name: string
  readonly plant: () => LedgerStory
  readonly named: RegExp
}

const next = { height: 4, epoch: 1, committee: 51 }

const planted: readonly Planted[] = [
  {
    name: 'TX-3: a balance that grew out of nothing',
    plant: () =>
      new LedgerStory().final(first, { ...paid, balances: { ...paid.balances, 2: 1001n } }),
    named: /^supply: 2601 held, 2600 issued, 2600 at the start, height 1$/,
  },
  {
    name: 'TX-3: stake that left and is nowhere',
    plant: () => quietLedger().final(next, { ...elected, bonded: 60n, unbonding: 39n }),
    named: /^supply: 2599 held/,
  },
  {
    name: 'TX-3: a slash that is not burnt',
    plant: () => quietLedger().final(next, { ...elected, bonded: 95n, burnt: 4n }),
    named: /^supply: 2599 held/,
  },
  {
    name: 'TX-3: more issued than at the start',
    plant: () => quietLedger().final(next, { ...elected, burnt: 1n, issued: 2601n }),
    named: /^supply: 2601 held, 2601 issued, 2600 at the start/,
  },
  {
    name: 'STATE-1: a node with another root',
    plant: () => quietLedger().final(first, paid, { by: [2], root: 77 }),
    named: /^state: node 2 has another state root at height 1$/,
  },
  {
    name: 'STATE-1: a node with other leaves under the same root',
    plant: () => quietLedger().final(first, start, { by: [2] }),
    named: /^state: node 2 has other leaves under the same root at height 1$/,
  },
  {
    name: 'BFT-2: a header that names another root than its parent left',
    plant: () => quietLedger().final({ ...next, parentRoot: 88 }, elected),
    named: /^BFT-2: height 4 names another root of its parent's state$/,
  },
  {
    name: 'REPLAY-1: a payment that is in two blocks',
    plant: () => quietLedger().final({ ...next, payments: [transferOf(1, 0, 0n)] }, elected),
    named: /^payment 01010101:0 is in the chain a second time, height 4$/,
  },
  {
    name: 'REPLAY-1: a payment before its turn',
    plant: () =>
      quietLedger().final(
        { ...next, payments: [transferOf(1, 2, 0n)] },
        { ...elected, nonces: { 1: 3 } },
      ),
    named: /^payment 01010101:2 is in the chain before its turn, height 4$/,
  },
  {
    name: 'REPLAY-1: a nonce that moves without a payment',
    plant: () => quietLedger().final(next, { ...elected, nonces: { 1: 2 } }),
    named: /^nonce 2 after 1 payments of 01010101 at height 4$/,
  },
  {
    name: 'TX-1: a transfer that is executed twice',
    plant: () =>
      new LedgerStory().final(first, { ...paid, balances: { 1: 990n, 2: 1000n, 9: 10n } }),
    named: /^10 instead of 5 received by 09090909 at height 1$/,
  },
  {
    name: 'EPOCH-2: an epoch that starts from two hand-overs',
    plant: () => quietLedger().begins(1, 1, 51, [2]),
    named: /^EPOCH-2: (epoch 1 starts from two hand-overs|node 2 starts epoch 1 from a block)/,
  },
  {
    name: 'EPOCH-2: a node that seats another committee',
    plant: () => quietLedger().begins(1, 2, 52, [2]),
    named: /^EPOCH-2: node 2 seats (another committee in epoch 1|in epoch 1 whom its boundary)/,
  },
  {
    name: 'EPOCH-2: an epoch that begins without a boundary',
    plant: () =>
      new LedgerStory()
        .final(first, paid)
        .final({ ...boundary, isBoundary: false }, elected)
        .final(opening, elected),
    named: /^EPOCH-2: an epoch begins without a boundary at height 3$/,
  },
  {
    name: 'EPOCH-2: an epoch that goes on after its boundary',
    plant: () =>
      new LedgerStory()
        .final(first, paid)
        .final(boundary, elected)
        .final({ ...boundary, height: 3 }, elected),
    named: /^EPOCH-2: an epoch goes on after its boundary at height 3$/,
  },
  {
    name: 'EPOCH-2: a committee that the boundary did not name',
    plant: () =>
      new LedgerStory()
        .final(first, paid)
        .final(boundary, elected)
        .final({ ...opening, committee: 53 }, elected),
    named: /^EPOCH-2: the boundary named another committee than sits at height 3$/,
  },
  {
    name: 'EPOCH-2: a committee that changes within its epoch',
    plant: () => quietLedger().final({ ...next, committee: 54 }, elected),
    named: /^EPOCH-2: the committee changes within its epoch at height 4$/,
  },
  {
    name: 'COM-6: a next committee that changes after X',
    plant: () =>
      new LedgerStory()
        .final({ ...first, next: 51 }, { ...paid, committees: elected.committees })
        .final({ ...boundary, next: 52 }, elected),
    named: /^COM-6: the next committee changes after it was fixed at height 2$/,
  },
  {
    name: 'COM-6: a validator with two seats',
    plant: () =>
      quietLedger().final(next, { ...elected, committees: { 1: [1, 2, 3, 4], 2: [1, 2, 3, 3] } }),
    named: /^COM-6: a validator sits twice in epoch 2$/,
  },
  {
    name: 'COM-5: three seats',
    plant: () =>
      quietLedger().final(next, { ...elected, committees: { 1: [1, 2, 3, 4], 2: [1, 2, 3] } }),
    named: /^COM-5: 3 seats, at least 4 are needed in epoch 2$/,
  },
  {
    name: 'COM-5: less than two thirds of the committee before',
    plant: () =>
      new LedgerStory([], 9)
        .final(first, { ...paid, committees: { 0: [1, 2, 3, 4, 5, 6], 1: nine } })
        .final(
          { height: 2, epoch: 0, committee: 50 },
          { ...paid, committees: { 1: nine, 2: five } },
        ),
    named: /^COM-5: 5 seats, at least 6 are needed in epoch 2$/,
  },
  {
    name: 'COM-5: a shrinking committee in a large network',
    plant: () => new LedgerStory().final(first, { ...elected, active: 18 }),
    named: /^COM-5: 4 seats, at least 6 are needed in epoch 1$/,
  },
]

const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9]
const five = [1, 2, 3, 4, 5]

describe('the oracle of the ledger', () => {
  it('finds nothing in a quiet chain', () => {
    const { violations, oracle } = quietLedger()
    expect(violations).toEqual([])
    expect(oracle.payments).toBe(1)
    expect(oracle.committeeSizes).toEqual([6, 4])
  })

  it('COM-5: takes the same committee again, however few they are', () => {
    const world = { ...elected, active: 18, committees: { 1: [1, 2, 3, 4], 2: [1, 2, 3, 4] } }
    expect(quietLedger().final(next, world).violations).toEqual([])
  })

  it.each(planted)('$name', ({ plant, named }) => {
    const { violations } = plant()
    expect(violations.length).toBeGreaterThan(0)
    for (const text of violations) expect(text).toMatch(named)
  })

  it('does not count what a faulty validator holds', () => {
    const story = quietLedger([2])
      .final(first, start, { by: [2], root: 77 })
      .begins(1, 1, 52, [2])
    expect(story.violations).toEqual([])
  })
})
