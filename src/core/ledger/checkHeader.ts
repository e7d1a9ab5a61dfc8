/**
 * Compares a header with what its parent's post-state derives (BFT-3, STATE-3). The leader, the
 * view, the parent's hash and the justification are the agreement's part.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Header } from '../codec/chain.ts'
import { beaconShareMessage } from '../crypto/vrf.ts'
import { protocol } from '../params.ts'
import type { DerivedHeader } from './deriveHeader.ts'
import type { Verifier } from './env.ts'
import type { HeaderDifference, HeaderFault } from './errors.ts'
import { readSingle, type LedgerState } from './state.ts'
import { beaconShares } from './tables.ts'
import { validatorOf } from './validators.ts'

export function checkHeader(
  state: LedgerState,
  header: Header,
  derived: DerivedHeader,
  verifier: Verifier,
): Result<undefined, HeaderFault | HeaderDifference> {
  const fault = findFault(header, derived)
  if (fault !== undefined) return err(fault)
  const difference = findDifference(header, derived)
  if (difference !== undefined) return err(difference)
  return beaconShareIsValid(state, header, derived, verifier)
    ? ok(undefined)
    : err({ code: 'HEADER_BEACON_SHARE' as const })
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

/** A seat has one share an epoch: it is verified when it first comes, then compared (BEACON-1). */
function beaconShareIsValid(
  state: LedgerState,
  header: Header,
  derived: DerivedHeader,
  verifier: Verifier,
): boolean {
  const { shares } = readSingle(state, beaconShares)
  const known = shares.find((entry) => entry.seat === header.seat)
  if (known !== undefined) return equalBytes(known.share, header.beaconShare)
  const seat = derived.committee.seats[header.seat]
  const validator = seat === undefined ? undefined : validatorOf(state, seat.validator)
  if (validator === undefined) return false
  return verifier.blsSigned(validator.vrfKey, beaconShareMessage(derived), header.beaconShare)
}
