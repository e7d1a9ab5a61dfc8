/**
 * FORK-1: two certificates that cannot both exist while at most F power is faulty. The node stops
 * signing, keeps the pair and names who signed both: at least 2q − W power, for any two quorums
 * share that much.
 */
import { VoteKind, type Certificate } from '../codec/chain.ts'
import { equalBytes } from '../base/bytes.ts'
import type { SeatIndex, View } from '../types/ids.ts'
import { signersOf } from './certificate.ts'
import { viewState, type Draft } from './draft.ts'

/** Forks told of at most: more say nothing new. */
const toldMax = 16

/** A certificate held for the same view that excludes this one. */
export function conflicting(draft: Draft, certificate: Certificate): Certificate | undefined {
  const { quorum, commitCertificate, skipCertificate } = viewState(draft.state, certificate.view)
  const held =
    certificate.kind === VoteKind.SKIP
      ? [commitCertificate]
      : certificate.kind === VoteKind.COMMIT
        ? [commitCertificate, skipCertificate, quorum]
        : [quorum, commitCertificate]
  return held.find((one) => one !== undefined && !equalBytes(one.block, certificate.block))
}

/** Seats whose signatures in both certificates contradict each other (E2, E3, E4). */
export function culpritsOf(
  seatCount: number,
  left: Certificate,
  right: Certificate,
): readonly SeatIndex[] {
  const kinds = [left.kind, right.kind]
  // Who votes for one block may commit another one of the view, when a quorum voted for that.
  const isInnocent = kinds.includes(VoteKind.VOTE) && left.kind !== right.kind
  if (isInnocent || left.view !== right.view) return []
  const others = new Set(signersOf(seatCount, right.signers) ?? [])
  return (signersOf(seatCount, left.signers) ?? []).filter((seat) =>
    others.has(seat),
  ) as SeatIndex[]
}

/** Stops signing and says so, once a view. */
export function alarmFork(draft: Draft, view: number, certificates: readonly Certificate[]): void {
  const mark = `FORK:${String(view)}`
  const { filed } = draft.state
  const told = filed.filter((one) => one.startsWith('FORK:'))
  draft.state = { ...draft.state, mode: { type: 'abstaining', reason: 'FORK' } }
  if (told.includes(mark) || told.length >= toldMax) return
  draft.state = { ...draft.state, filed: [...filed.slice(-63), mark] }
  const [left, right] = certificates
  const seatCount = draft.env.seats.length
  const culprits = left && right ? culpritsOf(seatCount, left, right) : []
  draft.early.push({ type: 'alarm', code: 'FORK', view: view as View, certificates, culprits })
}
