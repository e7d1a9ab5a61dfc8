/** Which column of a table holds times, and in what unit by its name. */

export interface TimeColumn {
  readonly index: number
  /** Milliseconds of one of its units; undefined where the name does not say. */
  readonly toMs: number | undefined
}

const bases = ['time', 't', 'timestamp']
const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, us: 1e-3, ns: 1e-6 }
/** Empatica's tables of intervals have the time of their start in place of a name. */
const unixSeconds = /^1\d{9}(\.\d+)?$/

/** `names` as `readTable` gives them: `time`, `t_ms`, `timestamp_s` and their like. */
export function timeColumn(names: readonly string[]): TimeColumn | undefined {
  for (const [index, name] of names.entries()) {
    if (bases.includes(name)) return { index, toMs: undefined }
    const at = name.lastIndexOf('_')
    const toMs = units[name.slice(at + 1)]
    if (at > 0 && toMs !== undefined && bases.includes(name.slice(0, at))) return { index, toMs }
  }
  return unixSeconds.test(names[0] ?? '') ? { index: 0, toMs: 1000 } : undefined
}
