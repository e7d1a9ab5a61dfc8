/** The operations of the sharing among `seats` seats, and the bytes of an epoch. */

import { hash } from '../../src/core/crypto/hash.ts'
import { Deal, DealOpening, DealShares } from '../../src/core/codec/sharing.ts'
import { decryptShares } from '../../src/core/crypto/pvss/decryptShares.ts'
import type { Group } from '../../src/core/crypto/pvss/group.ts'
import { nobleGroup } from '../../src/core/crypto/pvss/groupNoble.ts'
import { makeDeal } from '../../src/core/crypto/pvss/makeDeal.ts'
import { openDeal } from '../../src/core/crypto/pvss/openDeal.ts'
import { reconstruct } from '../../src/core/crypto/pvss/reconstruct.ts'
import { createSharing, type Sharing } from '../../src/core/crypto/pvss/sharing.ts'
import { sharingPublicKey } from '../../src/core/crypto/pvss/sharingKey.ts'
import { verifyDeal } from '../../src/core/crypto/pvss/verifyDeal.ts'
import { verifyOpening } from '../../src/core/crypto/pvss/verifyOpening.ts'
import { verifyShares } from '../../src/core/crypto/pvss/verifyShares.ts'
import type { Operation } from './groups.ts'

const seedOf = (seat: number): Uint8Array => hash('message', Uint8Array.of(seat))
const epoch = 1_000_000

interface Result<T> {
  readonly ok: boolean
  readonly value?: T
}

/** `group`: what they are computed with. */
export function sharingOperations(seats: number, group: Group): readonly Operation[] {
  const sharing = sharingOf(seats, group)
  const deal = makeDeal(sharing, 0, seedOf(0))
  const opening = openDeal(sharing, 0, seedOf(0))
  const first = sharesOf(sharing, deal, 0)
  const shares = [
    first,
    ...seatsOf(seats)
      .slice(1)
      .map((seat) => sharesOf(sharing, deal, seat)),
  ]
  const operations: readonly [string, number, () => Result<unknown>][] = [
    ['verify a deal', 1, () => verifyDeal(sharing, deal)],
    ['verify an opening', 20, () => verifyOpening(deal, opening, group)],
    ['verify shares of one seat and deal', 5, () => verifyShares(sharing, deal, first)],
    ['reconstruct a secret', 3, () => reconstruct(sharing, shares)],
  ]
  return [
    { name: 'deal', times: 1, perform: () => void makeDeal(sharing, 0, seedOf(0)) },
    { name: 'decrypt and prove', times: 5, perform: () => void sharesOf(sharing, deal, 0) },
    ...operations.map(([name, times, run]) => ({ name, times, perform: checked(name, run) })),
    { name: 'an epoch: verify all deals, all opened', times: 1, perform: epochOf(seats, 0, group) },
    {
      name: 'an epoch: F deals opened by shares of all',
      times: 1,
      perform: epochOf(seats, Math.floor((seats - 1) / 3), group),
    },
  ]
}

/** Objects alone, without the transactions around them. */
export function epochBytes(seats: number): readonly { name: string; count: number }[] {
  const sharing = sharingOf(seats, nobleGroup)
  const deal = makeDeal(sharing, 0, seedOf(0))
  const dealBytes = Deal.encode(deal).length
  const openingBytes = DealOpening.encode(openDeal(sharing, 0, seedOf(0))).length
  const sharesBytes = DealShares.encode(sharesOf(sharing, deal, 1)).length
  const unopened = Math.floor((seats - 1) / 3)
  const opened = seats - unopened
  return [
    { name: 'a deal', count: dealBytes },
    { name: 'an opening', count: openingBytes },
    { name: 'shares of one seat and deal', count: sharesBytes },
    { name: 'an epoch, all opened', count: seats * (dealBytes + openingBytes) },
    {
      name: 'an epoch, F unopened, shares of every seat',
      count: seats * dealBytes + opened * openingBytes + unopened * seats * sharesBytes,
    },
  ]
}

/** What one seat verifies: every deal, and openings or all seats' shares. */
function epochOf(seats: number, unopened: number, group: Group): () => void {
  const sharing = sharingOf(seats, group)
  const deals = seatsOf(seats).map((seat) => makeDeal(sharing, seat, seedOf(seat)))
  const lists = deals
    .slice(0, unopened)
    .map((deal) => seatsOf(seats).map((seat) => sharesOf(sharing, deal, seat)))
  return checked('an epoch', () => {
    // Its own sharing, because an epoch pays for the tables of the keys once.
    const fresh = sharingOf(seats, group)
    const results: Result<unknown>[] = deals.map((deal) => verifyDeal(fresh, deal))
    for (const [dealer, deal] of deals.entries()) {
      const list = lists[dealer]
      if (list === undefined) {
        results.push(verifyOpening(deal, openDeal(fresh, dealer, seedOf(dealer)), group))
      } else {
        results.push(...list.map((one) => verifyShares(fresh, deal, one)))
        results.push(reconstruct(fresh, list))
      }
    }
    return { ok: results.every(({ ok }) => ok) }
  })
}

function sharingOf(seats: number, group: Group): Sharing {
  const list = seatsOf(seats).map((seat) => ({ key: sharingPublicKey(seedOf(seat)), power: 1 }))
  const committeeRoot = new Uint8Array(32)
  return taken(createSharing({ chainId: 'bench', epoch, committeeRoot, seats: list }, group))
}

function sharesOf(sharing: Sharing, deal: Deal, seat: number): DealShares {
  const randomness = seedOf(seat + 100)
  return taken(decryptShares(sharing, deal, { seat, seed: seedOf(seat), randomness }))
}

function seatsOf(seats: number): readonly number[] {
  return Array.from({ length: seats }, (_, seat) => seat)
}

function checked(name: string, run: () => Result<unknown>): () => void {
  return () => {
    if (!run().ok) throw new Error(`${name} was refused`)
  }
}

function taken<T>(result: Result<T>): T {
  if (!result.ok || result.value === undefined) throw new Error('refused')
  return result.value
}
