/**
 * Catching up (SYNC-1): pages of final blocks from any peer, trusted for nothing. Every block is
 * linked to the one before it and held to its commit certificate before it is executed: what this
 * node keeps, it also serves to others.
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import type { Result } from '../core/base/result.ts'
import { certificateEnv, readHeader, verifyCertified } from '../core/chain/certified.ts'
import { SyncRequest, SyncResponse, type CertifiedBlock, type Header } from '../core/codec/chain.ts'
import type { CertificateEnv } from '../core/bft/certificate.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { Executor } from './executor.ts'
import { openedCommittee } from './openedCommittee.ts'
import { ask, blockFailure, notPeerFault, type PeerFailure } from './peerFailure.ts'

/** Blocks asked for at once: a page of full blocks must fit the response limit. */
export const syncBlocksMax = 64

export interface SyncedBlock {
  readonly block: CertifiedBlock
  readonly header: Header
  readonly hash: Uint8Array
}

/** What a peer sent, before anything of it was checked. */
export interface SyncPage {
  readonly blocks: readonly CertifiedBlock[]
  readonly tipHeight: number
}

export interface SyncOutcome {
  readonly applied: number
  /** Why the rest of the page does not hold; undefined when all of it does. */
  readonly failure: PeerFailure | undefined
}

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

  /** One page from one peer: above the tip of now, and nothing of it applied. */
  async fetch(peer: PeerId): Promise<Result<SyncPage, PeerFailure>> {
    const fromHeight = this.#chain.tip.height + 1
    const bytes = SyncRequest.encode({
      fromHeight,
      countMax: syncBlocksMax,
      boundariesOnly: false,
    })
    const page = await ask(this.#transport, peer, { protocol: 'sync', bytes, codec: SyncResponse })
    if (!page.ok) return page
    const { blocks, lowestHeight } = page.value
    // A node that began with a snapshot does not hold what is before it: no fault of its own.
    const isPruned = blocks.length === 0 && lowestHeight > fromHeight
    return isPruned ? notPeerFault('SYNC_HISTORY_PRUNED') : page
  }

  /** What of a page is above the tip of now: others may have moved it since the page was asked. */
  async apply({ blocks }: SyncPage): Promise<SyncOutcome> {
    const before = this.#chain.tip.height
    for (const segment of segments(blocks.filter((block) => !isUpTo(before, block)))) {
      const code = await this.applySegment(segment)
      if (code === undefined) continue
      return { applied: this.#chain.tip.height - before, failure: blockFailure(code) }
    }
    return { applied: this.#chain.tip.height - before, failure: undefined }
  }

  /** Blocks of one committee, in order; undefined when all are final here now. */
  async applySegment(segment: readonly CertifiedBlock[]): Promise<string | undefined> {
    const { state } = this.#chain.tip
    const committee = openedCommittee(state, segment[0], this.#executor.env)
    if (committee === undefined) return 'SYNC_COMMITTEE_UNKNOWN'
    const env = certificateEnv(this.#chain.chainId, committee, this.#bls)
    const { linked, code } = this.#link(segment, env)
    // What comes before a bad block is final all the same.
    for (const one of linked) {
      const failed = await this.#applyOne(one)
      if (failed !== undefined) return failed
    }
    return code
  }

  /** Those that stand one on the other, from the tip on, and why the next one does not. */
  #link(
    segment: readonly CertifiedBlock[],
    env: CertificateEnv,
  ): { readonly linked: readonly SyncedBlock[]; readonly code: string | undefined } {
    const linked: SyncedBlock[] = []
    let parent = this.#chain.tip.hash
    for (const block of segment) {
      const verified = verifyCertified(env, block)
      if (!verified.ok) return { linked, code: verified.error.code }
      const { header, hash } = verified.value
      if (!equalBytes(header.parent, parent)) {
        return { linked, code: 'SYNC_NOT_LINKED' }
      }
      linked.push({ block, header, hash })
      parent = hash
    }
    return { linked, code: undefined }
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
    const blocks = await this.#chain.finalise({ nodes: [node], path, certificate })
    return blocks.length === 0 ? 'BLOCK_HELD_BACK' : undefined
  }
}

function isUpTo(height: number, block: CertifiedBlock): boolean {
  const read = readHeader(block.header)
  return read.ok && read.value.header.height <= height
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
