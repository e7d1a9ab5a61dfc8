/** How long what was measured stays on this device (PRIV-1): nothing, unless its owner says so. */

export type Retention = 'none' | 'day' | 'week' | 'month'

const dayMs = 86_400_000

export const retentions: readonly {
  readonly choice: Retention
  readonly name: string
  readonly keptMs: number
}[] = [
  { choice: 'none', name: 'Keep nothing', keptMs: 0 },
  { choice: 'day', name: 'A day', keptMs: dayMs },
  { choice: 'week', name: 'A week', keptMs: 7 * dayMs },
  { choice: 'month', name: '30 days', keptMs: 30 * dayMs },
]

export function retentionOf(text: string | undefined): Retention {
  return retentions.find(({ choice }) => choice === text)?.choice ?? 'none'
}

export function keptMsOf(retention: Retention): number {
  return retentions.find(({ choice }) => choice === retention)?.keptMs ?? 0
}
