/**
 * A rest that is not done, as it is kept between two visits (FIT-2, PRIV-1): of each window that
 * counts two figures and when it began, and which sensor they are of. No beat is in it.
 */
import { utf8 } from '../../core/base/bytes.ts'
import { windowCountMax } from '../../core/emotion/measureBaseline.ts'
import type { RestFigures } from '../../core/emotion/restFigures.ts'

export const restWindowMs = 60_000
/**
 * FIT-2: a window that began longer ago is of another rest and counts for nothing. So that is how
 * long one is kept, too: kept for less it would be lost, and for more it would be of no use.
 */
export const restSpanMsMax = 15 * 60_000

export interface RestWindow extends RestFigures {
  /** Unix time, ms. */
  readonly startMs: number
}

export interface RestRecord {
  /** Kind and name of the sensor, in a form of its own (`restSource`). */
  readonly source: string
  /** Oldest first; never empty. */
  readonly windows: readonly RestWindow[]
}

/** Names come from devices: longer ones are cut. */
const nameLengthMax = 200

export function restSource(provenance: string, deviceName: string | undefined): string {
  return JSON.stringify([provenance, deviceName?.slice(0, nameLengthMax)])
}

/** Unix time at which the newest window counts no more, ms. */
export function restUntilMs({ windows }: RestRecord): number {
  return Math.max(...windows.map(({ startMs }) => startMs)) + restSpanMsMax
}

export function encodeRest({ source, windows }: RestRecord): Uint8Array {
  const rows = windows.map((one) => [one.startMs, one.hrCentiBpm, one.lnRmssdQ16])
  return utf8(JSON.stringify({ source, windows: rows }))
}

/** `undefined` for anything else: an older page may have written otherwise. */
export function decodeRest(bytes: Uint8Array): RestRecord | undefined {
  const value = parsed(bytes)
  if (typeof value !== 'object' || value === null) return undefined
  const { source, windows } = value as Readonly<Record<string, unknown>>
  if (typeof source !== 'string' || !Array.isArray(windows)) return undefined
  if (windows.length === 0 || windows.length > windowCountMax) return undefined
  const read = windows.map(windowOf)
  if (!read.every((one) => one !== undefined)) return undefined
  const isInOrder = read.every(
    ({ startMs }, index) => index === 0 || (read[index - 1]?.startMs ?? 0) < startMs,
  )
  return isInOrder ? { source, windows: read } : undefined
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function windowOf(row: unknown): RestWindow | undefined {
  if (!Array.isArray(row) || row.length !== 3 || !row.every(isCount)) return undefined
  const [startMs = 0, hrCentiBpm = 0, lnRmssdQ16 = 0] = row as readonly number[]
  return { startMs, hrCentiBpm, lnRmssdQ16 }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
