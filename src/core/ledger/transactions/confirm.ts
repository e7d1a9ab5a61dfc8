/**
 * A drawn seat shows that it is here, in step and holds its epoch key (COM-6): that key's signature
 * over the state root of a block at most 5 s old. Inclusion takes time, so the chain allows more.
 */
import { concat, equalBytes, u32be, u64be, utf8 } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import type { Confirm } from '../../codec/chain.ts'
import { hash } from '../../crypto/hash.ts'
import { protocol } from '../../params.ts'
import type { BlockContext } from '../blockContext.ts'
import { read, readSingle, writeSingle, type LedgerState } from '../state.ts'
import { draw, epochRecord, recentRoots } from '../tables.ts'
import type { Execute } from './outcome.ts'

export const confirm: Execute<Confirm> = (state, sender, payload, context) => {
  const { derived, env } = context
  const record = readSingle(state, epochRecord)
  const isTime = record.frozen && !record.selected && !derived.isSelection
  if (payload.epoch !== derived.epoch + 1 || !isTime) return err({ code: 'CONFIRM_TIME' })
  const { seats } = readSingle(state, draw)
  const index = seats.findIndex((seat) => equalBytes(seat.validator, sender))
  const seat = seats[index]
  if (seat === undefined) return err({ code: 'CONFIRM_NOT_DRAWN' })
  if (seat.confirmed) return err({ code: 'CONFIRM_TWICE' })
  if (!isRecentRoot(state, payload, context)) return err({ code: 'CONFIRM_STATE_ROOT' })
  const message = confirmMessage({ ...payload, chainId: derived.chainId, validator: sender })
  if (!env.verifier.blsSigned(seat.epochKey, message, payload.signature)) {
    return err({ code: 'CONFIRM_SIGNATURE' })
  }
  const confirmed = { ...seat, confirmed: true }
  const next = writeSingle(state, draw, { seats: seats.with(index, confirmed) })
  return ok({ state: next, amountMicro: 0n })
}

/** What the fresh epoch key signs. It names the validator: nobody confirms with another's key. */
export function confirmMessage(fields: {
  readonly chainId: string
  readonly epoch: number
  readonly validator: Uint8Array
  readonly height: number
  readonly stateRoot: Uint8Array
}): Uint8Array {
  const chain = utf8(fields.chainId)
  const place = concat(u32be(chain.length), chain, u64be(fields.epoch), fields.validator)
  return hash('epochKey', place, u64be(fields.height), fields.stateRoot)
}

function isRecentRoot(state: LedgerState, payload: Confirm, context: BlockContext): boolean {
  const entry = read(state, recentRoots, payload.height % protocol.recentRootsKept)
  if (entry?.height !== payload.height) return false
  const ageMs = context.timeMs - entry.timeMs
  return (
    equalBytes(entry.stateRoot, payload.stateRoot) &&
    ageMs <= protocol.confirmAgeMsMax + protocol.confirmSlackMs
  )
}
