/**
 * The round of the running epoch in the state (BEACON-6): read as the value that the rules of
 * `committee/beacon` work on, and written back by what they changed.
 *
 * Of a deal that counts the state keeps what is still needed: its hash, the commitment to the
 * secret and the encrypted shares. The rest has served once it was judged.
 */
import type { Deal, DealShares } from '../../codec/sharing.ts'
import { SharingPhase } from '../../codec/state.ts'
import type { BeaconRound, RoundPhase } from '../../committee/beacon/round.ts'
import { itemAt } from '../../crypto/pvss/group.ts'
import { clear, read, readSingle, remove, write, writeSingle, type LedgerState } from '../state.ts'
import {
  chainInfo,
  committees,
  epochRecord,
  sharingDeals,
  sharingRound,
  shownShares,
} from '../tables.ts'
import { sharingOf } from './committeeSharing.ts'

const none = new Uint8Array(0)

const phases: Readonly<Record<SharingPhase, RoundPhase>> = {
  [SharingPhase.DEALING]: 'dealing',
  [SharingPhase.OPENING]: 'opening',
  [SharingPhase.SHOWING]: 'sharing',
  [SharingPhase.FAILED]: 'failed',
}
const codes: Readonly<Record<RoundPhase, SharingPhase>> = {
  dealing: SharingPhase.DEALING,
  opening: SharingPhase.OPENING,
  sharing: SharingPhase.SHOWING,
  failed: SharingPhase.FAILED,
}

/** Before the first block of an epoch, and after a Restart (RECOVER-1). */
export function clearRound(state: LedgerState): LedgerState {
  const empty = writeSingle(state, sharingRound, { phase: SharingPhase.DEALING, secrets: [] })
  return clear(clear(empty, sharingDeals), shownShares)
}

/** Undefined when the committee has no sharing. */
export function roundOf(state: LedgerState): BeaconRound | undefined {
  const { epoch } = readSingle(state, epochRecord)
  const committee = read(state, committees, epoch)
  const { chainId } = readSingle(state, chainInfo)
  const sharing = committee && sharingOf(chainId, committee)
  if (sharing === undefined) return undefined
  const { phase, secrets } = readSingle(state, sharingRound)
  const seats = [...sharing.seats.keys()]
  const deals = seats.map((dealer) => keptDeal(state, dealer, epoch))
  return {
    sharing,
    phase: phases[phase],
    deals,
    secrets: seats.map((dealer) => secrets.find((entry) => entry.dealer === dealer)?.secret),
    shares: seats.map((dealer) =>
      phases[phase] !== 'sharing' || deals[dealer] === undefined
        ? []
        : seats.flatMap((seat) => keptShares(state, { dealer, seat }, epoch)),
    ),
  }
}

export function writePhase(state: LedgerState, phase: RoundPhase): LedgerState {
  const round = readSingle(state, sharingRound)
  return writeSingle(state, sharingRound, { ...round, phase: codes[phase] })
}

/** `hash`: of the exact bytes of the deal. */
export function writeDeal(state: LedgerState, deal: Deal, hash: Uint8Array): LedgerState {
  const { dealer, encryptedShares } = deal
  const commitment = itemAt(deal.commitments, 0)
  return write(state, sharingDeals, dealer, { dealer, hash, commitment, encryptedShares })
}

/** What an opening, or the shares of a seat, changed for one dealer. */
export function writeDealer(state: LedgerState, round: BeaconRound, dealer: number): LedgerState {
  const secret = round.secrets[dealer]
  if (secret === undefined) {
    return (round.shares[dealer] ?? []).reduce((next, { seat, points }) => {
      return read(next, shownShares, { dealer, seat }) === undefined
        ? write(next, shownShares, { dealer, seat }, { dealer, seat, points })
        : next
    }, state)
  }
  const { secrets, ...rest } = readSingle(state, sharingRound)
  const known = { ...rest, secrets: [...secrets, { dealer, secret }] }
  const served = [...round.sharing.seats.keys()].reduce((next, seat) => {
    const isKept = read(next, shownShares, { dealer, seat }) !== undefined
    return isKept ? remove(next, shownShares, { dealer, seat }) : next
  }, state)
  return writeSingle(served, sharingRound, known)
}

/** With what is needed to judge openings and shares. */
export function keptDeal(state: LedgerState, dealer: number, epoch: number): Deal | undefined {
  const kept = read(state, sharingDeals, dealer)
  if (kept === undefined) return undefined
  const { commitment, encryptedShares } = kept
  const proof = { challenge: none, responses: none }
  return { epoch, dealer, commitments: commitment, encryptedShares, ...proof }
}

function keptShares(
  state: LedgerState,
  place: { readonly dealer: number; readonly seat: number },
  epoch: number,
): readonly DealShares[] {
  const kept = read(state, shownShares, place)
  return kept === undefined ? [] : [{ ...kept, epoch, challenge: none, response: none }]
}
