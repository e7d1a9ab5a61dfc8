/**
 * Whether what evidence shows of a proposal is wrong (E5, E6), read from the wire and counted anew.
 * Signatures and hashes are not looked at: that both hold is for the core's own tests.
 */
import { readCertificate, readHeader, type SeenVote } from './messages.ts'
import { bytesIn, fieldsOf, listIn } from './wire.ts'

export interface ShownBytes {
  readonly header: Uint8Array
  readonly justification: Uint8Array
  readonly parentHeader: Uint8Array
}

export function isMalformed(
  vote: SeenVote,
  shown: ShownBytes,
  known: {
    /** Seat that leads the view, where a proposal of that turn was seen. */
    readonly leader: number | undefined
    readonly quorum: number
    readonly powerOf: (seats: readonly number[]) => number
  },
): boolean {
  const header = readHeader(shown.header)
  if (header.view !== vote.view || header.epoch !== vote.epoch) return true
  if (known.leader !== undefined && header.seat !== known.leader) return true
  if (shown.parentHeader.length > 0) {
    const parent = readHeader(shown.parentHeader)
    return header.timeMs <= parent.timeMs || header.height !== parent.height + 1
  }
  const fields = fieldsOf(shown.justification)
  const skips = listIn(fields, 3).map(readCertificate)
  const views = skips.map(({ view }) => view)
  if (views.some((view, index) => view !== header.view - skips.length + index)) return true
  const parentView = header.view - 1 - skips.length
  const parent = readCertificate(bytesIn(fields, 1))
  const isParent = parent.view === parentView && parent.block === header.parent
  const needed = parentView === 0 ? skips : [parent, ...skips]
  const isWeak = needed.some(({ signers }) => known.powerOf(signers) < known.quorum)
  return parentView < 0 || (parentView > 0 && !isParent) || isWeak
}
