/** Boundaries as they travel in a page of `sync` (SYNC-2): blocks, committees and restarts. */
import { readHeader } from '../core/chain/certified.ts'
import type { ShownBoundary } from '../core/chain/lightClient.ts'
import type { CertifiedBlock, SyncResponse } from '../core/codec/chain.ts'

/** Undefined when the lists do not belong together; nothing is verified here. */
export function shownOf(
  page: Pick<SyncResponse, 'blocks' | 'committees' | 'restarts'>,
): readonly ShownBoundary[] | undefined {
  const { blocks, committees, restarts } = page
  if (blocks.length !== committees.length || restarts.length > blocks.length) return undefined
  const openings = new Map(restarts.map((opening) => [epochOf(opening), opening]))
  return blocks.flatMap((block, index) => {
    const next = committees[index]
    return next === undefined ? [] : [{ block, next, restart: openings.get(epochOf(block)) }]
  })
}

export function pageOf(
  boundaries: readonly ShownBoundary[],
): Pick<SyncResponse, 'blocks' | 'committees' | 'restarts'> {
  return {
    blocks: boundaries.map(({ block }) => block),
    committees: boundaries.map(({ next }) => next),
    restarts: boundaries.flatMap(({ restart }) => (restart === undefined ? [] : [restart])),
  }
}

/** Undefined for bytes that are no header. */
function epochOf(block: CertifiedBlock): number | undefined {
  const read = readHeader(block.header)
  return read.ok ? read.value.header.epoch : undefined
}
