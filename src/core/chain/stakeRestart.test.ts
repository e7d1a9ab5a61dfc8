import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { upTo } from '../checkpoint/testVoters.fixture.ts'
import { Body, type Restart } from '../codec/chain.ts'
import { CheckpointRecord, CheckpointVoters } from '../codec/checkpoint.ts'
import { RestartVoters } from '../codec/restart.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { restartVoters, votingSet } from '../ledger/checkpoints.ts'
import { readSingle } from '../ledger/state.ts'
import { checkpointRecord } from '../ledger/tables.ts'
import { unsigned } from '../ledger/testChain.fixture.ts'
import type { CertifiedChain } from './certifiedChain.fixture.ts'
import {
  followBoundary,
  lightGenesis,
  withRestartVoters,
  type LightTip,
  type ShownBoundary,
} from './lightClient.ts'
import { proveRestartVoters } from './restartVoters.ts'
import {
  endEpoch,
  restartableEpoch,
  restartByStake,
  shownVoters,
  standingChain,
  stakeRestartOf,
  type StakeRestart,
} from './stakeRestartChain.fixture.ts'

let source: CertifiedChain
/** The same chain before its restart: where records for that epoch are made. */
let standing: CertifiedChain
/** Trust as of the boundary before the epoch that was restarted, with and without its voters. */
let before: LightTip
let trusted: LightTip
let shown: ShownBoundary

beforeAll(() => {
  standing = standingChain(bls)
  source = standingChain(bls)
  restartByStake(source)
  endEpoch(source, 2)
  before = source.boundaries
    .slice(0, restartableEpoch)
    .reduce(
      (tip, next) => unwrap(followBoundary(tip, next, bls)),
      lightGenesis(source.chain.genesis),
    )
  trusted = unwrap(withRestartVoters(before, shownVoters(source, restartableEpoch)))
  shown = source.boundaries[restartableEpoch]!
})

const codeOf = (result: ReturnType<typeof followBoundary>): string =>
  result.ok ? 'ok' : result.error.code

/** The same boundary, with another record in the block that opens its committee. */
function opened(restart: Restart): string {
  const { bytes } = unsigned(standing.chain, { restart })
  const opening = shown.restart!
  const body = Body.encode({ transactions: [bytes] })
  return codeOf(followBoundary(trusted, { ...shown, restart: { ...opening, body } }, bls))
}

