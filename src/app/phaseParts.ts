/** What each phase of the running epoch means for me: the lines beside the ring (UX-1). */

import type { EpochPhase, NodeSnapshot } from '../node/api.ts'
import { count, duration } from './format.ts'
import { phaseSpans } from './phases.ts'

export interface PhasePart {
  readonly phase: EpochPhase
  readonly name: string
  readonly text: string
}

/** Without a node here the lines say what the network does. */
const general: Readonly<Record<EpochPhase, string>> = {
  EMOTIONAL_ASSESSMENT: 'validators prove a calm, living pulse',
  COMMITTEE_SELECTION: 'the proofs are checked, the next seats drawn by lot',
  BLOCK_PROPOSAL: 'those drawn confirm and connect',
  EMOTIONAL_VOTING: 'who did not confirm is replaced',
  BLOCK_FINALIZATION: 'one block closes the epoch',
}

export function phaseParts(snapshot: NodeSnapshot | undefined): readonly PhasePart[] {
  return phaseSpans.map(({ phase, name }) => ({
    phase,
    name,
    text: snapshot === undefined || !takesPart(snapshot) ? general[phase] : mine(phase, snapshot),
  }))
}

function takesPart({ duty }: NodeSnapshot): boolean {
  return duty.state !== 'following' && duty.state !== 'unregistered' && duty.state !== 'registering'
}

function mine(phase: EpochPhase, snapshot: NodeSnapshot): string {
  const { epoch, head } = snapshot
  const seat = epoch?.seats.find((candidate) => candidate.mine)
  switch (phase) {
    case 'EMOTIONAL_ASSESSMENT':
      return assessment(snapshot)
    case 'COMMITTEE_SELECTION':
      return selection(snapshot)
    case 'BLOCK_PROPOSAL':
      if (seat === undefined) return 'the committee goes on without you'
      return head === undefined ? 'your votes are sent by themselves' : blockPart(head, seat.seat)
    case 'EMOTIONAL_VOTING':
      return seat === undefined ? 'nothing for you to do' : 'your votes are sent by themselves'
    case 'BLOCK_FINALIZATION':
      return 'the boundary block closes the epoch'
  }
}

function assessment({ duty, lastProof, epoch }: NodeSnapshot): string {
  if (duty.state === 'measuring') return 'recording your minute'
  if (duty.state === 'proving') return `making your proof, ${duty.percent} %`
  if (lastProof !== undefined && epoch !== undefined && lastProof.epoch >= epoch.epoch) {
    const made = `made in ${duration(lastProof.tookMs)}`
    return lastProof.accepted ? `proof sent, ${made}` : `proof ${made}, and not sent`
  }
  return duty.state === 'waiting' ? 'not yet your turn' : 'no proof of yours this time'
}

function selection({ duty, epoch }: NodeSnapshot): string {
  const next = epoch?.nextSeats
  if (next === undefined) return `${count(epoch?.readyCount ?? 0)} ready for the draw`
  const seat = next.find((candidate) => candidate.mine)
  if (seat !== undefined) return `drawn: seat ${seat.seat + 1} of ${next.length} comes next`
  return duty.state === 'waiting' ? 'not yet your turn' : 'not drawn for the next epoch'
}

function blockPart(head: NonNullable<NodeSnapshot['head']>, seat: number): string {
  if (head.seat === seat) return `you led block ${count(head.height)}`
  const voted = head.signers.includes(seat)
  return voted ? `block ${count(head.height)} held and voted` : 'waiting for your next vote'
}
