import { describe, expect, it } from 'vitest'
import { u32be } from '../core/base/bytes.ts'
import type { BlockNode } from '../core/bft/types.ts'
import type { Header } from '../core/codec/chain.ts'
import type { StoredBlock } from '../ports/store.ts'
import type { Chain } from './chain.ts'
import type { FinalEffect } from './engine.ts'
import { HeldBack } from './heldBack.ts'

const hashAt = (height: number): Uint8Array => u32be(height)

function effectOf(...heights: readonly number[]): FinalEffect {
  const nodes = heights.map((height) => {
    const header = { height, parent: hashAt(height - 1) } as Header
    return { key: String(height), hash: hashAt(height), header } as unknown as BlockNode
  })
  return { nodes, path: [], certificate: {} as never, closesEpoch: false }
}

/** What of a chain is asked: its tip, and whether it takes what stands on it. */
class Standing {
  height = 10
  isHeld = true
  readonly stored: number[][] = []

  get chain(): Pick<Chain, 'tip' | 'executedOf' | 'finalise'> {
    const tip = { height: this.height, hash: hashAt(this.height) } as Chain['tip']
    const finalise: Chain['finalise'] = ({ nodes }) => {
      if (this.isHeld) return Promise.resolve([])
      const heights = nodes.map(({ header }) => header.height)
      this.stored.push(heights)
      this.height = heights.at(-1) ?? this.height
      return Promise.resolve(heights.map((height) => ({ height }) as StoredBlock))
    }
    const executedOf: Chain['executedOf'] = () => ({}) as ReturnType<Chain['executedOf']>
    return Object.defineProperty({ tip, finalise, executedOf }, 'tip', {
      get: () => ({ height: this.height, hash: hashAt(this.height) }),
    })
  }
}

describe('RECOVER-1 final blocks that wait for the end of an attempt', () => {
  it('are taken in order, with the certificate of each, and nothing is left out', async () => {
    const [standing, held] = [new Standing(), new HeldBack()]
    expect(await held.take(standing.chain, [effectOf(11, 12)])).toEqual([])
    expect(await held.take(standing.chain, [effectOf(13)])).toEqual([])
    standing.isHeld = false
    const taken = await held.take(standing.chain, [effectOf(14)])
    expect(standing.stored).toEqual([[11, 12], [13], [14]])
    expect(taken.map(({ nodes, blocks }) => [nodes.length, blocks.length])).toEqual([
      [2, 2],
      [1, 1],
      [1, 1],
    ])
    expect(await held.take(standing.chain, [])).toEqual([])
  })

  it('are taken without another one when the attempt is over', async () => {
    const [standing, held] = [new Standing(), new HeldBack()]
    await held.take(standing.chain, [effectOf(11)])
    standing.isHeld = false
    expect(await held.take(standing.chain, [])).toHaveLength(1)
  })

  it('are left out when others brought them, or they do not stand on the tip', async () => {
    const [standing, held] = [new Standing(), new HeldBack()]
    await held.take(standing.chain, [effectOf(11, 12)])
    standing.isHeld = false
    standing.height = 11
    await held.take(standing.chain, [effectOf(15)])
    expect(standing.stored).toEqual([[12]])
  })
})
