/**
 * Entering views (BFT-1, BFT-6), committing (BFT-4), proposing (BFT-2) and asking for what is
 * missing. Runs at the end of each step until nothing changes.
 */
import { Justification } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'
import type { TimeMs, View } from '../types/ids.ts'
import { castCommit, castSkip, castVote, maySign } from './cast.ts'
import { seatsOf } from './certificate.ts'
import { hasProposedTwice, keyOf, putBlock, viewState, type Draft } from './draft.ts'
import { tryFinalise } from './finality.ts'
import { mayPropose } from './guards.ts'
import { fileUnordered } from './malformed.ts'
import { deadlines, deltaMs } from './pacemaker.ts'
import { leaderOf } from './signing.ts'
import { certifiedTimeMs, extensionFor, parentOf } from './tree.ts'
import type { BlockNode, Building } from './types.ts'

/** Blocks asked for at once. */
const fetchesMax = 16

/** Views without finality in which a lost block is the likely reason. */
const promptViews = 2

export function advance(draft: Draft): void {
  checkBlocks(draft)
  tryFinalise(draft)
  if (draft.state.mode.type === 'closed') return
  commitCertified(draft)
  const next = highestEntry(draft)
  if (next > draft.state.view) enter(draft, next)
  voteCurrent(draft)
  skipOnTime(draft)
  propose(draft)
  fetchMissing(draft)
  wake(draft)
}

/** BFT-1: QC with its block valid, NC, or FC open the view above. */
function highestEntry(draft: Draft): View {
  const { state } = draft
  let next = Math.max(state.view, state.finalView + 1)
  for (const [view, here] of state.views) {
    if (view < next) continue
    const quorum = here.quorum
    const isValid = quorum && state.blocks.get(keyOf(quorum.block))?.validity === 'valid'
    const opens =
      isValid === true || here.skipCertificate !== undefined || here.commitCertificate !== undefined
    if (opens) next = view + 1
  }
  return next as View
}

function enter(draft: Draft, view: View): void {
  draft.state = {
    ...draft.state,
    view,
    enteredAtMs: draft.nowMs,
    building: undefined,
  }
}

/** Executes what is held as soon as its parent is known to be valid. */
function checkBlocks(draft: Draft): void {
  for (const node of draft.state.blocks.values()) {
    if (node.validity !== 'held') continue
    const parent = parentOf(draft.env, draft.state, node.parentKey)
    if (parent === undefined) {
      const above = draft.state.blocks.get(node.parentKey)
      if (above?.validity === 'invalid') putBlock(draft, { ...node, validity: 'invalid' })
      continue
    }
    const checking: BlockNode = { ...node, validity: 'checking', isTail: parent.endsEpoch }
    if (fileUnordered(draft, node, parent)) {
      putBlock(draft, { ...checking, validity: 'invalid' }) // TIME-1: monotonic.
      continue
    }
    putBlock(draft, checking)
    draft.early.push({ type: 'check', node: checking })
  }
}

/** BFT-4, also for views already left: the rules of `castCommit` keep it safe. */
function commitCertified(draft: Draft): void {
  for (const [view, here] of draft.state.views) {
    if (view <= draft.state.finalView || here.quorum === undefined) continue
    const node = draft.state.blocks.get(keyOf(here.quorum.block))
    if (node?.validity === 'valid') castCommit(draft, view, node)
  }
}

/** BFT-3: the leader's first header, once it is valid and timely. */
function voteCurrent(draft: Draft): void {
  if (draft.hasProposed) return
  const { state, env } = draft
  const here = viewState(state, state.view)
  const node = here.proposed === undefined ? undefined : state.blocks.get(here.proposed)
  if (node === undefined) return
  if (node.validity === 'invalid') castSkip(draft, state.view) // BFT-5: an invalid proposal.
  if (node.validity !== 'valid') return
  // TIME-1: untimely means no VOTE; a header a little ahead becomes timely by waiting.
  const { timeMs } = node.header
  if (timeMs < draft.nowMs - env.times.timePastMs) return
  if (timeMs > draft.nowMs + env.times.timeFutureMs) return
  castVote(draft, node)
}

/** BFT-5: the timers, and a leader that proposed twice: its view is not waited for. */
function skipOnTime(draft: Draft): void {
  const { state, env } = draft
  if (env.own === undefined) return
  const { leaderAtMs, advanceAtMs } = deadlines(env, state, certifiedTimeMs(env, state))
  const here = viewState(state, state.view)
  const silent = here.proposed === undefined && draft.nowMs >= leaderAtMs
  const isDouble = hasProposedTwice(state, leaderOf(env, state.view))
  if (silent || isDouble || draft.nowMs >= advanceAtMs) castSkip(draft, state.view)
}

