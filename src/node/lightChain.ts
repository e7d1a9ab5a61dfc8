/**
 * The boundaries that a node has followed beyond what it executed, kept in its store: how it knows
 * the root of a snapshot (SYNC-1), and where it goes on after a restart (SYNC-3).
 */
import { ok, type Result } from '../core/base/result.ts'
import {
  lightAnchor,
  lightGenesis,
  type LightTip,
  type ShownBoundary,
} from '../core/chain/lightClient.ts'
import type { Genesis } from '../core/codec/state.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'
import { boundariesMax, followPage } from './lightFollow.ts'
import type { PeerFailure } from './peerFailure.ts'

/** Epoch of the newest boundary that was followed. */
const newestName = 'light/newest'

export interface LightChainParts {
  readonly genesis: Genesis
  readonly chain: Chain
  readonly transport: Pick<Transport, 'request'>
  readonly bls: BlsBackend
}

export class LightChain {
  readonly #parts: LightChainParts

  constructor(parts: LightChainParts) {
    this.#parts = parts
  }

  /** Follows one peer to the newest boundary it has; what was verified stays when it fails. */
  async follow(peer: PeerId, isStopped: () => boolean): Promise<Result<LightTip, PeerFailure>> {
    const { transport, bls, chain } = this.#parts
    let tip = await this.tip()
    while (!isStopped()) {
      const page = await followPage(transport, peer, tip, bls)
      if (!page.ok) return page
      tip = page.value.tip
      const { boundaries } = page.value
      for (const boundary of boundaries) await chain.boundaries.put(boundary)
      if (boundaries.length > 0) {
        await chain.store.putValue(newestName, encodeHeight(tip.epoch - 1))
      }
      if (boundaries.length < boundariesMax) break
    }
    return ok(tip)
  }

  /** The newest boundary, executed or followed. */
  async tip(): Promise<LightTip> {
    const { chain, genesis } = this.#parts
    const followed = await chain.store.getValue(newestName)
    const newest = Math.max(chain.epoch - 1, followed === undefined ? -1 : decodeHeight(followed))
    return (await this.at(newest)) ?? lightGenesis(genesis)
  }

  /** Trust as of boundary(epoch): what is stored was verified before. */
  async at(epoch: number): Promise<LightTip | undefined> {
    const shown = await this.boundary(epoch)
    if (shown === undefined) return undefined
    const { genesis } = this.#parts
    const { chainId } = genesis
    const restartKey = genesis.devnet?.restartKey
    const anchor = lightAnchor({
      chainId,
      restartKey,
      header: shown.block.header,
      next: shown.next,
    })
    return anchor.ok ? anchor.value : undefined
  }

  boundary(epoch: number): Promise<ShownBoundary | undefined> {
    return this.#parts.chain.boundaries.at(epoch)
  }
}
