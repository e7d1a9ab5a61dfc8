import { describe, expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { equalBytes, hex, u32be } from '../core/base/bytes.ts'
import { ok } from '../core/base/result.ts'
import { Body } from '../core/codec/chain.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord, tip } from '../core/ledger/tables.ts'
import { addBlock, createTestChain, signed, testBlock } from '../core/ledger/testChain.fixture.ts'
import { keysOf, livenessOf, readyOf, runEpoch } from '../core/ledger/testDuty.fixture.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Prover } from '../ports/prover.ts'
import { Chain } from './chain.ts'
import { createDesks, type Desks } from './desks.ts'
import { Executor, type BlockBytes } from './executor.ts'
import { noProver } from './testNodes.fixture.ts'

/** In epoch 2 beacon(6) is known; a granted credential that lives for long is asked nothing. */
const challenge = 6
const parent = createTestChain(bls, { validators: 5, seats: 4, credentialExpiry: 500 })
runEpoch(parent)
runEpoch(parent)
addBlock(parent, readSingle(parent.state, epochRecord).boundaryMs + 2_000)

const answer = livenessOf(parent, 4, challenge)
const end = signed(parent, keysOf(parent, 4), { endLiveness: { answeredMark: 0 } })

function blockOf(transactions: readonly DecodedTransaction[]): BlockBytes {
  const { header } = testBlock(parent, readSingle(parent.state, tip).timeMs + 1, transactions)
  const body = Body.encode({ transactions: transactions.map(({ bytes }) => bytes) })
  return { hash: new Uint8Array(32).fill(1), header, body, isTail: false }
}

interface Judging {
  readonly prover: Prover
  /** Epochs of the answers whose proof was asked about. */
  readonly asked: number[]
}

/** Every proof holds; the first `crashes` questions are not answered. */
function judging(crashes = 0): Judging {
  const asked: number[] = []
  const verify: Prover['verify'] = (_, { epoch }) => {
    asked.push(epoch)
    if (asked.length > crashes) return Promise.resolve(ok(undefined))
    return Promise.resolve({ ok: false, error: { code: 'PROVER_CRASHED', reason: 'memory' } })
  }
  return { prover: { ...noProver, verify }, asked }
}

/** A node that has executed the parent and judged nothing yet. */
async function nodeOf(
  prover: Prover,
  change: (desks: Desks) => void = () => undefined,
): Promise<{ readonly executor: Executor; readonly chain: Chain }> {
  const { genesis } = parent
  const chain = unwrap(await Chain.open({ genesis, store: openMemoryStore() }))
  const { header } = blockOf([])
  chain.noteExecuted({
    key: hex(header.parent) as HashHex,
    hash: header.parent,
    header,
    state: parent.state,
    isBoundary: false,
    isTail: false,
    receipts: [],
  })
  const desks = createDesks({ prover, bls }, () => undefined)
  change(desks)
  return { executor: new Executor({ ...desks, chain }), chain }
}

describe('ZK-4 a proof that earlier transactions of its block make due', () => {
  const isDone = { valid: true, isBoundary: false }

  it('LIVE-6 an answer behind the end of the credential before is judged by any node', async () => {
    const { prover, asked } = judging()
    const { executor, chain } = await nodeOf(prover)
    const block = blockOf([end, answer])
    expect(await executor.execute(block)).toEqual(isDone)
    expect(asked).toEqual([challenge])
    const after = chain.stateAfter(hex(block.hash) as HashHex)
    const holder = after && validatorOf(after, keysOf(parent, 4).account)
    expect(holder).toMatchObject({ answeredMark: challenge + 1, answeredProvenance: 5 })
  })

  it('is not due without them, whatever its verdict', async () => {
    const { prover } = judging()
    const { executor } = await nodeOf(prover)
    for (const transactions of [[answer], [answer, end]]) {
      const refused = { valid: false, code: 'BLOCK_TX_INVALID' }
      expect(await executor.execute(blockOf(transactions))).toEqual(refused)
    }
  })

  it('what was not asked on the parent state is judged on the state before it', async () => {
    const { prover, asked } = judging()
    const states: (number | undefined)[] = []
    const { executor } = await nodeOf(prover, ({ proofs }) => {
      // As for a proof whose question the parent's state does not have.
      proofs.verifyAll = () => Promise.resolve()
      const verify = proofs.verify.bind(proofs)
      proofs.verify = (state, transaction) => {
        states.push(validatorOf(state, transaction.transaction.sender)?.credentialExpiry)
        return verify(state, transaction)
      }
    })
    expect(await executor.execute(blockOf([end, answer]))).toEqual(isDone)
    expect(asked).toEqual([challenge])
    expect(states).toEqual([0])
  })

  it('is tried three times when its verifier crashes, and no more', async () => {
    for (const [crashes, result] of [
      [2, isDone],
      [100, { valid: false, code: 'BLOCK_PROOF_UNVERIFIED' }],
    ] as const) {
      const { prover } = judging(crashes)
      const { executor } = await nodeOf(prover)
      expect(await executor.execute(blockOf([end, answer]))).toEqual(result)
    }
  })
})

describe('ZK-4, NET-6 what a block full of false proofs costs', () => {
  it('is little, also where a proof before them got no verdict at first', async () => {
    const late = readyOf(parent, 0)
    const lateProof = late.transaction.ready?.proof ?? new Uint8Array()
    const falseOnes = Array.from({ length: 150 }, (_, index) =>
      readyOf(parent, 1, { proof: u32be(index) }),
    )
    let [asked, wasBusy] = [0, false]
    const verify: Prover['verify'] = (proof) => {
      asked += 1
      if (!equalBytes(proof, lateProof)) {
        return Promise.resolve({ ok: false, error: { code: 'PROOF_INVALID' } })
      }
      if (wasBusy) return Promise.resolve(ok(undefined))
      wasBusy = true
      return Promise.resolve({ ok: false, error: { code: 'PROVER_BUSY' } })
    }
    const { executor } = await nodeOf({ ...noProver, verify })
    const refused = { valid: false, code: 'BLOCK_TX_INVALID' }
    expect(await executor.execute(blockOf([late, ...falseOnes]))).toEqual(refused)
    expect(asked).toBe(65)
  })
})
