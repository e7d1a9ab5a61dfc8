import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { unwrap } from '../../../test/support/unwrap.ts'
import { hex } from '../base/bytes.ts'
import { anchorCheckpoint } from '../checkpoint/held.ts'
import { verifyCheckpoint } from '../checkpoint/verifyCheckpoint.ts'
import { Checkpoint, type CheckpointContent, type CheckpointRecord } from '../codec/checkpoint.ts'
import { defaultParams, type Params } from '../params.ts'
import { hasFormed, namedVoters, needsPostQuantum, votingSet } from './checkpoints.ts'
import { checkTransaction } from './checkTransaction.ts'
import { readSingle, stateFromLeaves, stateLeaves, stateRoot, writeSingle } from './state.ts'
import { checkpointRecord, epochRecord, supply as supplyTable, tip } from './tables.ts'
import { addBlock, createTestChain, testStartMs, type TestChain } from './testChain.fixture.ts'
import { certificateOf, closeEpoch, leaseOf, renewalOf } from './testCheckpoints.fixture.ts'
import { keysOf, runEpoch } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf, writeValidator } from './validators.ts'

const interval = { checkpointEpochs: 2 }

function started(params: Partial<Params> = interval): TestChain {
  const chain = createTestChain(blsBlst, { validators: 6, seats: 4, params })
  addBlock(
    chain,
    testStartMs,
    [0, 1, 2, 3].map((index) => leaseOf(chain, index)),
  )
  return chain
}

const recordOf = (chain: TestChain): CheckpointRecord => readSingle(chain.state, checkpointRecord)
const nextMs = (chain: TestChain): number =>
  Math.max(readSingle(chain.state, epochRecord).boundaryMs + 2_000, chainMs(chain) + 50)
const chainMs = (chain: TestChain): number => readSingle(chain.state, tip).timeMs

/** Everybody who is named renews at the start of an epoch; then the epoch goes by. */
function renewed(chain: TestChain, indices: readonly number[]): void {
  addBlock(
    chain,
    nextMs(chain),
    indices.map((index) => renewalOf(chain, index)),
  )
}

/** Two epochs, in the first of which these renew: ends just after a checkpointed boundary. */
function interim(chain: TestChain, indices: readonly number[]): void {
  renewed(chain, indices)
  closeEpoch(chain)
  runEpoch(chain)
  addBlock(chain, nextMs(chain))
}

/** The first two epochs: the boundary of epoch 1 is number 1. */
function founded(params: Partial<Params> = interval): TestChain {
  const chain = started(params)
  closeEpoch(chain)
  renewed(chain, [0, 1, 2, 3])
  closeEpoch(chain)
  addBlock(chain, nextMs(chain))
  return chain
}

function accountsOf(chain: TestChain, set = votingSet(chain.state)): readonly number[] {
  const known = chain.keys.map(({ account }) => hex(account))
  return (set?.voters ?? []).map(({ account }) => known.indexOf(hex(account))).toSorted()
}

function outcome(chain: TestChain, transaction: DecodedTransaction): string {
  const checked = checkTransaction(chain.state, transaction, chainMs(chain) + 1, chain.env)
  return checked.ok ? 'ok' : checked.error.code
}

describe('CKPT-1 where nobody votes yet, a boundary founds', () => {
  const chain = started()
  const genesisRecord = recordOf(chain)
  closeEpoch(chain)
  renewed(chain, [0, 1, 2, 3])
  closeEpoch(chain)
  const rootAfter = stateRoot(chain.state)
  const closed = recordOf(chain)
  addBlock(chain, nextMs(chain))
  const record = recordOf(chain)

  it('the genesis names nobody, and no epoch before the interval changes that', () => {
    expect(genesisRecord.number).toBe(0)
    expect(genesisRecord.formed).toBeUndefined()
  })

  it('the block after the boundary knows its header and state root', () => {
    expect(closed).toMatchObject({ number: 1 })
    expect(closed.content).toBeUndefined()
    const content = record.content!
    expect(content).toMatchObject({ number: 1, epoch: 1, height: chain.derived.height - 1 })
    expect(hex(content.stateRoot)).toBe(hex(rootAfter))
    expect(hex(content.nextVotersRoot)).toBe(hex(closed.nextRoot))
    expect(content.timeMs).toBe(chain.derived.parentTimeMs)
  })

  it('with everybody who has a lease, and no signature', () => {
    expect(record.formed).toEqual(record.content)
    expect(record.postQuantum).toEqual(record.content)
    expect(accountsOf(chain)).toEqual([0, 1, 2, 3])
  })

  it('a state that was stored and loaded again says the same', () => {
    const loaded = unwrap(stateFromLeaves(stateLeaves(chain.state), stateRoot(chain.state)))
    expect(hex(votingSet(loaded)!.root)).toBe(hex(record.namedRoot))
  })
})

