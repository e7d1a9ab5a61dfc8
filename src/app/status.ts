/** The pill in the header: whether blocks are final, and whether this browser checked it (UX-4). */

import type { NodeSnapshot } from '../node/api.ts'
import { duration } from './format.ts'
import type { FeedState } from './services.ts'

export interface Status {
  readonly text: string
  readonly tone: 'final' | 'checking' | 'act'
  readonly tip: string
}

export interface StatusInput {
  readonly fromNode: boolean
  readonly snapshot: NodeSnapshot | undefined
  readonly feed: FeedState | undefined
}

export function statusOf({ fromNode, snapshot, feed }: StatusInput): Status {
  if (fromNode && snapshot !== undefined) return ofNode(snapshot)
  if (feed === undefined || feed.connection === 'connecting') {
    return {
      text: 'connecting',
      tone: 'checking',
      tip: 'The relay is asked for the newest blocks.',
    }
  }
  if (feed.connection === 'lost') {
    return { text: 'offline', tone: 'act', tip: 'The relay cannot be reached; trying again.' }
  }
  const took = finalText(feed.blocks[0]?.finalAfterMs)
  switch (feed.check) {
    case 'verified':
      return { text: took, tone: 'final', tip: `${finalMeaning} This browser checked that.` }
    case 'failed':
      return {
        text: 'not proven',
        tone: 'act',
        tip: 'The certificate that the relay sent does not prove this block. Use another relay.',
      }
    case 'checking':
      return { text: 'checking', tone: 'checking', tip: 'Certificates are being checked here.' }
    case 'unavailable':
      return {
        text: 'not checked',
        tone: 'checking',
        tip: 'This browser could not load the part that checks certificates.',
      }
  }
}

function ofNode(snapshot: NodeSnapshot): Status {
  if (snapshot.head === undefined) {
    return { text: 'no block yet', tone: 'checking', tip: 'Waiting for the first final block.' }
  }
  return {
    text: finalText(snapshot.finalityMs?.median ?? snapshot.head.finalAfterMs),
    tone: 'final',
    tip:
      `${finalMeaning} This tab checks every block; the time is the median of the last ones, ` +
      'from the block’s own time.',
  }
}

const finalMeaning =
  'How soon the newest block was final: enough validators signed it, and nothing can undo it.'

function finalText(ms: number | undefined): string {
  return ms === undefined ? 'final' : `final in ${duration(ms)}`
}
