/** Voters that restart an epoch, with real keys, for tests. */
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { bitmapOf } from '../base/bitmap.ts'
import { setOf, testVoter, voterSecret } from '../checkpoint/testVoters.fixture.ts'
import type { VoterSet } from '../checkpoint/voterSet.ts'
import type { Restart } from '../codec/chain.ts'
import type { RestartReport } from '../codec/restart.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { testEpochKey, testPossession, testSharingKey } from '../ledger/testChain.fixture.ts'
import { defaultParams } from '../params.ts'
import { restartAggregator } from './draw.ts'
import type { RestartEnv } from './env.ts'
import { makeList, type VerifiedList } from './list.ts'
import { restartStakeMessage } from './messages.ts'
import { makeReport } from './report.ts'

export const everybodyMay = (): boolean => true

/** Equal stakes unless they are given. */
export function restartEnvOf(stakes: readonly bigint[], seats = 4): RestartEnv {
  const set = setOf(stakes.map((stakeMicro, id) => testVoter(id, stakeMicro)))
  const params = { ...defaultParams, committeeSeats: seats }
  const beacon = new Uint8Array(32).fill(5)
  return { chainId: 'restart-test', epoch: 9, beacon, set, params, bls: blsBlst }
}

export function signerAt(set: VoterSet, index: number): (message: Uint8Array) => Uint8Array {
  return (message) => blsBlst.sign(voterSecret(set, index), message)
}

export const blockAt = (height: number): Uint8Array => new Uint8Array(32).fill(height)

export function reportOf(
  env: RestartEnv,
  voter: number,
  options: { readonly attempt?: number; readonly height?: number } = {},
): RestartReport {
  const { attempt = 3, height = 50 } = options
  const { secret, publicKey: epochKey } = testEpochKey(blsBlst, voter, attempt)
  const seat = {
    epochKey,
    possession: testPossession(blsBlst, secret),
    sharingKey: testSharingKey(voter, attempt),
    peerId: `peer${String(voter)}`,
  }
  const sign = signerAt(env.set, voter)
  return makeReport(env, { voter, attempt, height, block: blockAt(height), seat, sign })
}

/** By the drawn aggregator of the attempt of the reports. */
export function listOf(env: RestartEnv, reports: readonly RestartReport[]): Uint8Array | undefined {
  const attempt = reports[0]?.attempt ?? 3
  const sign = signerAt(env.set, restartAggregator(env, attempt))
  return makeList(env, attempt, { reports, isEligible: everybodyMay, sign })
}

/** Signed by these voters. */
export function recordOf(
  { chainId, set }: Pick<RestartEnv, 'chainId' | 'set'>,
  { epoch, attempt, base, committee }: Omit<VerifiedList, 'height'>,
  options: {
    readonly voters: readonly number[]
    readonly sign: (voter: number, message: Uint8Array) => Uint8Array
  },
): Restart & Required<Pick<Restart, 'committee'>> {
  const place = { chainId, votersRoot: set.root, epoch, attempt, base }
  const message = restartStakeMessage({ ...place, committeeRoot: committeeRoot(committee) })
  const signatures = options.voters.map((voter) => options.sign(voter, message))
  const signature = blsBlst.aggregateSignatures(signatures) ?? new Uint8Array(0)
  const voters = bitmapOf(set.voters.length, options.voters)
  return { epoch, attempt, base, committee, signature, voters }
}
