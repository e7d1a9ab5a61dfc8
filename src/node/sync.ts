/**
 * Catching up (SYNC-1): pages of final blocks from any peer, trusted for nothing. Every block is
 * linked to the one before it and held to its commit certificate before it is executed: what this
 * node keeps, it also serves to others.
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import { certificateEnv, readHeader, verifyCertified } from '../core/chain/certified.ts'
import { SyncRequest, SyncResponse, type CertifiedBlock, type Header } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { CertificateEnv } from '../core/bft/certificate.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { HashHex } from '../core/types/ids.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { Executor } from './executor.ts'
import { openedCommittee } from './openedCommittee.ts'

/** Blocks asked for at once: a page of full blocks must fit the response limit. */
export const syncBlocksMax = 64

const requestTimeoutMs = 10_000

export interface SyncedBlock {
  readonly block: CertifiedBlock
  readonly header: Header
  readonly hash: Uint8Array
}

export type SyncOutcome =
  | { readonly type: 'done'; readonly applied: number; readonly tipHeight: number }
  /** The peer did not answer, or what it sent does not hold: ask another one. */
  | { readonly type: 'failed'; readonly code: string; readonly isPeerFault: boolean }

export class Syncer {
  readonly #chain: Chain
  readonly #executor: Executor
  readonly #transport: Transport
  readonly #bls: BlsBackend

  constructor(options: {
    readonly chain: Chain
    readonly executor: Executor
    readonly transport: Transport
    readonly bls: BlsBackend
  }) {
    this.#chain = options.chain
    this.#executor = options.executor
    this.#transport = options.transport
    this.#bls = options.bls
  }

  /** One page from one peer, applied. */
  async pull(peer: PeerId): Promise<SyncOutcome> {
    const request = SyncRequest.encode({
      fromHeight: this.#chain.tip.height + 1,
      countMax: syncBlocksMax,
      boundariesOnly: false,
    })
    const answer = await this.#transport.request(peer, 'sync', request, {
      timeoutMs: requestTimeoutMs,
    })
    if (!answer.ok) return { type: 'failed', code: answer.error.code, isPeerFault: false }
    const decoded = decodeStrict(SyncResponse, answer.value, transportLimits.responseBytesMax)
    if (!decoded.ok) return { type: 'failed', code: decoded.error.code, isPeerFault: true }
    const { blocks, tipHeight, lowestHeight } = decoded.value
    // A node that began with a snapshot does not hold what is before it: no fault of its own.
    if (blocks.length === 0 && lowestHeight > this.#chain.tip.height + 1) {
      return { type: 'failed', code: 'SYNC_HISTORY_PRUNED', isPeerFault: false }
    }
    let applied = 0
    for (const segment of segments(blocks)) {
      const code = await this.applySegment(segment)
      // A proof that could not be judged here says nothing about who sent the block.
      const isPeerFault = code !== 'BLOCK_PROOF_UNVERIFIED'
      if (code !== undefined) return { type: 'failed', code, isPeerFault }
      applied += segment.length
    }
    return { type: 'done', applied, tipHeight }
  }

  /** Blocks of one committee, in order; undefined when all are final here now. */
  async applySegment(segment: readonly CertifiedBlock[]): Promise<string | undefined> {
    const { state } = this.#chain.tip
    const committee = openedCommittee(state, segment[0], this.#executor.env)
    if (committee === undefined) return 'SYNC_COMMITTEE_UNKNOWN'
    const linked = this.#link(segment, certificateEnv(this.#chain.chainId, committee, this.#bls))
    if (typeof linked === 'string') return linked
    for (const one of linked) {
      const code = await this.#applyOne(one)
      if (code !== undefined) return code
    }
    return undefined
  }

  /** Every block's parent is the one before it, from the tip on. */
  #link(segment: readonly CertifiedBlock[], env: CertificateEnv): readonly SyncedBlock[] | string {
    const linked: SyncedBlock[] = []
    let parent = this.#chain.tip.hash
    for (const block of segment) {
      const verified = verifyCertified(env, block)
      if (!verified.ok) return verified.error.code
      const { header, hash } = verified.value
      if (!equalBytes(header.parent, parent)) return 'SYNC_NOT_LINKED'
      linked.push({ block, header, hash })
      parent = hash
    }
    return linked
  }

  async #applyOne({ block, header, hash }: SyncedBlock): Promise<string | undefined> {
    const key = hex(hash) as HashHex
    const { body, certificate, path } = block
    if (certificate === undefined) return 'BLOCK_UNCERTIFIED'
    if (this.#chain.executedOf(key) === undefined) {
      const execution = await this.#executor.execute({ hash, header, body, isTail: false })
      if (!execution.valid) return execution.code
    }
    const proposal = {
      header: block.header,
      body,
      signature: new Uint8Array(0),
      path: [],
      skips: [],
    }
    const node = { key, hash, header, headerBytes: block.header, proposal }
    await this.#chain.finalise({ nodes: [node], path, certificate })
    return undefined
  }
}

/** Runs of one committee; an unreadable header ends up alone and is refused there. */
function segments(blocks: readonly CertifiedBlock[]): readonly (readonly CertifiedBlock[])[] {
  const runs: CertifiedBlock[][] = []
  let committee: string | undefined
  for (const block of blocks) {
    const read = readHeader(block.header)
    const own = read.ok ? hex(read.value.header.committeeRoot) : undefined
    if (own === undefined || own !== committee) runs.push([])
    committee = own
    runs.at(-1)?.push(block)
  }
  return runs
}
