/** What a minute of beats is before it is sealed, and what comes back (PRIV-1). */
import { utf8 } from '../../core/base/bytes.ts'
import type { Beat, Provenance } from '../../ports/sensor.ts'

export interface RecordedBeats {
  readonly provenance: Provenance
  /** A break in the beats begins a new one. */
  readonly series: number
  readonly beats: readonly Beat[]
}

const provenances: ReadonlySet<unknown> = new Set<Provenance>([
  ...(['strap', 'strap+ecg', 'camera', 'strap+camera', 'simulated'] as const),
])

export function encodeBeats({ provenance, series, beats }: RecordedBeats): Uint8Array {
  const rows = beats.map(({ timeMs, rrTicks, isDoubtful }) =>
    isDoubtful === true ? [timeMs, rrTicks, 1] : [timeMs, rrTicks],
  )
  return utf8(JSON.stringify({ provenance, series, beats: rows }))
}

/** `undefined` for anything else: the disk may be damaged, and an older page wrote otherwise. */
export function decodeBeats(bytes: Uint8Array): RecordedBeats | undefined {
  const value = parsed(bytes)
  if (typeof value !== 'object' || value === null) return undefined
  const { provenance, series, beats } = value as Readonly<Record<string, unknown>>
  if (!provenances.has(provenance) || !Number.isSafeInteger(series)) return undefined
  if (!Array.isArray(beats)) return undefined
  const read = beats.map(beatOf)
  if (!read.every((beat) => beat !== undefined)) return undefined
  return { provenance: provenance as Provenance, series: series as number, beats: read }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function beatOf(row: unknown): Beat | undefined {
  if (!Array.isArray(row) || row.length < 2 || row.length > 3) return undefined
  const [timeMs, rrTicks, doubtful] = row as readonly unknown[]
  if (typeof timeMs !== 'number' || !Number.isFinite(timeMs)) return undefined
  if (typeof rrTicks !== 'number' || !Number.isSafeInteger(rrTicks)) return undefined
  if (doubtful === undefined) return { timeMs, rrTicks }
  return doubtful === 1 ? { timeMs, rrTicks, isDoubtful: true } : undefined
}
