/** Seats with keys, and everything that they do, for tests of the sharing. */
import { unwrap } from '../../../../test/support/unwrap.ts'
import type { Deal, DealShares } from '../../codec/sharing.ts'
import { hash } from '../hash.ts'
import { u32be } from '../../base/bytes.ts'
import type { Group, Point } from './group.ts'
import { nobleGroup } from './groupNoble.ts'
import { decryptShares, type ShareKey } from './decryptShares.ts'
import { makeDeal } from './makeDeal.ts'
import { createSharing, type Sharing, type SharingInput } from './sharing.ts'
import { sharingPublicKey } from './sharingKey.ts'

export interface TestSharing {
  readonly input: SharingInput
  readonly sharing: Sharing
  readonly deal: (dealer: number) => Deal
  readonly dealSeed: (dealer: number) => Uint8Array
  readonly shareKey: (seat: number) => ShareKey
  readonly decrypt: (deal: Deal, seat: number) => DealShares
}

interface TestPlace {
  readonly chainId?: string
  readonly epoch?: number
  readonly committeeRoot?: Uint8Array
  readonly group?: Group
}

/** `group`: what it is computed with, the reference if not said. */
export function testSharing(powers: readonly number[], place: TestPlace = {}): TestSharing {
  const { chainId = 'test', epoch = 7, committeeRoot = new Uint8Array(32), group } = place
  const keySeed = (seat: number): Uint8Array => hash('message', u32be(1), u32be(seat))
  const dealSeed = (dealer: number): Uint8Array => hash('message', u32be(2), u32be(dealer))
  const seats = powers.map((power, seat) => ({ key: sharingPublicKey(keySeed(seat)), power }))
  const input = { chainId, epoch, committeeRoot, seats }
  const sharing = unwrap(createSharing(input, group))
  const shareKey = (seat: number): ShareKey => ({
    seat,
    seed: keySeed(seat),
    randomness: hash('message', u32be(3), u32be(seat)),
  })
  return {
    input,
    sharing,
    dealSeed,
    shareKey,
    deal: (dealer) => makeDeal(sharing, dealer, dealSeed(dealer)),
    decrypt: (deal, seat) => unwrap(decryptShares(sharing, deal, shareKey(seat))),
  }
}

/** A copy with the byte at `index` changed. */
export function withByte(bytes: Uint8Array, index: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[index] = (copy[index] ?? 0) ^ 1
  return copy
}

/** A copy with the item of 32 bytes at `index` replaced. */
export function withItem(bytes: Uint8Array, index: number, item: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy.set(item, index * 32)
  return copy
}

/** In the reference group; of g if no base is given. */
export function multipleOf(scalar: bigint, base: Point = nobleGroup.generator): Point {
  return nobleGroup.sumOfProducts([base], [scalar])
}

export function sumOf(left: Point, right: Point): Point {
  return nobleGroup.sumOfProducts([left, right], [1n, 1n])
}
