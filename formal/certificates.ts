/** Which certificates a set of votes gives, when the faulty seats have cast every vote. */
import type { Block, BlockTree } from './blocks.ts'
import { VoteKind } from '../src/core/codec/chain.ts'
import type { Rules, Seats } from './rules.ts'
import { commitBit, skipBit, voteBit, type Layout } from './votes.ts'

/** The certificates of one view; blocks are bits by their place in the view. */
export interface Certificates {
  /** QC. */
  readonly certified: number
  /** FC. */
  readonly final: number
  /** NC. */
  readonly skipped: boolean
}

export function certificatesOf(
  layout: Layout,
  votes: readonly number[],
  options: { readonly seats: Seats; readonly rules: Rules },
): Certificates {
  const { seats, rules } = options
  const reaches = (bit: number): boolean => seats.reaches[countOf(votes, bit, seats)] === true
  let certified = 0
  let final = 0
  for (let block = 0; block < layout.blocks; block += 1) {
    const bit = voteBit(layout, block)
    if (reaches(bit)) certified |= 1 << block
    const isFull = countOf(votes, bit, seats) === seats.total
    if (reaches(commitBit(layout, block)) || (rules.fullQuorumCommits && isFull)) {
      final |= 1 << block
    }
  }
  return { certified, final, skipped: reaches(skipBit(layout)) }
}

export function countOf(votes: readonly number[], bit: number, seats: Seats): number {
  let count = seats.faulty
  for (const cast of votes) if ((cast & bit) !== 0) count += 1
  return count
}

/** BFT-2: the blocks of a view that can show a certified parent and an NC for each view since. */
export function justifiedIn(
  tree: BlockTree,
  options: { readonly view: number; readonly below: readonly Certificates[]; rules: Rules },
): number {
  const { view, below, rules } = options
  let justified = 0
  for (const { parent, index } of tree.views[view - 1] ?? []) {
    if (parent === undefined || !isShown(parent, below)) continue
    const gap = { parentView: parent.view, view }
    if (rules.skipsFillGap(skipsBetween(gap, below), gap)) justified |= 1 << index
  }
  return justified
}

/** A root was handed over; any other parent needs its QC or its FC. */
function isShown(parent: Block, below: readonly Certificates[]): boolean {
  if (parent.view === 0) return true
  const here = below[parent.view - 1]
  return here !== undefined && ((here.certified | here.final) & (1 << parent.index)) !== 0
}

function skipsBetween(
  gap: { readonly parentView: number; readonly view: number },
  below: readonly Certificates[],
): readonly { readonly kind: VoteKind; readonly view: number }[] {
  return below.flatMap(({ skipped }, index) =>
    skipped && index + 1 > gap.parentView && index + 1 < gap.view
      ? [{ kind: VoteKind.SKIP, view: index + 1 }]
      : [],
  )
}

export function keyOfCertificates({ certified, final, skipped }: Certificates): string {
  return `${certified},${final},${skipped ? 1 : 0}`
}