describe('CKPT-1 a number forms by a certificate on the chain', () => {
  const chain = founded()
  const anchor = recordOf(chain).formed!
  interim(chain, [0, 1, 2, 3])

  it('of 2/3 of the stake, once, over exactly that content', () => {
    expect(recordOf(chain)).toMatchObject({ number: 2, formed: { number: 1 } })
    expect(outcome(chain, certificateOf(chain, [0, 1]))).toBe('CHECKPOINT_WEAK')
    expect(outcome(chain, certificateOf(chain, [0, 1, 2]))).toBe('ok')
    const changes: readonly Partial<CheckpointContent>[] = [
      { stateRoot: new Uint8Array(32) },
      { height: 1 },
      { nextVotersRoot: new Uint8Array(32) },
    ]
    for (const change of changes) {
      expect(outcome(chain, certificateOf(chain, [0, 1, 2], change))).toBe('CHECKPOINT_UNSIGNED')
    }
    expect(outcome(chain, certificateOf(chain, [0, 1, 2], { number: 1 }))).toBe('CHECKPOINT_STALE')
    expect(outcome(chain, certificateOf(chain, [0, 1, 2], { number: 3 }))).toBe('CHECKPOINT_STALE')
    const certificate = certificateOf(chain, [0, 1, 2])
    const after = { ...chain }
    addBlock(after, nextMs(after), [certificate])
    expect(hasFormed(recordOf(after))).toBe(true)
    expect(outcome(after, certificate)).toBe('CHECKPOINT_STALE')
  })

  it('with a bitmap over the set that votes, by those who are named', () => {
    const { transaction } = certificateOf(chain, [0, 1, 2])
    const spoilt = (change: object): DecodedTransaction => {
      const good = certificateOf(chain, [0, 1, 2])
      const certificate = { ...transaction.checkpoint!, ...change }
      return { ...good, transaction: { ...good.transaction, checkpoint: certificate } }
    }
    expect(outcome(chain, spoilt({ voters: new Uint8Array(2) }))).toBe('CHECKPOINT_BITMAP')
    expect(outcome(chain, spoilt({ voters: Uint8Array.of(0x17) }))).toBe('CHECKPOINT_BITMAP')
    expect(outcome(chain, spoilt({ voters: Uint8Array.of(0x0f) }))).toBe('CHECKPOINT_UNSIGNED')
    expect(outcome(chain, spoilt({ signature: new Uint8Array(96) }))).toBe('CHECKPOINT_UNSIGNED')
  })

  it('and a light client takes what formed, with the set that the one before names', () => {
    const { checkpoint } = certificateOf(chain, [0, 2, 3]).transaction
    const content = recordOf(chain).content!
    const bytes = Checkpoint.encode({
      ...checkpoint!,
      content,
      left: new Uint8Array(0),
      postQuantum: [],
    })
    const held = anchorCheckpoint(chain.genesis.chainId, anchor)
    const shown = { bytes, named: namedVoters(chain.state)! }
    const next = unwrap(
      verifyCheckpoint(held, shown, { params: defaultOf(interval), bls: blsBlst }),
    )
    expect(next.content).toEqual(content)
  })

  it('ML-DSA-87 is due when the height has passed a multiple of the chain’s blocks', () => {
    const { postQuantum, content } = recordOf(chain)
    expect(needsPostQuantum(recordOf(chain), defaultParams)).toBe(false)
    const between = content!.height - postQuantum!.height
    expect(needsPostQuantum(recordOf(chain), { postQuantumBlocks: between })).toBe(true)
    const after = { ...chain }
    addBlock(after, nextMs(after), [certificateOf(after, [0, 1, 2])])
    expect(recordOf(after).postQuantum).toEqual(postQuantum)
    const often = founded({ ...interval, postQuantumBlocks: 1 })
    interim(often, [0, 1, 2, 3])
    addBlock(often, nextMs(often), [certificateOf(often, [0, 1, 2])])
    expect(recordOf(often).postQuantum).toEqual(recordOf(often).content)
    expect(recordOf(often).postQuantumRoot).toEqual(recordOf(often).namedRoot)
  })
})

