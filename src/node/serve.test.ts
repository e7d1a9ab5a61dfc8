import { describe, expect, it } from 'vitest'
import { CertifiedBlock, SyncResponse } from '../core/codec/chain.ts'
import { bodyBytesMax } from '../core/bft/body.ts'
import { headerBytesMax } from '../core/committee/proposalFault.ts'
import { pathHeadersMax } from '../core/chain/certified.ts'
import { transportLimits } from '../ports/transport.ts'
import { withinLimit } from './serve.ts'
import { syncBlocksMax } from './sync.ts'

function page(
  bodyBytes: number,
  headers: number,
): { readonly count: number; readonly size: number } {
  const header = new Uint8Array(headerBytesMax)
  const path = Array.from({ length: headers }, () => header)
  const block = CertifiedBlock.decode(CertifiedBlock.encode({ header, path }))
  block.body = new Uint8Array(bodyBytes)
  const blocks = withinLimit(Array.from({ length: syncBlocksMax }, () => block))
  return { count: blocks.length, size: SyncResponse.encode({ blocks }).length }
}

describe('NET-6, SYNC-1: a page of blocks', () => {
  it('is a whole one when blocks are small', () => {
    expect(page(100, 0).count).toBe(syncBlocksMax)
  })

  it('fits one answer, with bodies and paths of any size', () => {
    for (const [bodyBytes, headers] of [
      [bodyBytesMax, 0],
      [0, 300],
      [bodyBytesMax, pathHeadersMax],
    ] as const) {
      const { count, size } = page(bodyBytes, headers)
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThan(syncBlocksMax)
      expect(size).toBeLessThan(transportLimits.responseBytesMax)
    }
  })
})
