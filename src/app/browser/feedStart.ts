/** What the light feed asks the relay for before it listens. */

import type { BlockSummary, EpochSummary } from '../../node/api.ts'
import { blocksOf, chainOf, countOf, epochOf, feedBlockOf, fieldsOf, itemsOf } from '../feedText.ts'
import type { ChainInfo, FeedBlock } from '../services.ts'
import { askRelay } from './relayApi.ts'

const newestCount = 20
const epochsAsked = 6
/** Before two epochs have begun their length is not seen yet. */
const usualEpochMs = 30_000

export async function loadChain(): Promise<ChainInfo | undefined> {
  return chainOf(await askRelay('/genesis'))
}

export async function loadNewest(): Promise<readonly BlockSummary[]> {
  const blocks = blocksOf(itemsOf(await askRelay(`/blocks?limit=${newestCount}`)))
  return blocks.map((block) => ({ ...block, verified: false }))
}

/** The newest block with the bytes that prove it. */
export async function loadProof(height: number): Promise<FeedBlock | undefined> {
  try {
    return feedBlockOf(await askRelay(`/blocks/${height}`))
  } catch {
    return undefined
  }
}

export async function loadEpoch(): Promise<EpochSummary | undefined> {
  const epochs = itemsOf(await askRelay(`/epochs?limit=${epochsAsked}`)).map(fieldsOf)
  const newest = countOf(epochs[0]?.['epoch'])
  if (newest === undefined) return undefined
  const starts = epochs.map((epoch) => countOf(epoch?.['startMs']))
  return epochOf(await askRelay(`/epochs/${newest}`), epochLengthMs(starts), Date.now())
}

/** Epochs never end early, and most end within a block of their time: the shortest is nearest. */
export function epochLengthMs(starts: readonly (number | undefined)[]): number {
  let shortest: number | undefined
  for (const [index, later] of starts.entries()) {
    const earlier = starts[index + 1]
    if (later === undefined || earlier === undefined || later <= earlier) continue
    shortest = Math.min(shortest ?? Infinity, later - earlier)
  }
  return shortest === undefined ? usualEpochMs : Math.max(1000, Math.floor(shortest / 1000) * 1000)
}
