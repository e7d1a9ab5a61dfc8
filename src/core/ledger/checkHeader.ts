/**
 * Compares a header with what its parent's post-state derives (BFT-3, STATE-3). The leader, the
 * view, the parent's hash and the justification are the agreement's part.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Header } from '../codec/chain.ts'
import { protocol } from '../params.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import type { HeaderDifference, HeaderFault } from './errors.ts'

export function checkHeader(
  header: Header,
  derived: DerivedHeader,
): Result<undefined, HeaderFault | HeaderDifference> {
  const fault = findFault(header, derived)
  if (fault !== undefined) return err(fault)
  const difference = findDifference(header, derived)
  return difference === undefined ? ok(undefined) : err(difference)
}

function findFault(header: Header, derived: DerivedHeader): HeaderFault | undefined {
  const { epoch, height, parentTimeMs, chainId, committee } = derived
  // ENC-2: another version is another protocol.
  if (header.version !== protocol.version) return { code: 'HEADER_VERSION' }
  if (header.chainId !== chainId) return { code: 'HEADER_CHAIN' }
  if (header.epoch !== epoch) return { code: 'HEADER_EPOCH', epoch }
  if (header.height !== height) return { code: 'HEADER_HEIGHT', height }
  if (header.timeMs <= parentTimeMs) return { code: 'HEADER_TIME', parentTimeMs }
  if (committee.seats[header.seat] === undefined) return { code: 'HEADER_SEAT' }
  return undefined
}

function findDifference(header: Header, derived: DerivedHeader): HeaderDifference | undefined {
  const fields = [
    ['HEADER_STATE_ROOT', header.parentStateRoot, derived.parentStateRoot],
    ['HEADER_RECEIPTS_ROOT', header.parentReceiptsRoot, derived.parentReceiptsRoot],
    ['HEADER_COMMITTEE', header.committeeRoot, derived.committeeRoot],
    ['HEADER_NEXT_COMMITTEE', header.nextCommitteeRoot, derived.nextCommitteeRoot],
    ['HEADER_ENROLMENT_ROOT', header.enrolmentRoot, derived.enrolmentRoot],
  ] as const
  for (const [code, found, expected] of fields) {
    if (!equalBytes(found, expected)) return { code, expected }
  }
  return undefined
}
