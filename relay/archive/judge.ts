/**
 * Blocks that are not the next one: from gossip, ahead of the archive, or at a height that is
 * stored. A certificate is asked for in every case (ARC-3).
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { certificateEnv, readHeader, verifyCertified } from '../../src/core/chain/certified.ts'
import { Committee, type CertifiedBlock } from '../../src/core/codec/chain.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { read, readSingle } from '../../src/core/ledger/state.ts'
import { chainInfo, committees } from '../../src/core/ledger/tables.ts'
import type { Verdict } from '../../src/ports/transport.ts'
import type { Submitted } from '../api/context.ts'
import type { ArchiveDatabase } from './pool.ts'
import { findBlock } from './queries/blocks.ts'
import { findEpoch } from './queries/epochs.ts'
import { refuse, type ReplayError, type ReplayPoint } from './replay.ts'

const committeeBytesMax = 64 * 1024

export interface Place {
  readonly height: number
  readonly epoch: number
  readonly hash: Uint8Array
}

/** Whether a gossiped block may travel on: what cannot be judged here is judged by nodes. */
export function judgeGossip(point: ReplayPoint, block: CertifiedBlock, bls: BlsBackend): Verdict {
  const header = readHeader(block.header)
  if (!header.ok) return 'reject'
  const { epoch, height } = header.value.header
  if (height <= point.height) return 'ignore'
  const committee = read(point.state, committees, epoch)
  if (committee === undefined) return 'accept'
  const verified = verify(point, block, committee, bls)
  // A restart may have replaced the committee (RECOVER-1).
  return verified.ok || verified.error.code === 'BLOCK_FOREIGN' ? 'accept' : 'reject'
}

export function judgeAhead(
  point: ReplayPoint,
  block: CertifiedBlock,
  place: Place,
  bls: BlsBackend,
): { readonly ok: false; readonly error: ReplayError } {
  const height = String(place.height)
  const committee = read(point.state, committees, place.epoch)
  const verified = committee && verify(point, block, committee, bls)
  if (verified?.ok === false && verified.error.code !== 'BLOCK_FOREIGN') {
    return refuse('ARCHIVE_BLOCK_UNCERTIFIED', verified.error.code, height)
  }
  const needed = String(point.height + 1)
  return refuse('ARCHIVE_GAP', `block ${needed} is needed before it`, height)
}

/** A block at a stored height is the same one, a forgery, or a fork (FORK-1). */
export async function compareStored(
  database: ArchiveDatabase,
  point: ReplayPoint,
  block: CertifiedBlock,
  place: Place,
  bls: BlsBackend,
): Promise<Result<Submitted, ReplayError>> {
  const height = String(place.height)
  const stored = await findBlock(database, { height: place.height })
  if (stored !== undefined && equalBytes(stored.hash, place.hash)) {
    return ok({ height: place.height, hash: place.hash, isNew: false })
  }
  const epoch = await findEpoch(database, place.epoch)
  const committee = epoch && decodeStrict(Committee, epoch.epoch.committee, committeeBytesMax)
  const verified = committee?.ok === true ? verify(point, block, committee.value, bls) : undefined
  if (verified?.ok === true) {
    return refuse('ARCHIVE_FORK', 'another certified block is stored at this height', height)
  }
  const reason = verified?.error.code ?? 'its epoch is not known here'
  return refuse('ARCHIVE_BLOCK_UNCERTIFIED', reason, height)
}

function verify(
  point: ReplayPoint,
  block: CertifiedBlock,
  committee: Committee,
  bls: BlsBackend,
): ReturnType<typeof verifyCertified> {
  const { chainId } = readSingle(point.state, chainInfo)
  return verifyCertified(certificateEnv(chainId, committee, bls), block)
}
