/** The genesis of a run: every node is a validator with bond and balance, the first have seats. */
import { u32be } from '../../src/core/base/bytes.ts'
import type { AgreementTimes } from '../../src/core/bft/types.ts'
import type { Genesis } from '../../src/core/codec/state.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { fieldToBytes } from '../../src/core/emotion/field.ts'
import { defaultParams, microPerEmo, protocol } from '../../src/core/params.ts'
import { chainId } from '../committees.ts'
import { startMs } from '../options.ts'
import { runSharingKey, type RunKeys } from './runKeys.ts'

/** Base58 text in place of a peer id: nobody is reached by it. */
export const runPeerId = '12D3KooWSim'

export const runScore = 8000

/** So that a run of minutes sees stake come back; a chain that is no devnet waits for days. */
const unbondingMs = 40_000

const farEpoch = 1_000_000

export interface GenesisOptions {
  readonly seed: number
  readonly seats: number
  readonly epochMs: number
  readonly times: AgreementTimes
  readonly bls: BlsBackend
  readonly keys: readonly RunKeys[]
  /** Secret of the epoch key of a validator in epoch 0. */
  readonly firstSecret: (validator: number) => Uint8Array
}

export function runGenesis(options: GenesisOptions): Genesis {
  const { seed, seats, epochMs, times, bls, keys, firstSecret } = options
  const { blockIntervalMs, deltaMs, deltaCapMs, timePastMs, timeFutureMs } = times
  const agreed = { blockIntervalMs, deltaMs, deltaCapMs, timePastMs, timeFutureMs }
  return {
    chainId,
    startMs,
    parameters: { ...defaultParams, ...agreed, epochMs, committeeSeats: seats, unbondingMs },
    accounts: keys.map(({ account }) => ({ account, balanceMicro: 1000n * microPerEmo })),
    validators: keys.map(({ account, vrfKey, vrfSecret }, index) => ({
      account,
      vrfKey,
      vrfPossession: bls.provePossession(vrfSecret),
      bondedMicro: 20_000n * microPerEmo,
      nkHash: fieldToBytes(BigInt(1000 + index)),
      baselineCommitment: fieldToBytes(BigInt(2000 + index)),
      consentVersion: 1,
      credentialExpiry: farEpoch,
    })),
    seats: keys.slice(0, seats).map(({ account }, index) => ({
      validator: account,
      epochKey: bls.publicKey(firstSecret(index)),
      epochKeyPossession: bls.provePossession(firstSecret(index)),
      peerId: runPeerId,
      score: runScore,
      sharingKey: runSharingKey(seed, index, 0),
    })),
    beacons: Array.from({ length: protocol.beaconLeadEpochs }, (_none, epoch) =>
      hash('beacon', u32be(seed), u32be(epoch)),
    ),
    devnet: {
      restartKey: keys[0]?.account ?? new Uint8Array(32),
      faucetAccount: keys[0]?.account ?? new Uint8Array(32),
      allowSimulated: true,
      developmentProofKeys: true,
      grantedCredentialEpochs: farEpoch,
      baselineShortMs: 30_000,
    },
  }
}
