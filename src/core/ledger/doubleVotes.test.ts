import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { checkpointMessage } from '../checkpoint/message.ts'
import type { DoubleCheckpoint } from '../codec/chain.ts'
import { SignedCheckpoint, type CheckpointContent } from '../codec/checkpoint.ts'
import { protocol } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { settleDoubleVotes } from './doubleVotes.ts'
import { list, readSingle } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { doubleVotes, parameters, tip } from './tables.ts'
import {
  addBlock,
  createTestChain,
  testStartMs,
  unsigned,
  type TestChain,
} from './testChain.fixture.ts'
import { checkpointSecret, closeEpoch, leaseOf } from './testCheckpoints.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'
import { isJailed, stakeOf, validatorOf } from './validators.ts'

const params = { checkpointEpochs: 1 }
const chain = createTestChain(blsBlst, { validators: 6, seats: 4, params })
addBlock(
  chain,
  testStartMs,
  [0, 1, 2, 3, 4, 5].map((index) => leaseOf(chain, index)),
)
closeEpoch(chain)
// The boundary of epoch 0 has founded: all six vote.
const startMs = testStartMs + 30_000
addBlock(chain, startMs)

const votersRoot = new Uint8Array(32).fill(9)
const content: CheckpointContent = {
  number: 3,
  epoch: 59,
  height: 1_800,
  timeMs: 7,
  header: new Uint8Array(32).fill(1),
  stateRoot: new Uint8Array(32).fill(2),
  nextVotersRoot: new Uint8Array(32).fill(3),
  beacon: new Uint8Array(32).fill(4),
}

function signedBy(index: number, change: Partial<CheckpointContent> = {}, turn = 0): Uint8Array {
  const changed = { ...content, ...change }
  const message = checkpointMessage({ chainId: 'emo-test', votersRoot, content: changed })
  const signature = blsBlst.sign(checkpointSecret(index, turn), message)
  return SignedCheckpoint.encode({ votersRoot, content: changed, signature })
}

const otherRoot = { stateRoot: new Uint8Array(32).fill(7) }

function accusation(index: number, change: Partial<DoubleCheckpoint> = {}): DoubleCheckpoint {
  return {
    key: blsBlst.publicKey(checkpointSecret(index)),
    first: signedBy(index),
    second: signedBy(index, otherRoot),
    ...change,
  }
}

function outcome(on: TestChain, doubleCheckpoint: DoubleCheckpoint): string {
  const timeMs = readSingle(on.state, tip).timeMs + 1
  const checked = checkTransaction(on.state, unsigned(on, { doubleCheckpoint }), timeMs, on.env)
  return checked.ok ? 'ok' : checked.error.code
}

function convicted(indices: readonly number[]): TestChain {
  const after = { ...chain }
  const accusations = indices.map((index) =>
    unsigned(after, { doubleCheckpoint: accusation(index) }),
  )
  addBlock(after, startMs + 100, accusations)
  return after
}

const stakeIn = (on: TestChain, index: number): bigint =>
  stakeOf(validatorOf(on.state, keysOf(on, index).account)!)

describe('EVID-1 CKPT-1 E11: two contents for one number', () => {
  it.each<[string, Partial<DoubleCheckpoint>, string]>([
    ['contradict whatever differs', {}, 'ok'],
    ['of one content are no offence', { second: signedBy(0) }, 'EVIDENCE_INVALID'],
    ['of two numbers are none', { second: signedBy(0, { number: 4 }) }, 'EVIDENCE_INVALID'],
    ['by two validators are none', { second: signedBy(1, otherRoot) }, 'EVIDENCE_INVALID'],
    [
      'by a key that nobody registered accuse nobody',
      {
        key: blsBlst.publicKey(checkpointSecret(0, 5)),
        first: signedBy(0, {}, 5),
        second: signedBy(0, otherRoot, 5),
      },
      'EVIDENCE_INVALID',
    ],
    ['are canonical', { first: Uint8Array.of(...signedBy(0), 0) }, 'EVIDENCE_INVALID'],
    ['are no nonsense', { first: new Uint8Array(600), key: new Uint8Array(0) }, 'EVIDENCE_INVALID'],
  ])('%s', (_name, change, code) => {
    expect(outcome(chain, accusation(0, change))).toBe(code)
  })

  it('convict once a validator and number, also with a key it has replaced', () => {
    const after = { ...chain }
    addBlock(after, startMs + 50, [leaseOf(after, 0, 1)])
    expect(outcome(after, accusation(0))).toBe('ok')
    addBlock(after, startMs + 100, [unsigned(after, { doubleCheckpoint: accusation(0) })])
    const swapped = accusation(0, { first: signedBy(0, otherRoot), second: signedBy(0) })
    expect(outcome(after, swapped)).toBe('EVIDENCE_KNOWN')
  })
})

describe('EVID-2 CKPT-1 what E11 costs', () => {
  const own = readSingle(chain.state, parameters)
  const later = (on: TestChain, ms: number): TestChain => {
    const timeMs = readSingle(on.state, tip).timeMs + ms
    return { ...on, state: settleDoubleVotes(on.state, { timeMs, epoch: 1 }, own) }
  }

  it('5 % at once, jail, and stake that stays locked', () => {
    const after = convicted([0])
    expect(stakeIn(after, 0)).toBe((stakeIn(chain, 0) * 95n) / 100n)
    const validator = validatorOf(after.state, keysOf(after, 0).account)!
    expect(isJailed(validator, own.jailEpochs - 1)).toBe(true)
    expect(validator.lockedUntilMs).toBe(startMs + 100 + protocol.settleAfterMs)
    expect(supplyIsConserved(after.state)).toBe(true)
  })

  it('13 days later the rest: 61.25 % for a sixth of the stake, 5 % · (21 / 6)²', () => {
    const settled = later(convicted([0]), protocol.settleAfterMs)
    expect(stakeIn(settled, 0)).toBe((stakeIn(chain, 0) * 3_875n) / 10_000n)
  })

  it('and all of it for a third together', () => {
    const after = convicted([0, 1])
    const early = later(after, protocol.settleAfterMs - 1)
    expect(stakeIn(early, 0)).toBe(stakeIn(after, 0))
    const settled = later(after, protocol.settleAfterMs)
    expect([stakeIn(settled, 0), stakeIn(settled, 1)]).toEqual([0n, 0n])
    expect(stakeIn(settled, 2)).toBe(stakeIn(chain, 2))
    expect(list(settled.state, doubleVotes)).toEqual([])
    expect(supplyIsConserved(settled.state)).toBe(true)
    expect(outcome(settled, accusation(0))).toBe('EVIDENCE_KNOWN')
  })
})