describe('RECOVER-1, SYNC-2 a light client across a restart by stake', () => {
  it('takes the committee that 2/3 of the stake signed, and the boundaries after it', () => {
    expect(before.restartVoters).toBeUndefined()
    expect(codeOf(followBoundary(before, shown, bls))).toBe('LIGHT_RESTART_VOTERS')
    const after = unwrap(followBoundary(trusted, shown, bls))
    expect(after.epoch).toBe(restartableEpoch + 1)
    expect(after.hash).toEqual(source.tipHash)
    // Who may restart the next epoch is another question.
    expect(after.restartVoters).toBeUndefined()
    const { block, next } = shown
    expect(codeOf(followBoundary(trusted, { block, next }, bls))).toBe('LIGHT_COMMITTEE_UNKNOWN')
  })

  it('refuses too little stake, and a record changed after it was signed', () => {
    const record = (change: StakeRestart = {}): Restart => stakeRestartOf(standing, change)
    expect(opened(record())).toBe('ok')
    expect(opened(record({ signers: upTo(3) }))).toBe('LIGHT_RESTART_SIGNATURE')
    const good = record()
    const { committee } = good
    if (committee === undefined) throw new Error('the record names a committee')
    const forged = { ...good, voters: record({ signers: upTo(5) }).voters }
    expect(opened(forged)).toBe('LIGHT_RESTART_SIGNATURE')
    expect(opened({ ...good, voters: new Uint8Array(0) })).toBe('LIGHT_RESTART_SIGNATURE')
    expect(opened({ ...good, base: new Uint8Array(32) })).toBe('LIGHT_RESTART_INVALID')
    expect(opened(record({ base: new Uint8Array(32) }))).toBe('LIGHT_RESTART_INVALID')
    expect(opened({ ...good, epoch: restartableEpoch + 1 })).toBe('LIGHT_RESTART_INVALID')
    expect(opened({ ...good, attempt: 2 })).toBe('LIGHT_RESTART_INVALID')
    const later = { ...good, attempt: 2, committee: { ...committee, attempt: 2 } }
    expect(opened(later)).toBe('LIGHT_RESTART_SIGNATURE')
    // Signed, and of another attempt than the committee that the boundary names.
    expect(opened(record({ attempt: 2 }))).toBe('BLOCK_FOREIGN')
    const [first, ...others] = committee.seats
    if (first === undefined) throw new Error('a committee has seats')
    const seats = [{ ...first, peerId: 'somebody' }, ...others]
    expect(opened({ ...good, committee: { ...committee, seats } })).toBe('LIGHT_RESTART_SIGNATURE')
    expect(opened(record({ seats: [0, 1, 4, 5] }))).toBe('BLOCK_FOREIGN')
    expect(opened(record({ seats: [0, 1, 4] }))).toBe('LIGHT_RESTART_SIGNATURE')
  })

  it('takes the set from nobody’s word: the boundary before the epoch has to commit to it', () => {
    const good = RestartVoters.decode(shownVoters(source, restartableEpoch))
    const code = (change: Partial<RestartVoters>, tip = before): string => {
      const read = withRestartVoters(tip, RestartVoters.encode({ ...good, ...change }))
      return read.ok ? 'ok' : read.error.code
    }
    expect(code({})).toBe('ok')
    expect(code({ epoch: restartableEpoch + 1 })).toBe('RESTART_VOTERS_UNPROVEN')
    const other = unwrap(followBoundary(trusted, shown, bls))
    expect(code({}, { ...other, epoch: restartableEpoch })).toBe('RESTART_VOTERS_UNPROVEN')
    const record = CheckpointRecord.decode(good.record)
    const forged = CheckpointRecord.encode({ ...record, votersRoot: new Uint8Array(32) })
    expect(code({ record: forged })).toBe('RESTART_VOTERS_UNPROVEN')
    expect(code({ proof: Uint8Array.of(1) })).toBe('DECODE_MALFORMED')
    const { voters } = CheckpointVoters.decode(good.voters)
    const fewer = CheckpointVoters.encode({ voters: voters.slice(1) })
    expect(code({ voters: fewer })).toBe('VOTERS_ROOT')
    expect(code({ voters: Uint8Array.of(1) })).toBe('VOTERS_MALFORMED')
    expect(withRestartVoters(before, new Uint8Array(3 * 1024 * 1024))).toMatchObject({
      error: { code: 'DECODE_TOO_LARGE' },
    })
  })

  it('no set is proven where nobody voted, and none after the genesis', () => {
    const first = source.held.find(({ isBoundary }) => isBoundary)!
    const parent = source.held[source.held.indexOf(first) - 1]!
    expect(proveRestartVoters(parent.state, 1)).toBeUndefined()
    const genesis = lightGenesis(source.chain.genesis)
    const early = { ...source.boundaries[0]!, restart: shown.restart }
    expect(codeOf(followBoundary(genesis, early, bls))).toBe('ok')
    const restarted = { ...genesis, committee: { ...genesis.committee, attempt: 1 } }
    expect(codeOf(followBoundary(restarted, early, bls))).toBe('LIGHT_RESTART_FORBIDDEN')
  })

  it('the state says who votes by one root, whatever left the set that was named', () => {
    for (const { state } of source.held) {
      const { votersRoot } = readSingle(state, checkpointRecord)
      expect(votersRoot).toEqual(votingSet(state)?.root ?? new Uint8Array(0))
    }
    const seated = source.held.at(-1)!
    expect(restartVoters(seated.state)).toBeDefined()
    expect(committeeRoot(seated.committee)).toEqual(seated.header.committeeRoot)
  })
})