function defaultOf(change: Partial<Params>): Params {
  return { ...defaultParams, ...change }
}

describe('CKPT-1 who votes next is a function of the state', () => {
  it('when a number forms, leases and stake of its boundary count', () => {
    const chain = founded()
    addBlock(chain, nextMs(chain), [leaseOf(chain, 4)])
    renewed(chain, [0, 1, 2, 3])
    const { account } = keysOf(chain, 0)
    const validator = validatorOf(chain.state, account)!
    chain.state = writeValidator(chain.state, { ...validator, bondedMicro: 1n }, 2)
    chain.state = balanced(chain, validator.bondedMicro - 1n)
    closeEpoch(chain)
    renewed(chain, [4])
    closeEpoch(chain)
    addBlock(chain, nextMs(chain))
    expect(accountsOf(chain)).toEqual([0, 1, 2, 3])
    addBlock(chain, nextMs(chain), [certificateOf(chain, [0, 1, 2, 3])])
    expect(accountsOf(chain, namedVoters(chain.state))).toEqual([0, 1, 2, 3, 4])
    expect(namedVoters(chain.state)!.voters.at(-1)).toMatchObject({ account, stakeMicro: 1n })
  })

  it('while numbers are missed nobody joins, and one in ten, or one voter, leaves for each', () => {
    const chain = founded()
    addBlock(chain, nextMs(chain), [leaseOf(chain, 4)])
    const seen: (readonly number[])[] = []
    for (let number = 2; number <= 6; number += 1) {
      interim(chain, number === 2 ? [2, 3] : [2, 3, 4])
      expect(recordOf(chain)).toMatchObject({ number, formed: { number: 1 } })
      seen.push(accountsOf(chain))
    }
    expect(seen.map((voters) => voters.length)).toEqual([4, 3, 2, 2, 2])
    expect(seen.at(-1)).toEqual([2, 3])
    addBlock(chain, nextMs(chain), [certificateOf(chain, [2, 3])])
    expect(hasFormed(recordOf(chain))).toBe(true)
    expect(accountsOf(chain)).toContain(4)
  })

  it('a light client takes one after missed numbers with the bitmap of who left', () => {
    const chain = founded()
    const held = anchorCheckpoint(chain.genesis.chainId, recordOf(chain).formed!)
    interim(chain, [1, 2, 3])
    interim(chain, [1, 2, 3])
    expect(accountsOf(chain)).toEqual([1, 2, 3])
    const { checkpoint } = certificateOf(chain, [1, 2]).transaction
    const { left } = recordOf(chain)
    const content = recordOf(chain).content!
    const named = namedVoters(chain.state)!
    const shown = (bitmap: Uint8Array) => ({
      bytes: Checkpoint.encode({ ...checkpoint!, content, left: bitmap, postQuantum: [] }),
      named,
    })
    const options = { params: defaultOf(interval), bls: blsBlst }
    expect(unwrap(verifyCheckpoint(held, shown(left), options)).content).toEqual(content)
    expect(verifyCheckpoint(held, shown(new Uint8Array(0)), options)).toMatchObject({ ok: false })
  })

  it('when everybody has left, a boundary founds again', () => {
    const chain = founded()
    for (let number = 2; number <= 6; number += 1) interim(chain, [])
    expect(votingSet(chain.state)).toBeUndefined()
    addBlock(chain, nextMs(chain), [renewalOf(chain, 1), renewalOf(chain, 2)])
    closeEpoch(chain)
    renewed(chain, [1, 2])
    closeEpoch(chain)
    addBlock(chain, nextMs(chain))
    expect(accountsOf(chain)).toEqual([1, 2])
    expect(recordOf(chain).formed).toEqual(recordOf(chain).content)
  })
})

/** What a test took from a stake goes nowhere else: the books must still come out even. */
function balanced(chain: TestChain, amountMicro: bigint): TestChain['state'] {
  const now = readSingle(chain.state, supplyTable)
  return writeSingle(chain.state, supplyTable, {
    ...now,
    burntMicro: now.burntMicro + amountMicro,
  })
}
