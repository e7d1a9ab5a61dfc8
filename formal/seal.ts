/**
 * SEAL-1, studied and not part of the protocol (decision 0009): a seat that seals reports the
 * highest QC it holds and signs nothing more in the epoch; n - q + F + 1 SEALs let the next epoch
 * start from the highest QC among them, cut at the boundary, where otherwise only an FC does.
 */
import { ancestorAt, extendsBlock, type Block, type BlockTree } from './blocks.ts'
import type { Certificates } from './certificates.ts'
import { finalBlocks } from './invariants.ts'
import type { Seats } from './rules.ts'
import { commitBit, type Layout } from './votes.ts'

export interface SealRules {
  /** SEALs that are a SealCert. */
  readonly quorum: number
  /** The boundary is the first block of a height: each of these is tried. */
  readonly boundaryHeights: readonly number[]
  /** Mutant: a seat that sealed signs on. */
  readonly signsAfter: boolean
  /** Mutant: a SEAL may leave out what the seat committed. */
  readonly hidesCommits: boolean
  /** Also ask that there is only one block to start from. */
  readonly oneRoot: boolean
  /**
   * SEALs come at the end of a run. A seat that sealed signs nothing more, so that its SEAL can
   * move behind every vote of the run, and the QC it reports is still there.
   */
  readonly last: boolean
}

export function sealRulesOf(seats: Seats, options: { readonly views: number }): SealRules {
  return {
    quorum: seats.total - seats.quorum + seats.tolerated + 1,
    boundaryHeights: Array.from({ length: options.views }, (_, index) => index + 1),
    signsAfter: false,
    hidesCommits: false,
    oneRoot: false,
    last: false,
  }
}

/**
 * What an honest seat may report, lowest first. Any QC there is, or the root: messages may be late.
 * But a seat holds the QC of what it COMMITs, so it reports none that is lower.
 */
export function reportsOf(
  tree: BlockTree,
  seat: {
    readonly votes: readonly number[]
    readonly layouts: readonly Layout[]
    readonly views: readonly Certificates[]
    readonly seal: SealRules
  },
): readonly Block[] {
  const { votes, layouts, views, seal } = seat
  const any = [...tree.roots, ...certifiedBlocks(tree, views)]
  if (seal.hidesCommits) return any
  const committed = layouts.findLastIndex((layout, index) => {
    const commits = commitBit(layout, layout.blocks) - commitBit(layout, 0)
    return ((votes[index] ?? 0) & commits) !== 0
  })
  return any.filter(({ view }) => view > committed)
}

interface Sealed {
  readonly views: readonly Certificates[]
  /** Of the honest seats that sealed. */
  readonly reports: readonly Block[]
  readonly faulty: number
  readonly seal: SealRules
}

/** Every FC, past or to come, must lie on the chain that any SealCert hands over. */
export function sealFault(tree: BlockTree, sealed: Sealed): string | undefined {
  const tips = tipsOf(tree, sealed)
  const finals = finalBlocks(tree, sealed.views)
  for (const height of sealed.seal.boundaryHeights) {
    const cut = (block: Block): Block => ancestorAt(block, height) ?? block
    const roots = [...new Set(tips.map(cut))]
    for (const root of roots) {
      const missed = finals.map(cut).find((block) => !extendsBlock(root, block))
      if (missed !== undefined) return `${missed.name} is final, ${root.name} is handed over`
    }
    if (sealed.seal.oneRoot && roots.length > 1) {
      return `two hand-overs: ${roots.map(({ name }) => name).join(' and ')}`
    }
  }
  return undefined
}

/** The blocks that some SealCert names as its highest: faulty seats seal with any QC there is. */
function tipsOf(tree: BlockTree, { views, reports, faulty, seal }: Sealed): readonly Block[] {
  const needed = Math.max(0, seal.quorum - faulty)
  if (reports.length < needed) return []
  const ascending = reports.map(({ view }) => view).sort((left, right) => left - right)
  const lowest = ascending[needed - 1] ?? 0
  const isShown = faulty > 0 || seal.last
  const shown = isShown ? [...tree.roots, ...certifiedBlocks(tree, views)] : []
  return [...new Set([...reports, ...shown])].filter(({ view }) => view >= lowest)
}

function certifiedBlocks(tree: BlockTree, views: readonly Certificates[]): readonly Block[] {
  return tree.views.flatMap((blocks, index) => {
    const certified = views[index]?.certified ?? 0
    return blocks.filter((block) => (certified & (1 << block.index)) !== 0)
  })
}
