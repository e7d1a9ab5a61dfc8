/** What must hold of the certificates of an epoch, whatever the faulty seats do. */
import { ancestorAt, extendsBlock, type Block, type BlockTree } from './blocks.ts'
import type { Certificates } from './certificates.ts'

export interface InvariantOptions {
  /** The fast path certifies more than one block of a view on purpose. */
  readonly severalCertified: boolean
}

/** The first invariant that `views` breaks, in words; undefined when they all hold. */
export function faultOf(
  tree: BlockTree,
  views: readonly Certificates[],
  options: InvariantOptions,
): string | undefined {
  for (const [index, { certified, final, skipped }] of views.entries()) {
    const view = index + 1
    if (!options.severalCertified && !atMostOne(certified)) return `two QCs in view ${view}`
    if (!atMostOne(final)) return `two FCs in view ${view}`
    if (final !== 0 && skipped) return `FC and NC in view ${view}`
    if ((final & ~certified) !== 0) return `FC without QC in view ${view}`
  }
  return forkOf(finalBlocks(tree, views))
}

export function finalBlocks(tree: BlockTree, views: readonly Certificates[]): readonly Block[] {
  return views.flatMap(({ final }, index) =>
    final === 0
      ? []
      : (tree.views[index] ?? []).filter((block) => (final & (1 << block.index)) !== 0),
  )
}

/**
 * Every FC extends every lower one. Then the boundary that they hand over, the first block of some
 * height on the chain, is one block too (EPOCH-2); it is checked for every height by itself.
 */
function forkOf(finals: readonly Block[]): string | undefined {
  for (const [index, above] of finals.entries()) {
    for (const below of finals.slice(0, index)) {
      if (!extendsBlock(above, below)) return `fork: ${below.name} and ${above.name} are final`
      for (let height = 1; height <= below.height; height += 1) {
        if (ancestorAt(above, height) !== ancestorAt(below, height)) {
          return `two hand-overs at height ${height}`
        }
      }
    }
  }
  return undefined
}

function atMostOne(bits: number): boolean {
  return (bits & (bits - 1)) === 0
}
