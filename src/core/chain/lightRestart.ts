/**
 * RECOVER-1 for who follows headers alone: the committee that a Restart named, from the block that
 * the record opens. The restart key of a devnet names whom it wants, so its word and a quorum of
 * those it named are all there is to check; a main-network genesis has no such key.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CertificateEnv } from '../bft/certificate.ts'
import type { CertifiedBlock } from '../codec/chain.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { ed25519Verify } from '../crypto/ed25519.ts'
import { restartMessage } from '../ledger/restartMessage.ts'
import { certificateEnv, readHeader, verifyCertified, type CertifiedError } from './certified.ts'
import { committeeIsShaped } from './committeeShape.ts'
import { restartOpening } from './restartOpening.ts'

export type LightRestartError =
  /** This chain has no restart key. */
  | { readonly code: 'LIGHT_RESTART_FORBIDDEN' }
  /** The block opens with no record for this epoch and this base, or names no committee. */
  | { readonly code: 'LIGHT_RESTART_INVALID' }
  /** The restart key did not sign the record. */
  | { readonly code: 'LIGHT_RESTART_SIGNATURE' }
  | CertifiedError

/** What certifies the headers of the restarted committee. */
export function restartedEnv(
  opening: CertifiedBlock,
  place: {
    readonly chainId: string
    readonly epoch: number
    readonly restartKey: Uint8Array | undefined
  },
  bls: BlsBackend,
): Result<CertificateEnv, LightRestartError> {
  const { chainId, epoch, restartKey } = place
  if (restartKey === undefined) return err({ code: 'LIGHT_RESTART_FORBIDDEN' })
  const restart = restartOpening(opening.body)?.transaction.restart
  const read = readHeader(opening.header)
  const committee = restart?.committee
  if (!read.ok || restart === undefined || committee === undefined) {
    return err({ code: 'LIGHT_RESTART_INVALID' })
  }
  const isPlaced =
    restart.epoch === epoch &&
    restart.attempt > 0 &&
    committee.attempt === restart.attempt &&
    equalBytes(restart.base, read.value.header.parent) &&
    committeeIsShaped(committee, epoch)
  if (!isPlaced) return err({ code: 'LIGHT_RESTART_INVALID' })
  const message = restartMessage(chainId, { ...restart, committee })
  if (!ed25519Verify(restart.signature, message, restartKey)) {
    return err({ code: 'LIGHT_RESTART_SIGNATURE' })
  }
  const env = certificateEnv(chainId, committee, bls)
  const opened = verifyCertified(env, opening)
  return opened.ok ? ok(env) : opened
}
