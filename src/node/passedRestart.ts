/**
 * A restart that passed this node by (RECOVER-1): the network goes on from a block below what is
 * final here. Nothing final is given up by itself; its owner may start the chain anew.
 *
 * A record alone says little, for the committee before it may have come back: what counts is the
 * block that it opens, certified by the committee that it names, on a block that is final here.
 */
import { equalBytes } from '../core/base/bytes.ts'
import { certificateEnv, readHeader, verifyCertified } from '../core/chain/certified.ts'
import { committeeIsShaped } from '../core/chain/committeeShape.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import {
  SyncRequest,
  SyncResponse,
  type CertifiedBlock,
  type Restart,
} from '../core/codec/chain.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { Verifier } from '../core/ledger/env.ts'
import { lastAttempt, restartSignature } from '../core/ledger/transactions/restart.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import { ask } from './peerFailure.ts'
import { syncBlocksMax } from './sync.ts'

export interface PassedRestart {
  readonly epoch: number
  readonly attempt: number
  /** Height of the block that the network goes on from. */
  readonly baseHeight: number
}

export interface Looking {
  readonly chain: Chain
  readonly transport: Pick<Transport, 'request'>
  readonly verifier: Verifier
  readonly bls: BlsBackend
  readonly clock: Pick<Clock, 'after'>
}

interface Place {
  readonly height: number
  readonly parent: Uint8Array
}

/** An epoch of 30 s has some 30 blocks; more pages are nobody's honest answer. */
const pagesMax = 8

/**
 * In the blocks of the running epoch that a peer holds, up to the own tip. The first record on a
 * block that is final here decides: one look costs one aggregate and one certificate at most, and
 * the thread is free between blocks.
 */
export async function findPassedRestart(
  looking: Looking,
  peer: PeerId,
): Promise<PassedRestart | undefined> {
  const { chain, transport } = looking
  const { tip, epoch } = chain
  let fromHeight = ((await chain.boundaries.heightOf(epoch - 1)) ?? 0) + 1
  for (let page = 0; page < pagesMax && fromHeight <= tip.height; page += 1) {
    const countMax = Math.min(syncBlocksMax, tip.height - fromHeight + 1)
    const bytes = SyncRequest.encode({ fromHeight, countMax })
    const answer = await ask(transport, peer, { protocol: 'sync', bytes, codec: SyncResponse })
    const blocks = answer.ok ? answer.value.blocks : []
    if (blocks.length === 0 || blocks.length > countMax) return undefined
    for (const block of blocks) {
      await freeThread(looking.clock)
      const read = readHeader(block.header)
      if (!read.ok || read.value.header.height !== fromHeight) return undefined
      const place = read.value.header
      const restart = await placedRestart(chain, block, place)
      if (restart !== undefined) return certifiedRestart(looking, block, place, restart)
      fromHeight += 1
    }
  }
  return undefined
}

function freeThread(clock: Looking['clock']): Promise<void> {
  return new Promise((resolve) => {
    clock.after(0, resolve)
  })
}

/** A record of the running epoch on a block that is final here, whoever signed it. */
async function placedRestart(
  chain: Chain,
  block: CertifiedBlock,
  { height, parent }: Place,
): Promise<Restart | undefined> {
  const restart = restartOpening(block.body)?.transaction.restart
  if (restart === undefined) return undefined
  const { epoch, attempt, base } = restart
  const isOfEpoch = epoch === chain.epoch && attempt > lastAttempt(chain.tip.state)
  if (!isOfEpoch || !equalBytes(base, parent)) return undefined
  const own = await chain.rootAt(height - 1)
  return own !== undefined && equalBytes(own.hash, base) ? restart : undefined
}

function certifiedRestart(
  { chain, verifier, bls }: Looking,
  block: CertifiedBlock,
  { height }: Place,
  restart: Restart,
): PassedRestart | undefined {
  const { epoch, attempt, committee } = restart
  if (committee === undefined || committee.attempt !== attempt) return undefined
  if (!committeeIsShaped(committee, epoch)) return undefined
  if (!restartSignature(chain.tip.state, restart, verifier).ok) return undefined
  const certified = verifyCertified(certificateEnv(chain.chainId, committee, bls), block)
  return certified.ok ? { epoch, attempt, baseHeight: height - 1 } : undefined
}
