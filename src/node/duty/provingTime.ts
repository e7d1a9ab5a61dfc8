/** When a proof is begun, and what time there is for it (EPOCH-0). */
import { u64be } from '../../core/base/bytes.ts'
import { hash } from '../../core/crypto/hash.ts'
import { phasesOf, type Params } from '../../core/params.ts'

/**
 * From the start of an epoch, ms: a validator's own, within the first two thirds, so that provers
 * do not burst and a slow proof still ends before the next epoch.
 */
export function proofOffsetMs(identity: Uint8Array, epoch: number, epochMs: number): number {
  const digest = hash('readyWindow', identity, u64be(epoch))
  return Math.floor((((digest[0] ?? 0) * 256 + (digest[1] ?? 0)) * epochMs * 2) / (3 * 65_536))
}

/**
 * What there is for a proof at the least, ms: from the latest moment at which one is begun to the
 * next epoch, and some seconds into that one, until READY closes.
 */
export function provingMs({ epochMs }: Pick<Params, 'epochMs'>): number {
  return Math.floor(epochMs / 3) + phasesOf({ epochMs }).readyUntilMs
}
