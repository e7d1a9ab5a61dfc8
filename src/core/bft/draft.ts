/**
 * The working copy of one step: fields are replaced, never changed in place, so that the state
 * given to `step` stays as it was (DET-1). Maps are copied on the first write of a step.
 */
import type { Certificate, Proposal, Vote } from '../codec/chain.ts'
import { hex } from '../base/bytes.ts'
import type { HashHex, TimeMs, View } from '../types/ids.ts'
import type {
  Agreement,
  AgreementEnv,
  BlockNode,
  Contradiction,
  Effect,
  OwnVotes,
  ViewState,
} from './types.ts'

export interface Draft {
  readonly env: AgreementEnv
  readonly nowMs: TimeMs
  state: Agreement
  /** Effects that show no vote: carried out at once. */
  readonly early: Effect[]
  /** Effects that may carry own votes: only after the record is durable (BFT-10). */
  readonly late: Effect[]
  /** Finality when the step began: votes above it stay in the record that this step writes. */
  readonly finalViewBefore: View
  /** An own vote was cast: a record must be written. */
  recordChanged: boolean
  /** A proposal of this seat leaves with this step: its VOTE is the next one's (`checked.ts`). */
  hasProposed: boolean
  /** Blocks proposed or voted for in this step. */
  readonly votedFor: BlockNode[]
}

export function draftOf(env: AgreementEnv, state: Agreement, nowMs: TimeMs): Draft {
  return {
    env,
    nowMs,
    state,
    early: [],
    late: [],
    finalViewBefore: state.finalView,
    recordChanged: false,
    hasProposed: false,
    votedFor: [],
  }
}

export function keyOf(hash: Uint8Array): HashHex {
  return hex(hash) as HashHex
}

const ownNothing: OwnVotes = {
  propose: undefined,
  vote: undefined,
  commit: undefined,
  skip: undefined,
}

const emptyView: ViewState = {
  proposed: undefined,
  votes: new Map(),
  commits: new Map(),
  skips: new Map(),
  quorum: undefined,
  commitCertificate: undefined,
  skipCertificate: undefined,
  isStrong: false,
  own: ownNothing,
}

export function viewState(state: Agreement, view: number): ViewState {
  return state.views.get(view as View) ?? emptyView
}

export function patchView(draft: Draft, view: number, patch: Partial<ViewState>): void {
  const views = new Map(draft.state.views)
  views.set(view as View, { ...viewState(draft.state, view), ...patch })
  draft.state = { ...draft.state, views }
}

export function putBlock(draft: Draft, node: BlockNode): void {
  const blocks = new Map(draft.state.blocks)
  blocks.set(node.key, node)
  draft.state = { ...draft.state, blocks }
}

/** Own votes of all kept views, oldest first: what the record says (BFT-10). */
export function ownVotes(state: Agreement): readonly Vote[] {
  const views = [...state.views.entries()].sort(([left], [right]) => left - right)
  return views.flatMap(([, { own }]) =>
    [own.propose, own.vote, own.commit, own.skip].filter((vote) => vote !== undefined),
  )
}

/** Highest FC and the certificates above it, by view (BFT-8). */
export function certificatesAbove(state: Agreement): readonly Certificate[] {
  const views = [...state.views.entries()]
    .filter(([view]) => view > state.finalView)
    .sort(([left], [right]) => left - right)
  const above = views.flatMap(([, { quorum, commitCertificate, skipCertificate }]) =>
    [quorum, commitCertificate, skipCertificate].filter((one) => one !== undefined),
  )
  return state.finalCertificate === undefined ? above : [state.finalCertificate, ...above]
}

/** Nothing of it holds: whoever brought it may have to answer for that (NET-5). */
export function refuse(draft: Draft, message: Vote | Certificate | Proposal): void {
  draft.early.push({ type: 'refused', message })
}

function markOf({ kind, seat, first }: Contradiction): string {
  return `${kind}:${String(first.view)}:${String(seat)}`
}

export function isFiled(draft: Draft, contradiction: Contradiction): boolean {
  return draft.state.filed.includes(markOf(contradiction))
}

/** E1 in the present view. */
export function hasProposedTwice(state: Agreement, leader: number): boolean {
  return state.filed.includes(`E1_DOUBLE_PROPOSE:${String(state.view)}:${String(leader)}`)
}

/** EVID-1: each contradiction is filed once. */
export function fileEvidence(draft: Draft, contradiction: Contradiction): void {
  if (isFiled(draft, contradiction)) return
  const mark = markOf(contradiction)
  draft.state = { ...draft.state, filed: [...draft.state.filed.slice(-63), mark] }
  draft.early.push({ type: 'evidence', contradiction })
}
