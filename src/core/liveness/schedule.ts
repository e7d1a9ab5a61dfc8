/**
 * Which epochs ask a validator for a breathing challenge (LIVE-2, LIVE-6). A challenge is named by
 * the epoch whose beacon draws it; that beacon is known five epochs before, and the answer counts
 * until the fourth epoch after it ends: three windows fit.
 *
 * With a live credential: at a time in its last quarter that the beacons draw. Each epoch asks with
 * a chance of one in those that are left, so that every one is as likely to be the first, nobody
 * knows it before its beacon, and the last asks for certain. The latest answer to that one still
 * stands in the root that proofs of the first epoch behind the old expiry use (STATE-2). Without
 * one, every ninth epoch: then one challenge is open at any time, and they do not overlap.
 */

import { hash } from '../crypto/hash.ts'
import { protocol } from '../params.ts'

export interface CredentialHolder {
  /** The validator's Ed25519 key, 32 bytes. */
  readonly account: Uint8Array
  readonly registeredEpoch: number
  /** Last epoch of the credential, 0 for none. */
  readonly credentialExpiry: number
}

/** The drawing beacon; both have 32 bytes. */
export interface ChallengeDraw {
  readonly beacon: Uint8Array
  readonly chainId: Uint8Array
}

/** From the first epoch in which a challenge is known to the last in which it may be answered. */
export const challengeEpochs = protocol.beaconLeadEpochs + protocol.challengeOpenEpochs

/** The last epoch whose blocks may hold the answer to the challenge of `epoch` (LIVE-2). */
export function lastAnswerEpoch(epoch: number): number {
  return epoch + protocol.challengeOpenEpochs
}

/** Deals for an epoch's beacon are made so many epochs before it, registrations before them. */
export function firstChallenge({
  registeredEpoch,
}: Pick<CredentialHolder, 'registeredEpoch'>): number {
  return registeredEpoch + protocol.beaconLeadEpochs + 1
}

/** First and last epoch that may ask for the renewal of a credential that ends with `expiry`. */
export function renewalEpochs(
  expiry: number,
  credentialEpochs: number,
): { readonly first: number; readonly last: number } {
  const first = expiry - Math.floor(credentialEpochs / 4) + 1
  const inRoot = expiry - protocol.enrolmentLagEpochs + 1
  return { first, last: inRoot - protocol.challengeOpenEpochs }
}

/** Whether the challenge of `epoch` is this validator's. */
export function isAsked(
  holder: CredentialHolder,
  epoch: number,
  draw: ChallengeDraw,
  credentialEpochs: number,
): boolean {
  const earliest = firstChallenge(holder)
  const { account, credentialExpiry } = holder
  if (epoch < earliest) return false
  if (epoch > credentialExpiry) return (epoch - earliest) % challengeEpochs === 0
  const { first, last } = renewalEpochs(credentialExpiry, credentialEpochs)
  if (epoch < first || epoch > last) return false
  const digest = hash('renewal', draw.beacon, draw.chainId, account)
  // 48 bits: the rest of the division is uniform to within 2⁻²⁸ for a million epochs.
  const drawn = digest.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0)
  return drawn % (last - epoch + 1) === 0
}
