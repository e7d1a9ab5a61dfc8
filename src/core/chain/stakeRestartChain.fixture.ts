/** A chain without a restart key, in which stake restarts epochs, for tests of who follows it. */
import { assert } from '../base/assert.ts'
import { mapKey } from '../base/bytes.ts'
import { upTo } from '../checkpoint/testVoters.fixture.ts'
import type { Committee, Restart } from '../codec/chain.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { restartVoters } from '../ledger/checkpoints.ts'
import { readSingle } from '../ledger/state.ts'
import { epochRecord, tip } from '../ledger/tables.ts'
import { testEpochKey, testPeerId, testSharingKey, unsigned } from '../ledger/testChain.fixture.ts'
import { checkpointSecret, leaseOf, renewalOf } from '../ledger/testCheckpoints.fixture.ts'
import { keysOf } from '../ledger/testDuty.fixture.ts'
import { recordOf } from '../restart/testRestart.fixture.ts'
import { CertifiedChain, type Held } from './certifiedChain.fixture.ts'
import { proveRestartVoters, withVoters } from './restartVoters.ts'

const validators = 6

/** The first epoch that can be restarted: its boundary before knows who votes. */
export const restartableEpoch = 3

/** Everybody takes a lease, and three epochs are over. */
export function standingChain(bls: BlsBackend): CertifiedChain {
  const params = { checkpointEpochs: 2, restartAfterMs: 1_000 }
  const source = new CertifiedChain(bls, validators, params, { withDevnet: false })
  const everybody = upTo(validators)
  source.runEpoch([], { transactions: everybody.map((index) => leaseOf(source.chain, index)) })
  source.runEpoch([], { transactions: everybody.map((index) => renewalOf(source.chain, index)) })
  source.runEpoch()
  assert(source.epoch === restartableEpoch, 'three epochs are over')
  return source
}

export interface StakeRestart {
  /** Validators who sign. */
  readonly signers?: readonly number[]
  readonly seats?: readonly number[]
  readonly attempt?: number
  readonly base?: Uint8Array
}

/** A record for the running epoch, whatever it is worth. */
export function stakeRestartOf(source: CertifiedChain, change: StakeRestart = {}): Restart {
  const { chain, epoch } = source
  const { signers = upTo(4), seats = [5, 4, 1, 0], attempt = 1, base = source.tipHash } = change
  const set = restartVoters(chain.state)
  assert(set !== undefined, 'the boundary before the epoch knew who votes')
  const committee: Committee = {
    epoch,
    seats: seats.map((index) => ({
      validator: keysOf(chain, index).account,
      epochKey: testEpochKey(chain.bls, index, 500 + epoch).publicKey,
      power: 1,
      peerId: testPeerId,
      score: 7_500,
      sharingKey: testSharingKey(index, 500 + epoch),
    })),
    leaders: seats.map((_, index) => index),
    attempt,
  }
  const places = new Map(set.voters.map(({ account }, place) => [mapKey(account), place]))
  const accounts = upTo(validators).map((index) => mapKey(keysOf(chain, index).account))
  const voters = signers.map((index) => places.get(accounts[index] ?? '') ?? 0)
  const sign = (voter: number, message: Uint8Array): Uint8Array => {
    const account = set.voters[voter]?.account ?? new Uint8Array(0)
    return chain.bls.sign(checkpointSecret(accounts.indexOf(mapKey(account))), message)
  }
  const place = { chainId: chain.genesis.chainId, set }
  return recordOf(place, { epoch, attempt, base, committee }, { voters, sign })
}

/** The block that a record opens, a little after nothing moved. */
export function restartByStake(source: CertifiedChain, change: StakeRestart = {}): Held {
  const timeMs = readSingle(source.chain.state, tip).timeMs + 1_500
  return source.add(timeMs, [unsigned(source.chain, { restart: stakeRestartOf(source, change) })])
}

/** To its boundary, from wherever the running epoch is. */
export function endEpoch(source: CertifiedChain, tails = 0): void {
  const { startMs } = readSingle(source.chain.state, epochRecord)
  for (const offsetMs of [10_000, 20_000]) source.add(startMs + offsetMs)
  source.add(startMs + 28_000, [], tails)
}

/** Exact bytes of the RestartVoters of an epoch, as who executed its boundary before has them. */
export function shownVoters(source: CertifiedChain, epoch: number): Uint8Array {
  const at = source.held.findIndex(
    ({ header, isBoundary }) => isBoundary && header.epoch === epoch - 1,
  )
  const before = source.held[at - 1]
  const after = source.held[at]
  const proven = before && proveRestartVoters(before.state, epoch)
  const set = after && restartVoters(after.state)
  assert(proven !== undefined && set !== undefined, 'somebody may restart that epoch')
  return withVoters(proven, set)
}
