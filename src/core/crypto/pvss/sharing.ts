/**
 * Who shares with whom in one epoch (BEACON-2): the seats with their keys and powers.
 *
 * A seat of power w holds w of the W shares, one after the other in seat order, so that any seats
 * with more than half of the power reconstruct and no others do. Shares are numbered 1 … W; 0 is
 * the secret.
 */
import { concat, u32be, u64be, utf8 } from '../../base/bytes.ts'
import { err, ok, type Result } from '../../base/result.ts'
import type { SharingError } from './errors.ts'
import type { Group, Point } from './group.ts'
import { nobleGroup } from './groupNoble.ts'
import { sharingHash } from './transcript.ts'

/** The greatest total power of a committee (BFT-11). */
export const sharesMax = 63

export interface SharingInput {
  readonly chainId: string
  readonly epoch: number
  /** 32 bytes: seats, powers, epoch and attempt. */
  readonly committeeRoot: Uint8Array
  readonly seats: readonly { readonly key: Uint8Array; readonly power: number }[]
}

export interface SharingSeat {
  readonly key: Point
  readonly power: number
  /** Number of its first share. */
  readonly firstShare: number
}

export interface Sharing {
  readonly group: Group
  readonly epoch: number
  readonly seats: readonly SharingSeat[]
  /** W. */
  readonly shareCount: number
  /** t = ⌊W/2⌋ + 1 shares reconstruct; the polynomial has degree t − 1. */
  readonly threshold: number
  /** 32 bytes over everything here: every proof covers it. */
  readonly digest: Uint8Array
}

/** `group`: what all operations of this sharing compute with. */
export function createSharing(
  input: SharingInput,
  group: Group = nobleGroup,
): Result<Sharing, SharingError> {
  const seats: SharingSeat[] = []
  let shareCount = 0
  for (const [seat, { key: bytes, power }] of input.seats.entries()) {
    if (!Number.isSafeInteger(power) || power < 1 || power > sharesMax) {
      return err({ code: 'SHARING_POWER' })
    }
    const key = group.decode(bytes)
    if (key === undefined) return err({ code: 'SHARING_KEY', seat })
    // Every seat deals to the key.
    seats.push({ key: group.precompute(key), power, firstShare: shareCount + 1 })
    shareCount += power
  }
  if (shareCount < 1 || shareCount > sharesMax) return err({ code: 'SHARING_POWER' })
  const threshold = thresholdOf(shareCount)
  const digest = digestOf(input)
  return ok({ group, epoch: input.epoch, seats, shareCount, threshold, digest })
}

/** More than half of the power. */
export function thresholdOf(shareCount: number): number {
  return Math.floor(shareCount / 2) + 1
}

/** The numbers of a seat's shares. */
export function sharesOf({ firstShare, power }: SharingSeat): readonly number[] {
  return Array.from({ length: power }, (_, index) => firstShare + index)
}

/** The key of each share, in the order of the shares. */
export function shareKeys(sharing: Sharing): readonly Point[] {
  return sharing.seats.flatMap(({ key, power }) => Array.from({ length: power }, () => key))
}

function digestOf({ chainId, epoch, committeeRoot, seats }: SharingInput): Uint8Array {
  const chain = utf8(chainId)
  const place = concat(u32be(chain.length), chain, u64be(epoch), committeeRoot)
  const list = seats.map(({ key, power }) => concat(key, u32be(power)))
  return sharingHash('sharing', place, u32be(seats.length), ...list)
}
