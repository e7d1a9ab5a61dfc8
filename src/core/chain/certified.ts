/**
 * Final blocks as strangers bring them (SYNC-1, SYNC-2): nothing is trusted but the committee that
 * an earlier boundary named. Used by followers, late joiners, light clients and archives.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { bodyMatches } from '../bft/body.ts'
import { certificateIsValid, type CertificateEnv } from '../bft/certificate.ts'
import { headerBytesMax } from '../committee/proposalFault.ts'
import { Header, VoteKind, type CertifiedBlock, type Committee } from '../codec/chain.ts'
import { decodeStrict } from '../codec/strict.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { committeeQuorum } from '../committee/quorum.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { hash } from '../crypto/hash.ts'

export type CertifiedError =
  /** Not a header in canonical form. */
  | { readonly code: 'BLOCK_HEADER_MALFORMED' }
  /** Another chain, or an epoch that the given committee does not serve. */
  | { readonly code: 'BLOCK_FOREIGN'; readonly epoch: number }
  /** The body is not the one that the header commits to. */
  | { readonly code: 'BLOCK_BODY_MISMATCH' }
  /** `path` does not lead from the block to the certified one. */
  | { readonly code: 'BLOCK_PATH_BROKEN'; readonly index: number }
  /** More of `path` than anybody reads; no fault of who sent it, for a true path can be as long. */
  | { readonly code: 'BLOCK_PATH_TOO_LONG'; readonly headers: number }
  /** No quorum of the committee signed this block or a descendant. */
  | { readonly code: 'BLOCK_UNCERTIFIED' }

export interface VerifiedBlock {
  readonly header: Header
  readonly hash: Uint8Array
}

/** Half an answer (NET-6), so that a block of any size fits one with its path. */
const pathBytesMax = 2 * 1024 * 1024

/**
 * Headers between a block and the one its certificate names: tails of an epoch's end, and all that
 * became final at once. As many views as went by without a quorum of COMMITs leave as many headers.
 */
export const pathHeadersMax = pathBytesMax / headerBytesMax

export function certificateEnv(
  chainId: string,
  committee: Committee,
  bls: BlsBackend,
): CertificateEnv {
  return {
    chainId,
    epoch: committee.epoch,
    committeeRoot: committeeRoot(committee),
    seats: committee.seats,
    quorumPower: committeeQuorum(committee).quorumPower,
    bls,
  }
}

/** Decodes a header and computes its hash; the bytes may be anything. */
export function readHeader(bytes: Uint8Array): Result<VerifiedBlock, CertifiedError> {
  const decoded = decodeStrict(Header, bytes, headerBytesMax)
  if (!decoded.ok) return err({ code: 'BLOCK_HEADER_MALFORMED' })
  return ok({ header: decoded.value, hash: hash('header', bytes) })
}

/** What the headers of a path take, in bytes. */
export function pathBytes({ path }: Pick<CertifiedBlock, 'path'>): number {
  return path.reduce((sum, header) => sum + header.length, 0)
}

/** Whether a committee made this block final: header, body, path and commit certificate. */
export function verifyCertified(
  env: CertificateEnv,
  block: CertifiedBlock,
): Result<VerifiedBlock, CertifiedError> {
  const read = readOwn(env, block.header)
  if (!read.ok) return read
  if (!bodyMatches(read.value.header, block.body)) return err({ code: 'BLOCK_BODY_MISMATCH' })
  return checkCertificate(env, read.value, block)
}

/** The same without the body, for who follows headers alone (SYNC-2). */
export function verifyCertifiedHeader(
  env: CertificateEnv,
  block: Omit<CertifiedBlock, 'body'>,
): Result<VerifiedBlock, CertifiedError> {
  const read = readOwn(env, block.header)
  return read.ok ? checkCertificate(env, read.value, block) : read
}

/** A header of the given committee. */
function readOwn(env: CertificateEnv, bytes: Uint8Array): Result<VerifiedBlock, CertifiedError> {
  const read = readHeader(bytes)
  if (!read.ok) return read
  const { header } = read.value
  const isOwn =
    header.chainId === env.chainId &&
    header.epoch === env.epoch &&
    equalBytes(header.committeeRoot, env.committeeRoot)
  return isOwn ? read : err({ code: 'BLOCK_FOREIGN', epoch: header.epoch })
}

function checkCertificate(
  env: CertificateEnv,
  verified: VerifiedBlock,
  { path, certificate }: Omit<CertifiedBlock, 'body'>,
): Result<VerifiedBlock, CertifiedError> {
  const tip = followPath(verified.hash, path)
  if (!tip.ok) return tip
  if (certificate?.kind !== VoteKind.COMMIT || !equalBytes(certificate.block, tip.value)) {
    return err({ code: 'BLOCK_UNCERTIFIED' })
  }
  return certificateIsValid(env, certificate) ? ok(verified) : err({ code: 'BLOCK_UNCERTIFIED' })
}

/** The hash at the end of a chain of headers. */
function followPath(
  from: Uint8Array,
  path: readonly Uint8Array[],
): Result<Uint8Array, CertifiedError> {
  if (path.length > pathHeadersMax) {
    return err({ code: 'BLOCK_PATH_TOO_LONG', headers: path.length })
  }
  let tip = from
  for (const [index, bytes] of path.entries()) {
    const read = readHeader(bytes)
    if (!read.ok || !equalBytes(read.value.header.parent, tip)) {
      return err({ code: 'BLOCK_PATH_BROKEN', index })
    }
    tip = read.value.hash
  }
  return ok(tip)
}
