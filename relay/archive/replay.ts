/**
 * ARC-3: a certified block on the state that the archive holds: certificate first, then the ledger.
 *
 * Proofs of READY are not verified again: a quorum did before it made the block final, the proof is
 * stored with it, and a state root that differs would stop the archive.
 */

import { equalBytes } from '../../src/core/base/bytes.ts'
import { ok, type Result } from '../../src/core/base/result.ts'
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import { certificateEnv, readHeader, verifyCertified } from '../../src/core/chain/certified.ts'
import { Body, type CertifiedBlock, type Header } from '../../src/core/codec/chain.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { applyBlock, startBlock, type AppliedBlock } from '../../src/core/ledger/applyBlock.ts'
import { createVerifier, type LedgerEnv } from '../../src/core/ledger/env.ts'
import { readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { chainInfo } from '../../src/core/ledger/tables.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'
import type { Failure } from '../failure.ts'

/** Where the archive stands. */
export interface ReplayPoint {
  readonly height: number
  readonly hash: Uint8Array
  readonly timeMs: number
  readonly state: LedgerState
  /** State after the block below: its root is in the header at `height`, so it can be proven. */
  readonly provable: LedgerState | undefined
}

export interface ReplayEnv {
  readonly bls: BlsBackend
  readonly ledger: LedgerEnv
}

export interface Replayed {
  readonly point: ReplayPoint
  readonly header: Header
  readonly transactions: readonly DecodedTransaction[]
  readonly applied: AppliedBlock
}

export type ReplayError = Failure & {
  readonly code:
    | 'ARCHIVE_BLOCK_MALFORMED'
    | 'ARCHIVE_BLOCK_UNCERTIFIED'
    | 'ARCHIVE_GAP'
    /** Certified, and on another parent: two chains are final (FORK-1). */
    | 'ARCHIVE_FORK'
    /** Certified, and this relay's ledger does not get there. */
    | 'ARCHIVE_EXECUTION_DIFFERS'
}

export function makeReplayEnv(bls: BlsBackend): ReplayEnv {
  // A certified block holds nothing that its seats have not judged.
  const judged = (): boolean => true
  const proofs = { proofIsValid: judged, proofIsWrong: judged }
  const verdicts = { ...proofs, partIsRight: judged, partIsWrong: judged }
  return { bls, ledger: { verifier: createVerifier(bls), verdicts } }
}

export function replayBlock(
  point: ReplayPoint,
  block: CertifiedBlock,
  env: ReplayEnv,
): Result<Replayed, ReplayError> {
  const read = readHeader(block.header)
  if (!read.ok) return refuse('ARCHIVE_BLOCK_MALFORMED', 'its header cannot be decoded')
  const { header, hash } = read.value
  const height = String(header.height)
  if (header.height !== point.height + 1) {
    return refuse('ARCHIVE_GAP', `block ${String(point.height + 1)} is needed before it`, height)
  }
  const transactions = decodeBody(block.body)
  if (transactions === undefined) {
    return refuse('ARCHIVE_BLOCK_MALFORMED', 'its body cannot be decoded', height)
  }
  const start = startBlock(point.state, { header, transactions }, env.ledger)
  if (!start.ok) return refuse('ARCHIVE_BLOCK_UNCERTIFIED', start.error.code, height)
  const { chainId } = readSingle(point.state, chainInfo)
  const committee = certificateEnv(chainId, start.value.derived.committee, env.bls)
  const certified = verifyCertified(committee, block)
  if (!certified.ok) return refuse('ARCHIVE_BLOCK_UNCERTIFIED', certified.error.code, height)
  if (!equalBytes(header.parent, point.hash)) {
    return refuse('ARCHIVE_FORK', 'it is certified on another parent than the one stored', height)
  }
  const applied = applyBlock(point.state, { header, transactions }, env.ledger)
  if (!applied.ok) return refuse('ARCHIVE_EXECUTION_DIFFERS', applied.error.code, height)
  const next: ReplayPoint = {
    height: header.height,
    hash,
    timeMs: header.timeMs,
    state: applied.value.state,
    provable: point.state,
  }
  return ok({ point: next, header, transactions, applied: applied.value })
}

function decodeBody(bytes: Uint8Array): readonly DecodedTransaction[] | undefined {
  const body = decodeStrict(Body, bytes, bodyBytesMax)
  if (!body.ok) return undefined
  const decoded: DecodedTransaction[] = []
  for (const entry of body.value.transactions) {
    const transaction = decodeTransaction(entry, bodyBytesMax)
    if (!transaction.ok) return undefined
    decoded.push(transaction.value)
  }
  return decoded
}

const fixes: Readonly<Record<ReplayError['code'], string>> = {
  ARCHIVE_BLOCK_MALFORMED: 'Send the exact bytes of a CertifiedBlock as another node gives them.',
  ARCHIVE_BLOCK_UNCERTIFIED:
    'Send it with the commit certificate of its committee; a proposal or a draft is not final.',
  ARCHIVE_GAP: 'Send the blocks between first, in order.',
  ARCHIVE_FORK:
    'Two chains claim to be final: keep both blocks, tell the operators of other relays.',
  ARCHIVE_EXECUTION_DIFFERS:
    'Update this relay: its ledger disagrees with a quorum. Nothing was written.',
}

export function refuse(
  code: ReplayError['code'],
  reason: string,
  height = '?',
): { readonly ok: false; readonly error: ReplayError } {
  const message = `Block ${height} is refused: ${reason}.`
  return { ok: false, error: { code, message, fix: fixes[code] } }
}
