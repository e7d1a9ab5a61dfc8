/**
 * Trust in a boundary from the checkpoint of it (CKPT-1, SYNC-1): the content names the header by
 * its hash, the header names both committees by their roots, so whoever shows them is trusted with
 * nothing. From there on a light client follows as from any boundary (`lightClient.ts`).
 *
 * The certificate is checked as well, although the content alone would do: it is stored, is what
 * the next epoch's agreement stands on, and is shown to others.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CertificateEnv } from '../bft/certificate.ts'
import type { Committee, Header } from '../codec/chain.ts'
import type { CheckpointContent } from '../codec/checkpoint.ts'
import { committeeRoot } from '../committee/handOver.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { certificateEnv, readHeader, verifyCertifiedHeader } from './certified.ts'
import { committeeIsShaped } from './committeeShape.ts'
import { lightAnchor, type LightError, type LightTip, type ShownBoundary } from './lightClient.ts'
import { restartedEnv } from './lightRestart.ts'

export interface CheckpointedBoundary extends ShownBoundary {
  /** Whose certificate it carries: committee(epoch), or what a Restart made of it. */
  readonly committee: Committee
}

export type LightCheckpointError =
  | LightError
  /** Another header than the one that the checkpoint names. */
  | { readonly code: 'LIGHT_CHECKPOINT_MISMATCH' }

interface Trusted {
  readonly chainId: string
  /** Of the genesis, on devnets (RECOVER-1). */
  readonly restartKey: Uint8Array | undefined
  readonly content: CheckpointContent
}

/** The boundary that a trusted checkpoint is of, and with it the next committee. */
export function lightCheckpoint(
  trusted: Trusted,
  shown: CheckpointedBoundary,
  bls: BlsBackend,
): Result<LightTip, LightCheckpointError> {
  const { chainId, restartKey, content } = trusted
  const read = readHeader(shown.block.header)
  if (!read.ok) return read
  const { header, hash } = read.value
  const isNamed =
    equalBytes(hash, content.header) &&
    header.epoch === content.epoch &&
    header.height === content.height &&
    header.timeMs === content.timeMs
  if (!isNamed) return err({ code: 'LIGHT_CHECKPOINT_MISMATCH' })
  const env = envOf(trusted, header, shown, bls)
  if (!env.ok) return env
  const verified = verifyCertifiedHeader(env.value, shown.block)
  if (!verified.ok) return verified
  return lightAnchor({ chainId, restartKey, header: shown.block.header, next: shown.next })
}

/**
 * Who restarted the epoch is shown too, because those who follow from before need it. By stake it
 * cannot be judged from here, for the boundary before is not known; nor has it to be: the header is
 * trusted, and names the committee. So it is not taken on, see `checkpointBoundary.ts`.
 */
function envOf(
  { chainId, restartKey }: Trusted,
  header: Header,
  { committee, restart }: CheckpointedBoundary,
  bls: BlsBackend,
): Result<CertificateEnv, LightCheckpointError> {
  const { epoch } = header
  const isNamed =
    committeeIsShaped(committee, epoch) &&
    equalBytes(committeeRoot(committee), header.committeeRoot)
  if (!isNamed) return err({ code: 'LIGHT_COMMITTEE_MISMATCH' })
  const isRestarted = committee.attempt > 0
  const isShown = restart !== undefined
  const isByStake = restartKey === undefined
  if (isShown ? !isRestarted : isRestarted && !isByStake) {
    return err({ code: 'LIGHT_COMMITTEE_UNKNOWN' })
  }
  const env = ok(certificateEnv(chainId, committee, bls))
  if (restart === undefined || restartKey === undefined) return env
  const trust = { chainId, epoch, restartKey, stateRootBefore: header.parentStateRoot }
  const opened = restartedEnv(restart, trust, bls)
  if (!opened.ok) return opened
  return equalBytes(opened.value.committeeRoot, header.committeeRoot)
    ? opened
    : err({ code: 'LIGHT_COMMITTEE_UNKNOWN' })
}
