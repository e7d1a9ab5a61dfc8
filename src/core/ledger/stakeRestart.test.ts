import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { mapKey } from '../base/bytes.ts'
import type { Committee, Restart } from '../codec/chain.ts'
import { upTo } from '../checkpoint/testVoters.fixture.ts'
import { recordOf } from '../restart/testRestart.fixture.ts'
import { namedVoters, restartVoters, votingSet } from './checkpoints.ts'
import { read, readSingle, stateFromLeaves, stateLeaves, stateRoot } from './state.ts'
import { checkpointRecord, committees, epochRecord, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  testEpochKey,
  testSharingKey,
  testStartMs,
  type TestChain,
} from './testChain.fixture.ts'
import { checkpointSecret, closeEpoch, leaseOf, renewalOf } from './testCheckpoints.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import { applyRestart, restartNotBeforeMs } from './transactions/restart.ts'

const validators = 6
const base = new Uint8Array(32).fill(6)

const nextMs = (chain: TestChain): number =>
  Math.max(
    readSingle(chain.state, epochRecord).boundaryMs + 2_000,
    readSingle(chain.state, tip).timeMs + 50,
  )

/** In the middle of epoch 3, whose boundary before it named the voters. */
function standing(withDevnet = false): TestChain {
  const params = { checkpointEpochs: 2, restartAfterMs: 1_000 }
  const chain = createTestChain(bls, { validators, seats: 4, params, withDevnet })
  addBlock(
    chain,
    testStartMs,
    upTo(validators).map((index) => leaseOf(chain, index)),
  )
  closeEpoch(chain)
  addBlock(
    chain,
    nextMs(chain),
    upTo(validators).map((index) => renewalOf(chain, index)),
  )
  closeEpoch(chain)
  addBlock(chain, nextMs(chain))
  expect(restartVoters(chain.state)).toBeUndefined()
  closeEpoch(chain)
  addBlock(chain, nextMs(chain))
  return chain
}

function committeeOf(chain: TestChain, seats: readonly number[], attempt = 1): Committee {
  return {
    epoch: readSingle(chain.state, epochRecord).epoch,
    seats: seats.map((index) => ({
      validator: keysOf(chain, index).account,
      epochKey: testEpochKey(bls, index, 99).publicKey,
      sharingKey: testSharingKey(index, 99),
      power: 1,
      peerId: 'restarted',
      score: 7_500,
    })),
    leaders: seats.map((_, index) => index),
    attempt,
  }
}

function restartOf(
  chain: TestChain,
  options: {
    readonly voters?: readonly number[]
    readonly seats?: readonly number[]
    readonly attempt?: number
  } = {},
): Restart {
  const { voters = upTo(4), seats = [5, 4, 1, 0], attempt = 1 } = options
  const set = restartVoters(chain.state) ?? namedVoters(chain.state)!
  const committee = committeeOf(chain, seats, attempt)
  const accounts = upTo(validators).map((index) => mapKey(keysOf(chain, index).account))
  const sign = (voter: number, message: Uint8Array): Uint8Array =>
    bls.sign(checkpointSecret(accounts.indexOf(mapKey(set.voters[voter]!.account))), message)
  const place = { epoch: committee.epoch, attempt, base, committee }
  return recordOf({ chainId: chain.genesis.chainId, set }, place, { voters, sign })
}

function codeOf(chain: TestChain, restart: Restart, waitMs = 0): string {
  const place = { base, timeMs: restartNotBeforeMs(chain.state) + waitMs }
  const applied = applyRestart(chain.state, restart, place, chain.env.verifier)
  if (applied.ok) chain.state = applied.value.state
  return applied.ok ? 'ok' : applied.error.code
}

describe('RECOVER-1 a restart by stake in the ledger', () => {
  it('2/3 of the stake that the boundary before the epoch fixed seat a committee', () => {
    const chain = standing()
    expect(codeOf(chain, restartOf(chain, { voters: upTo(3) }))).toBe('RESTART_STAKE')
    expect(codeOf(chain, { ...restartOf(chain), base: new Uint8Array(32) })).toBe('RESTART_STALE')
    expect(codeOf(chain, restartOf(chain, { seats: [5, 4, 1] }))).toBe('RESTART_COMMITTEE')
    expect(codeOf(chain, restartOf(chain, { seats: [5, 5, 1, 0] }))).toBe('RESTART_COMMITTEE')
    expect(codeOf(chain, restartOf(chain), -1)).toBe('RESTART_EARLY')
    const forged = { ...restartOf(chain), voters: restartOf(chain, { voters: upTo(5) }).voters }
    expect(codeOf(chain, forged)).toBe('RESTART_SIGNATURE')
    expect(codeOf(chain, restartOf(chain))).toBe('ok')
    const seated = read(chain.state, committees, readSingle(chain.state, epochRecord).epoch)
    expect(seated).toEqual(committeeOf(chain, [5, 4, 1, 0]))
    expect(codeOf(chain, restartOf(chain))).toBe('RESTART_STALE')
    expect(codeOf(chain, restartOf(chain, { attempt: 2 }))).toBe('ok')
  })

  it('the voters stay the same all through the epoch, whoever votes on checkpoints by then', () => {
    const chain = standing()
    const set = restartVoters(chain.state)
    expect(set?.root).toEqual(votingSet(chain.state)?.root)
    expect(set?.voters).toHaveLength(validators)
    // Nobody renewed: the boundary of epoch 3 is number 2, and who voted before it may restart.
    closeEpoch(chain)
    addBlock(chain, nextMs(chain))
    expect(readSingle(chain.state, checkpointRecord).number).toBe(2)
    expect(restartVoters(chain.state)?.root).toEqual(set?.root)
    const again = unwrap(stateFromLeaves(stateLeaves(chain.state), stateRoot(chain.state)))
    expect(stateRoot(again)).toEqual(stateRoot(chain.state))
    expect(restartVoters(again)).toEqual(restartVoters(chain.state))
  })

  it('a devnet has its key alone, and a chain where nobody votes has nothing', () => {
    const devnet = standing(true)
    expect(readSingle(devnet.state, checkpointRecord).restartRoot).toHaveLength(0)
    expect(codeOf(devnet, restartOf(devnet))).toBe('RESTART_SIGNATURE')
    const params = { restartAfterMs: 1_000 }
    const young = createTestChain(bls, { validators, seats: 4, params, withDevnet: false })
    addBlock(young, testStartMs)
    const committee = committeeOf(young, [5, 4, 1, 0])
    const none = new Uint8Array(0)
    const record = { ...{ epoch: 0, attempt: 1, base, committee }, signature: none, voters: none }
    expect(codeOf(young, record)).toBe('RESTART_FORBIDDEN')
  })
})
