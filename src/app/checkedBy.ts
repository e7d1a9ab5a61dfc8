/** Who checked the blocks that are shown (UX-4). */

import type { Page } from './page.svelte.ts'

export function checkedBy(
  page: Pick<Page, 'stale' | 'fromNode' | 'blocks' | 'feed'>,
): string | undefined {
  if (page.stale) return page.blocks.length === 0 ? undefined : 'last known state'
  if (page.fromNode) return 'checked by this tab'
  switch (page.feed?.check) {
    case 'verified':
      return 'certificates checked in this browser'
    case 'failed':
      return 'the relay’s certificates do not hold'
    case 'unavailable':
      return 'as the relay tells it'
    default:
      return 'certificates are being checked'
  }
}
