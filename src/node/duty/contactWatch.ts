/**
 * Whether the sensor has been in contact since the challenge was answered (LIVE-6, SENS-3). Behind
 * a longer interruption, or another sensor, could be another heart: the credential ends. A short
 * one is forgiven when the same sensor is back, as after a reload of the page.
 */
import { equalBytes } from '../../core/base/bytes.ts'
import type { Pulse } from '../../ports/pulse.ts'
import { sourceOf, type ContactRecord } from './contactRecord.ts'

/** An interruption up to this is none. */
const noticedMsMin = 10_000
/** A longer one ends the credential. */
const interruptedMsMax = 60_000
/** So many are forgiven while one credential lasts. */
const forgivenMax = 3

export class ContactWatch {
  /** When contact was last seen, or the watch began. */
  #seenMs: number
  #isLost = false
  #record: ContactRecord | undefined

  constructor(nowMs: number) {
    this.#seenMs = nowMs
  }

  /** What this device wrote down before. */
  restore(record: ContactRecord | undefined): void {
    this.#record ??= record
  }

  get record(): ContactRecord | undefined {
    return this.#record
  }

  /** Undefined while beats come. */
  get lostSinceMs(): number | undefined {
    return this.#isLost ? this.#seenMs : undefined
  }

  /** The challenge that `mark` will name is answered with this sensor. */
  begin(mark: number, pulse: Pulse, nowMs: number): void {
    const old = this.#record
    const source = sourceOf(pulse)
    // The credential before goes on with its own count; the sensor that answers is the one now.
    const isSame = old !== undefined && equalBytes(old.source, source)
    const kept = isSame ? old : { answeredMark: 0, forgiven: 0 }
    const { answeredMark, forgiven } = kept
    this.#record = { answeredMark, forgiven, nextMark: mark, seenMs: nowMs, source }
  }

  /** Once a second. `mark` names the answered challenge whose credential lives, if any. */
  look(pulse: Pulse | undefined, nowMs: number, mark?: number): 'kept' | 'broken' {
    this.#isLost = pulse?.freshness(nowMs) !== 'fresh'
    if (!this.#isLost) this.#seenMs = nowMs
    const record = mark === undefined ? this.#ownRecord() : this.#recordOf(mark)
    if (record === undefined) return mark === undefined ? 'kept' : 'broken'
    this.#record = looked(record, this.#isLost ? undefined : pulse, nowMs)
    return mark !== undefined && this.#record.forgiven > forgivenMax ? 'broken' : 'kept'
  }

  /**
   * While no answered credential lives, the record is of the answer that is under way: what is seen
   * until it is in a block counts for it.
   */
  #ownRecord(): ContactRecord | undefined {
    const record = this.#record
    return record === undefined || record.nextMark === 0 ? record : promoted(record)
  }

  /** A credential that was answered elsewhere, or before the store was lost, has no record here. */
  #recordOf(mark: number): ContactRecord | undefined {
    const record = this.#record
    if (record === undefined || mark === record.answeredMark) return record
    return mark === record.nextMark ? promoted(record) : undefined
  }
}

/** Of the answer that was sent last; its count begins. */
function promoted(record: ContactRecord): ContactRecord {
  return { ...record, answeredMark: record.nextMark, nextMark: 0, forgiven: 0 }
}

/** `pulse`: where there is contact. Once broken it stays so: more is forgiven than may be. */
function looked(record: ContactRecord, pulse: Pulse | undefined, nowMs: number): ContactRecord {
  // A clock that was set back says nothing about time that passed.
  const sinceMs = Math.max(0, nowMs - record.seenMs)
  const isOther = pulse !== undefined && !equalBytes(sourceOf(pulse), record.source)
  if (sinceMs > interruptedMsMax || isOther) return { ...record, forgiven: forgivenMax + 1 }
  if (pulse === undefined) return { ...record, seenMs: Math.min(record.seenMs, nowMs) }
  return { ...record, seenMs: nowMs, forgiven: record.forgiven + (sinceMs > noticedMsMin ? 1 : 0) }
}
