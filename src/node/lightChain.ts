/**
 * The boundaries that a node has followed beyond what it executed, kept in its store: how it knows
 * the root of a snapshot (SYNC-1), and where it goes on after a restart (SYNC-3).
 */
import { ok, type Result } from '../core/base/result.ts'
import {
  lightAnchor,
  lightGenesis,
  withRestartVoters,
  type LightTip,
  type ShownBoundary,
} from '../core/chain/lightClient.ts'
import type { Genesis } from '../core/codec/state.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { askRestartVoters } from './askRestartVoters.ts'
import { askBoundary } from './checkpointBoundary.ts'
import type { CheckpointWalk } from './checkpointWalk.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'
import { boundariesMax, followPage } from './lightFollow.ts'
import { notPeerFault, type PeerFailure } from './peerFailure.ts'

/** Epoch of the newest boundary that was followed. */
const newestName = 'light/newest'

export interface LightChainParts {
  readonly genesis: Genesis
  readonly chain: Chain
  readonly transport: Pick<Transport, 'request'>
  readonly bls: BlsBackend
  readonly walk: CheckpointWalk
}

export class LightChain {
  readonly #parts: LightChainParts

  constructor(parts: LightChainParts) {
    this.#parts = parts
  }

  /**
   * Follows one peer to the newest boundary it has; what was verified stays when it fails. With a
   * checkpoint that is trusted no boundary before the newest one of them is asked for.
   */
  async follow(peer: PeerId, isStopped: () => boolean): Promise<Result<LightTip, PeerFailure>> {
    const { transport, bls, chain } = this.#parts
    const jumped = await this.#toCheckpoint(peer, isStopped)
    if (!jumped.ok) return jumped
    let tip = await this.tip()
    while (!isStopped()) {
      const page = await followPage(transport, peer, tip, bls)
      if (!page.ok) return page
      tip = page.value.tip
      const { boundaries, restartVoters } = page.value
      for (const [epoch, bytes] of restartVoters) await chain.restartVoters.put(epoch, bytes)
      for (const boundary of boundaries) await chain.boundaries.put(boundary)
      if (boundaries.length > 0) {
        await chain.store.putValue(newestName, encodeHeight(tip.epoch - 1))
      }
      if (boundaries.length < boundariesMax) break
    }
    return ok(tip)
  }

  /** To the boundary of the newest checkpoint that leads on from one that is trusted. */
  async #toCheckpoint(
    peer: PeerId,
    isStopped: () => boolean,
  ): Promise<Result<undefined, PeerFailure>> {
    const { walk, genesis, chain } = this.#parts
    const walked = await walk.follow(peer, isStopped)
    // Who has none may have boundaries: an own chain goes on by these.
    if (!walked.ok && walked.error.isPeerFault) return walked
    const held = await walk.held()
    if (held === undefined || isStopped()) return ok(undefined)
    const { epoch } = held.content
    if (epoch < (await this.tip()).epoch) return ok(undefined)
    const restartKey = genesis.devnet?.restartKey
    const shown = await askBoundary(this.#parts, peer, { ...held, restartKey })
    if (!shown.ok) {
      const isOther = shown.error.code === 'LIGHT_CHECKPOINT_MISMATCH' && !walk.isShared
      return isOther ? notPeerFault('CHECKPOINT_ANCHOR_UNKNOWN') : shown
    }
    await chain.boundaries.put(shown.value)
    const { attempt } = shown.value.committee
    if (attempt > 0 && shown.value.restart === undefined) {
      await chain.boundaries.markUnexplained(epoch)
    }
    await walk.keepCommittee(shown.value.committee)
    await chain.store.putValue(newestName, encodeHeight(epoch))
    return ok(undefined)
  }

  /** The boundary of the running epoch as that peer has it, from the own hand-over on; not kept. */
  async ownNext(peer: PeerId): Promise<Result<ShownBoundary, PeerFailure>> {
    const { chain, genesis, transport, bls } = this.#parts
    const from = (await this.at(chain.epoch - 1)) ?? lightGenesis(genesis)
    if (from.epoch !== chain.epoch) return notPeerFault('SYNC_HISTORY_PRUNED')
    const page = await followPage(transport, peer, from, bls, 1)
    if (!page.ok) return page
    const [boundary] = page.value.boundaries
    return boundary === undefined ? notPeerFault('SYNC_HISTORY_PRUNED') : ok(boundary)
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

  /** With the set that may restart the epoch of `tip`, held here or shown by that peer. */
  async withRestartVoters(peer: PeerId, tip: LightTip): Promise<Result<LightTip, PeerFailure>> {
    const { chain, transport } = this.#parts
    const stored = await chain.restartVoters.of(tip.epoch)
    const held = stored && withRestartVoters(tip, stored)
    if (held?.ok === true) return held
    const asked = await askRestartVoters(transport, peer, tip)
    if (!asked.ok) return asked
    await chain.restartVoters.put(tip.epoch, asked.value.bytes)
    return ok(asked.value.tip)
  }

  boundary(epoch: number): Promise<ShownBoundary | undefined> {
    return this.#parts.chain.boundaries.at(epoch)
  }
}
