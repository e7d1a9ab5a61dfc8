/**
 * RECOVER-1 for who follows headers alone: the committee that a Restart named, from the block that
 * the record opens. The restart key of a devnet names whom it wants, so its word and a quorum of
 * those it named are all there is to check. Elsewhere 2/3 of the stake signed base and committee,
 * after they checked the reports that these follow from; so the set is what has to be known.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { CertificateEnv } from '../bft/certificate.ts'
import type { VoterSet } from '../checkpoint/voterSet.ts'
import type { CertifiedBlock, Committee, Restart } from '../codec/chain.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { ed25519Verify } from '../crypto/ed25519.ts'
import { restartMessage } from '../ledger/restartMessage.ts'
import { verifyRestart, type RestartStakeEnv } from '../restart/verifyRestart.ts'
import { certificateEnv, readHeader, verifyCertified, type CertifiedError } from './certified.ts'
import { committeeIsShaped } from './committeeShape.ts'
import { restartOpening } from './restartOpening.ts'

export type LightRestartError =
  /** Nobody could restart this epoch: there is no restart key, and nobody voted by then. */
  | { readonly code: 'LIGHT_RESTART_FORBIDDEN' }
  /** Who may restart this epoch is not known here: ask for the set first (`restartVoters.ts`). */
  | { readonly code: 'LIGHT_RESTART_VOTERS'; readonly epoch: number }
  /** The block opens with no record for this epoch and this base, or names no committee. */
  | { readonly code: 'LIGHT_RESTART_INVALID' }
  /** Neither the restart key nor 2/3 of the stake of the set signed the record. */
  | { readonly code: 'LIGHT_RESTART_SIGNATURE' }
  | CertifiedError

/** Where a restart is looked at: the boundary before, and who may sign the record. */
export interface RestartTrust {
  readonly chainId: string
  /** The epoch that was restarted. */
  readonly epoch: number
  /** Of the genesis, on devnets. */
  readonly restartKey: Uint8Array | undefined
  /** Of the header of the boundary before the epoch, 32 bytes; empty after the genesis. */
  readonly stateRootBefore: Uint8Array
  /** Read under that root, once somebody showed it. */
  readonly restartVoters?: VoterSet | undefined
}

/** What certifies the headers of the restarted committee. */
export function restartedEnv(
  opening: CertifiedBlock,
  place: RestartTrust,
  bls: BlsBackend,
): Result<CertificateEnv, LightRestartError> {
  const { chainId, epoch } = place
  const known = mayBeJudged(place)
  if (!known.ok) return known
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
  if (!isSigned({ ...restart, committee }, place, bls)) {
    return err({ code: 'LIGHT_RESTART_SIGNATURE' })
  }
  const env = certificateEnv(chainId, committee, bls)
  const opened = verifyCertified(env, opening)
  return opened.ok ? ok(env) : opened
}

function mayBeJudged(place: RestartTrust): Result<undefined, LightRestartError> {
  if (place.restartKey !== undefined || place.restartVoters !== undefined) return ok(undefined)
  return place.stateRootBefore.length === 0
    ? err({ code: 'LIGHT_RESTART_FORBIDDEN' })
    : err({ code: 'LIGHT_RESTART_VOTERS', epoch: place.epoch })
}

function isSigned(
  restart: Restart & { readonly committee: Committee },
  { chainId, restartKey, restartVoters: set }: RestartTrust,
  bls: BlsBackend,
): boolean {
  if (restartKey !== undefined) {
    const message = restartMessage(chainId, restart)
    return restart.voters.length === 0 && ed25519Verify(restart.signature, message, restartKey)
  }
  if (set === undefined) return false
  const aggregateSigned: RestartStakeEnv['aggregateSigned'] = (keys, message, signature) =>
    bls.fastAggregateVerify(keys, message, signature)
  return verifyRestart({ chainId, set, aggregateSigned }, restart).ok
}
