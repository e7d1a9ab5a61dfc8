/**
 * Who holds a key of sums (PRIV-2): the seats of an epoch, with as many places as they have shares
 * in the beacon's sharing (BEACON-2) and the same threshold, so that whoever opens the beacon
 * decrypts sums, and nobody else does.
 */
import { concat, u32be, u64be, utf8 } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { sharesMax, thresholdOf } from '../crypto/pvss/sharing.ts'
import type { WellnessError } from './errors.ts'
import { decodePoint, generator, identity, times, type WellnessPoint } from './group.ts'
import { wellnessHash } from './seedStream.ts'

export interface KeyHolders {
  /** Of each place, 1 … W; those of one seat are equal. */
  readonly keys: readonly WellnessPoint[]
  /** ⌊W/2⌋ + 1. */
  readonly threshold: number
  /** 32 bytes over chain, epoch, committee and keys: deals and accusations are for these alone. */
  readonly digest: Uint8Array
}

export interface KeyHoldersInput {
  readonly chainId: string
  readonly epoch: number
  /** 32 bytes: seats, powers, epoch and attempt. */
  readonly committeeRoot: Uint8Array
  /** `key`: what `holderKey` gave, 32 bytes. */
  readonly seats: readonly { readonly key: Uint8Array; readonly power: number }[]
}

/** `secret`: 1 … groupOrder − 1. */
export function holderKey(secret: bigint): Uint8Array {
  return times(generator, secret).toBytes()
}

export function keyHolders(input: KeyHoldersInput): Result<KeyHolders, WellnessError> {
  const keys: WellnessPoint[] = []
  for (const [seat, { key, power }] of input.seats.entries()) {
    const point = decodePoint(key)
    if (point === undefined || point.equals(identity)) {
      return err({ code: 'WELLNESS_HOLDER_KEY', seat })
    }
    const isPower = Number.isSafeInteger(power) && power >= 1 && power <= sharesMax
    if (!isPower) return err({ code: 'WELLNESS_HOLDER_POWER', seat })
    keys.push(...Array.from({ length: power }, () => point))
    if (keys.length > sharesMax) return err({ code: 'WELLNESS_HOLDER_POWER', seat })
  }
  if (keys.length === 0) return err({ code: 'WELLNESS_HOLDER_POWER', seat: 0 })
  const chainId = utf8(input.chainId)
  const digest = wellnessHash(
    'holders',
    concat(u32be(chainId.length), chainId, u64be(input.epoch), input.committeeRoot),
    ...keys.map((key) => key.toBytes()),
  )
  return ok({ keys, threshold: thresholdOf(keys.length), digest })
}