/** BFT-2. */
function propose(draft: Draft): void {
  const { state, env } = draft
  const view = state.view
  if (env.own === undefined || leaderOf(env, view) !== env.own.seat) return
  const here = viewState(state, view)
  if (!maySign(draft, view) || !mayPropose(here.own)) return
  if (state.building?.view === view) return
  const extension = extensionFor(draft, view)
  if (extension === undefined) return
  const { parent, certificate, skips } = extension
  const isFirstOfEpoch = parent.view === 0
  const building = { view, parentKey: parent.key, isFirstOfEpoch, certificate, skips }
  draft.state = { ...draft.state, building }
  draft.early.push({
    type: 'build',
    request: {
      view,
      seat: env.own.seat,
      parent: parent.key,
      parentHeight: parent.height,
      parentTimeMs: parent.timeMs,
      isTail: parent.endsEpoch,
      justification: justificationHash(draft, building),
      notBeforeMs: Math.max(draft.nowMs, parent.timeMs + env.times.blockIntervalMs) as TimeMs,
    },
  })
}

/** The header commits to its justification (BFT-2). */
function justificationHash(draft: Draft, building: Building): Uint8Array {
  const { certificate, isFirstOfEpoch, skips } = building
  const path = isFirstOfEpoch ? [...draft.env.root.path] : []
  const justification =
    certificate === undefined
      ? { path, skips: [...skips] }
      : { parent: certificate, path, skips: [...skips] }
  return hash('justification', Justification.encode(justification))
}

/** The next moment at which time alone changes something. */
function wake(draft: Draft): void {
  const { state, env } = draft
  const here = viewState(state, state.view)
  const since = Math.max(state.lastStandstillAtMs, state.lastProgressAtMs)
  const times: number[] = [since + env.times.standstillMs]
  if (state.missingAtMs !== undefined) times.push(state.missingAtMs + fetchAfterMs(draft))
  if (env.own !== undefined && here.own.skip === undefined) {
    const { leaderAtMs, advanceAtMs } = deadlines(env, state, certifiedTimeMs(env, state))
    times.push(here.proposed === undefined ? leaderAtMs : advanceAtMs)
  }
  const node = here.proposed === undefined ? undefined : state.blocks.get(here.proposed)
  if (node?.validity === 'valid' && here.own.vote === undefined) {
    times.push(node.header.timeMs - env.times.timeFutureMs)
  }
  const later = times.filter((time) => time > draft.nowMs)
  // The own VOTE for what this step proposes.
  if (draft.hasProposed) later.push(draft.nowMs)
  const atMs = Math.min(draft.nowMs + env.times.standstillMs, ...later)
  draft.early.push({ type: 'wake', atMs: atMs as TimeMs })
}

/** BFT-8: Δ grows up to its first cap with the views since finality, but not for the first two. */
function fetchAfterMs({ env, state }: Draft): number {
  return Math.min(deltaMs(env, state.view - promptViews, state.finalView), env.times.deltaCapMs)
}

/** BFT-8: a missing block is asked for after Δ, when it is not merely still on its way. */
function fetchMissing(draft: Draft): void {
  const { state } = draft
  const missing = missingBlocks(draft)
  if (missing.length === 0) {
    if (state.missingAtMs !== undefined) draft.state = { ...state, missingAtMs: undefined }
    return
  }
  if (state.missingAtMs === undefined) {
    draft.state = { ...state, missingAtMs: draft.nowMs }
    return
  }
  if (draft.nowMs < state.missingAtMs + fetchAfterMs(draft)) return
  draft.state = { ...state, missingAtMs: draft.nowMs }
  for (const { hash, seats } of missing.slice(0, fetchesMax)) {
    draft.early.push({ type: 'fetch', hashes: [hash], seats })
  }
}

/** Certified blocks that are not held, with the seats that signed for them (BFT-8). */
function missingBlocks(draft: Draft): readonly {
  readonly hash: Uint8Array
  readonly seats: readonly number[]
}[] {
  const { state, env } = draft
  const missing: { hash: Uint8Array; seats: readonly number[] }[] = []
  for (const [view, here] of state.views) {
    if (view <= state.finalView) continue
    const certificate = here.commitCertificate ?? here.quorum
    if (certificate === undefined || state.blocks.has(keyOf(certificate.block))) continue
    missing.push({ hash: certificate.block, seats: seatsOf(env, certificate) })
  }
  for (const node of state.blocks.values()) {
    // Nothing stands on it, and its parent may be made up.
    if (node.validity === 'invalid') continue
    const isKnown =
      node.parentKey === state.finalKey ||
      node.parentKey === keyOf(env.root.hash) ||
      state.blocks.has(node.parentKey)
    if (isKnown || node.header.view <= state.finalView) continue
    missing.push({ hash: node.header.parent, seats: [node.header.seat] })
  }
  return missing
}
