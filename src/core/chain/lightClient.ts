/**
 * A light client (SYNC-2): from a trusted genesis, or a trusted boundary, along the hand-overs.
 *
 * Each boundary header names the root of the next committee, the committee is shown and hashed
 * against it, and the next boundary counts when a quorum of that committee made it final (EPOCH-2:
 * the certificate may be of a tail, with the headers in between). No state is executed: what is
 * trusted is that a quorum of each committee is honest, as everywhere.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CertificateEnv } from '../bft/certificate.ts'
import type { CertifiedBlock, Committee, Header } from '../codec/chain.ts'
import type { Genesis } from '../codec/state.ts'
import { committeeRoot } from '../committee/handOver.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { hashBytes } from '../crypto/hash.ts'
import { firstCommittee } from '../ledger/genesis/firstCommittee.ts'
import { genesisHash, genesisHeight, genesisTimeMs } from '../ledger/genesis/genesisAnchor.ts'
import { protocol } from '../params.ts'
import {
  certificateEnv,
  readHeader,
  verifyCertifiedHeader,
  type CertifiedError,
  type VerifiedBlock,
} from './certified.ts'
import { committeeIsShaped } from './committeeShape.ts'
import { restartedEnv, type LightRestartError, type RestartTrust } from './lightRestart.ts'
import { readRestartVoters, type RestartVotersError } from './restartVoters.ts'

/** How far a light client has got: the boundary it trusts, and who runs the epoch after it. */
export interface LightTip extends RestartTrust {
  /** The epoch after the boundary. */
  readonly epoch: number
  /** committee(epoch) of the hand-over. */
  readonly committee: Committee
  /** Of the boundary, or of the genesis. */
  readonly hash: Uint8Array
  readonly height: number
  readonly timeMs: number
}

/** A header that somebody shows; `block` needs no body. */
export interface ShownHeader {
  readonly block: CertifiedBlock
  /** The block that opened the committee of `block`, when a Restart named it. */
  readonly restart?: CertifiedBlock | undefined
}

export interface ShownBoundary extends ShownHeader {
  /** committee(epoch + 1). */
  readonly next: Committee
}

export type LightError =
  | CertifiedError
  | LightRestartError
  /** Written by another version of the protocol (ENC-2): update this client. */
  | { readonly code: 'LIGHT_VERSION'; readonly version: number }
  /** Of another epoch than the one that follows: ask for that boundary first. */
  | { readonly code: 'LIGHT_EPOCH'; readonly epoch: number; readonly found: number }
  /** Not above the trusted boundary, or on another parent than it. */
  | { readonly code: 'LIGHT_NOT_LINKED' }
  /** Another committee than the one of the hand-over, and no Restart that explains it. */
  | { readonly code: 'LIGHT_COMMITTEE_UNKNOWN' }
  /** A final block, and none that ends its epoch. */
  | { readonly code: 'LIGHT_NOT_BOUNDARY' }
  /** The committee shown is not the one that the boundary names. */
  | { readonly code: 'LIGHT_COMMITTEE_MISMATCH' }

/** Trust begins with the genesis, which has passed `checkGenesis` (EPOCH-6). */
export function lightGenesis(genesis: Genesis): LightTip {
  return {
    chainId: genesis.chainId,
    restartKey: genesis.devnet?.restartKey,
    stateRootBefore: new Uint8Array(0),
    epoch: 0,
    committee: firstCommittee(genesis),
    hash: genesisHash(genesis),
    height: genesisHeight,
    timeMs: genesisTimeMs(genesis),
  }
}

/** Trust begins with a boundary header that its owner trusts: a checkpoint, or own memory. */
export function lightAnchor(anchor: {
  readonly chainId: string
  readonly restartKey: Uint8Array | undefined
  readonly header: Uint8Array
  /** committee(epoch + 1). */
  readonly next: Committee
}): Result<LightTip, LightError> {
  const { chainId, restartKey, next } = anchor
  const read = readHeader(anchor.header)
  if (!read.ok) return read
  const { header } = read.value
  if (header.chainId !== chainId) return err({ code: 'BLOCK_FOREIGN', epoch: header.epoch })
  if (header.version !== protocol.version) return unknownVersion(header)
  return handOver({ chainId, restartKey }, read.value, next)
}

/** The next boundary, and with it the next committee. */
export function followBoundary(
  tip: LightTip,
  shown: ShownBoundary,
  bls: BlsBackend,
): Result<LightTip, LightError> {
  const verified = verifyShown(tip, shown, bls)
  return verified.ok ? handOver(tip, verified.value, shown.next) : verified
}

/** A final header of the epoch after the trusted boundary, whichever block of it. */
export function verifyShown(
  tip: LightTip,
  shown: ShownHeader,
  bls: BlsBackend,
): Result<VerifiedBlock, LightError> {
  const read = readHeader(shown.block.header)
  if (!read.ok) return read
  const { header } = read.value
  if (header.chainId !== tip.chainId) return err({ code: 'BLOCK_FOREIGN', epoch: header.epoch })
  if (header.version !== protocol.version) return unknownVersion(header)
  if (header.epoch !== tip.epoch) {
    return err({ code: 'LIGHT_EPOCH', epoch: tip.epoch, found: header.epoch })
  }
  if (!isAbove(tip, header)) return err({ code: 'LIGHT_NOT_LINKED' })
  const env = envOf(tip, header, shown.restart, bls)
  return env.ok ? verifyCertifiedHeader(env.value, shown.block) : env
}

function isAbove(tip: LightTip, header: Header): boolean {
  if (header.height <= tip.height || header.timeMs <= tip.timeMs) return false
  return (header.height === tip.height + 1) === equalBytes(header.parent, tip.hash)
}

function envOf(
  tip: LightTip,
  header: Header,
  restart: CertifiedBlock | undefined,
  bls: BlsBackend,
): Result<CertificateEnv, LightError> {
  const env = certificateEnv(tip.chainId, tip.committee, bls)
  if (equalBytes(header.committeeRoot, env.committeeRoot)) return ok(env)
  return restart === undefined
    ? err({ code: 'LIGHT_COMMITTEE_UNKNOWN' })
    : restartedEnv(restart, tip, bls)
}

function handOver(
  { chainId, restartKey }: Pick<LightTip, 'chainId' | 'restartKey'>,
  { header, hash }: VerifiedBlock,
  next: Committee,
): Result<LightTip, LightError> {
  // STATE-2: a boundary, and nothing else, carries the enrolment root.
  if (header.enrolmentRoot.length !== hashBytes) return err({ code: 'LIGHT_NOT_BOUNDARY' })
  const epoch = header.epoch + 1
  const isNamed =
    committeeIsShaped(next, epoch) && equalBytes(committeeRoot(next), header.nextCommitteeRoot)
  if (!isNamed) return err({ code: 'LIGHT_COMMITTEE_MISMATCH' })
  const { height, timeMs, parentStateRoot: stateRootBefore } = header
  const trust = { chainId, restartKey, stateRootBefore, epoch }
  return ok({ ...trust, committee: next, hash, height, timeMs })
}

/** The same trust, with the set that may restart its epoch, as anybody shows it (RECOVER-1). */
export function withRestartVoters(
  tip: LightTip,
  shown: Uint8Array,
): Result<LightTip, RestartVotersError> {
  const set = readRestartVoters(shown, { epoch: tip.epoch, stateRoot: tip.stateRootBefore })
  return set.ok ? ok({ ...tip, restartVoters: set.value }) : set
}

function unknownVersion(header: Header): Result<never, LightError> {
  return err({ code: 'LIGHT_VERSION', version: header.version })
}
