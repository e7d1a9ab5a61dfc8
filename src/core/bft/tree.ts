/** The blocks above the final one, and which of them is extended next. */
import { assert } from '../base/assert.ts'
import type { Certificate } from '../codec/chain.ts'
import type { HashHex, TimeMs } from '../types/ids.ts'
import { keyOf, viewState, type Draft } from './draft.ts'
import type { Agreement, AgreementEnv, BlockNode } from './types.ts'

export interface Parent {
  readonly key: HashHex
  readonly height: number
  readonly timeMs: TimeMs
  /** View of the parent in this epoch; 0 for the root. */
  readonly view: number
  readonly endsEpoch: boolean
}

/** A block that can be extended: valid, or the root. Undefined when it is not known as such. */
export function parentOf(env: AgreementEnv, state: Agreement, key: HashHex): Parent | undefined {
  if (key === keyOf(env.root.hash)) {
    const { height, timeMs } = env.root
    return { key, height, timeMs, view: 0, endsEpoch: false }
  }
  const node = state.blocks.get(key)
  if (node?.validity !== 'valid') return undefined
  const { height, timeMs, view } = node.header
  return { key, height, timeMs: timeMs as TimeMs, view, endsEpoch: node.isBoundary || node.isTail }
}

export interface Extension {
  readonly parent: Parent
  /** QC (or FC) of the parent; the hand-over for the first block of an epoch. */
  readonly certificate: Certificate | undefined
  /** One NC for each view between the parent's and the new block's. */
  readonly skips: readonly Certificate[]
}

/**
 * BFT-2: what the leader of `view` extends: the highest certified block, with an NC for every view
 * since. Undefined while a certificate or the block is missing.
 */
export function extensionFor(draft: Draft, view: number): Extension | undefined {
  const { env, state } = draft
  const skips: Certificate[] = []
  for (let below = view - 1; below > state.finalView; below -= 1) {
    const here = viewState(state, below)
    const certificate = here.quorum ?? here.commitCertificate
    if (certificate !== undefined) {
      const parent = parentOf(env, state, keyOf(certificate.block))
      return parent && { parent, certificate, skips: skips.reverse() }
    }
    if (here.skipCertificate === undefined) return undefined
    skips.push(here.skipCertificate)
  }
  const parent = finalBlock(env, state)
  const certificate = state.finalView === 0 ? env.root.certificate : state.finalCertificate
  return { parent, certificate, skips: skips.reverse() }
}

/** Time of the highest certified block that is held, for PACE-1. */
export function certifiedTimeMs(env: AgreementEnv, state: Agreement): number {
  for (let view = state.view - 1; view > state.finalView; view -= 1) {
    const quorum = viewState(state, view).quorum
    const node = quorum && state.blocks.get(keyOf(quorum.block))
    if (node !== undefined) return node.header.timeMs
  }
  return finalBlock(env, state).timeMs
}

/** The final block can always be extended: it was valid, and pruning keeps it. */
function finalBlock(env: AgreementEnv, state: Agreement): Parent {
  const final = parentOf(env, state, state.finalKey)
  assert(final !== undefined, 'the final block is held')
  return final
}

/** Nodes from just above the final block up to `key`; undefined when one is missing. */
export function pathFromFinal(state: Agreement, key: HashHex): readonly BlockNode[] | undefined {
  const path: BlockNode[] = []
  let cursor = key
  while (cursor !== state.finalKey) {
    const node = state.blocks.get(cursor)
    if (node === undefined || path.length > state.blocks.size) return undefined
    path.push(node)
    cursor = node.parentKey
  }
  return path.reverse()
}
