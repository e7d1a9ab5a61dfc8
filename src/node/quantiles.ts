/** Median and 95th percentile of what a node measured (api.ts). */
import type { NodeSnapshot } from './api.ts'

export function quantiles(values: readonly number[]): NodeSnapshot['finalityMs'] {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((left, right) => left - right)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { median: at(0.5), p95: at(0.95), count: sorted.length }
}
