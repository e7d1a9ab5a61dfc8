/**
 * BFT-7: a commit certificate makes its block and all ancestors final. Nothing is reorganised past
 * a final block; a certificate that asks for it is a fork (FORK-1).
 */
import type { Certificate } from '../codec/chain.ts'
import type { View } from '../types/ids.ts'
import { alarmFork } from './fork.ts'
import { keyOf, type Draft } from './draft.ts'
import { pathFromFinal } from './tree.ts'
import { viewWindow, type BlockNode } from './types.ts'

/** Finalises the highest FC whose whole path is held and valid. */
export function tryFinalise(draft: Draft): void {
  const certificates = [...draft.state.views.values()]
    .map((here) => here.commitCertificate)
    .filter((certificate) => certificate !== undefined)
    .filter((certificate) => certificate.view > draft.state.finalView)
    .sort((left, right) => right.view - left.view)
  for (const certificate of certificates) {
    if (finalise(draft, certificate)) return
  }
}

function finalise(draft: Draft, certificate: Certificate): boolean {
  const { state } = draft
  const key = keyOf(certificate.block)
  const path = pathFromFinal(state, key)
  if (path === undefined) {
    if (conflicts(draft, key)) alarmFork(draft, certificate.view, [certificate])
    return false
  }
  if (path.some((node) => node.validity === 'invalid')) {
    // A quorum accepted what this node's own execution refuses: stop, never follow blindly.
    alarmDiverged(draft, certificate)
    return false
  }
  if (path.some((node) => node.validity !== 'valid')) return false
  report(draft, path, certificate)
  return true
}

const divergedMark = 'STATE_DIVERGED'

/** Told once; it holds for the rest of the epoch. A fork is the graver reason to stop. */
function alarmDiverged(draft: Draft, certificate: Certificate): void {
  const { filed, mode } = draft.state
  if (filed.includes(divergedMark)) return
  const isForked = mode.type === 'abstaining' && mode.reason === 'FORK'
  draft.state = {
    ...draft.state,
    filed: [...filed.slice(-63), divergedMark],
    mode: isForked ? mode : { type: 'abstaining', reason: 'STATE_DIVERGED' },
  }
  draft.early.push({
    type: 'alarm',
    code: 'STATE_DIVERGED',
    view: certificate.view as View,
    certificates: [certificate],
    culprits: [],
  })
}

/** The certified block is held with all its ancestors, but they lead past the final block. */
function conflicts(draft: Draft, key: ReturnType<typeof keyOf>): boolean {
  const { state } = draft
  const finalNode = state.blocks.get(state.finalKey)
  const finalHeight = finalNode?.header.height ?? draft.env.root.height
  let node = state.blocks.get(key)
  while (node !== undefined) {
    // On the final block itself it would have been a path.
    if (node.header.height <= finalHeight + 1) return true
    node = state.blocks.get(node.parentKey)
  }
  return false
}

function report(draft: Draft, path: readonly BlockNode[], certificate: Certificate): void {
  const end = path.findIndex((node) => node.isBoundary)
  const nodes = end < 0 ? path : path.slice(0, end + 1)
  const above = end < 0 ? [] : path.slice(end + 1)
  const last = nodes.at(-1)
  draft.late.push({
    type: 'final',
    nodes,
    path: above.map((node) => node.headerBytes),
    certificate,
    closesEpoch: end >= 0,
  })
  const finalView = certificate.view as View
  draft.state = {
    ...draft.state,
    mode: end >= 0 ? { type: 'closed' } : draft.state.mode,
    finalView,
    finalKey: last === undefined ? draft.state.finalKey : last.key,
    finalCertificate: certificate,
    floorView: Math.max(draft.state.floorView, finalView + 1) as View,
    lastProgressAtMs: draft.nowMs,
  }
}

/** Memory stays bounded: views a little below finality stay for evidence, blocks do not. */
export function prune(draft: Draft): void {
  const { state } = draft
  if (state.finalView === draft.finalViewBefore || state.mode.type === 'closed') return
  const finalHeight = state.blocks.get(state.finalKey)?.header.height ?? 0
  const views = new Map(
    [...state.views].filter(([view]) => view + viewWindow.behind > state.finalView),
  )
  const blocks = new Map(
    [...state.blocks].filter(
      ([key, node]) => key === state.finalKey || node.header.height > finalHeight,
    ),
  )
  draft.state = { ...state, views, blocks }
}
