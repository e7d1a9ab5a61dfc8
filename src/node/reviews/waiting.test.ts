import { describe, expect, it } from 'vitest'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import type { LedgerEnv } from '../../core/ledger/env.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testStartMs,
} from '../../core/ledger/testChain.fixture.ts'
import { keysOf, readyOf } from '../../core/ledger/testDuty.fixture.ts'
import { attestOf, falseReviewOf, reviewersOf } from '../../core/ledger/testReviews.fixture.ts'
import type { DecodedTransaction } from '../../core/ledger/transactionBytes.ts'
import type { HashHex } from '../../core/types/ids.ts'
import type { Prover } from '../../ports/prover.ts'
import { createDesks } from '../desks.ts'
import { Mempool, type MempoolError } from '../mempool.ts'
import { noProver } from '../testNodes.fixture.ts'
import { FalseReviews } from './falseReviews.ts'

/** No proof holds, but that of the READY on the chain. */
const verdicts: Partial<LedgerEnv['verdicts']> = { proofIsWrong: () => true }
const start = createTestChain(bls, { validators: 12, seats: 4 })
const chain = { ...start, env: { ...start.env, verdicts: { ...start.env.verdicts, ...verdicts } } }
addBlock(chain, testStartMs)
const maker = chain.keys.findIndex((_, index) => reviewersOf(chain, index).length > 1)
const ready = readyOf(chain, maker)
const broken = readyOf(chain, maker, { proof: Uint8Array.of(66) })
const another = readyOf(chain, maker, { proof: Uint8Array.of(67) })
addBlock(chain, testStartMs + 4_000, [ready])
const [reviewer = -1] = reviewersOf(chain, maker)

const verify: Prover['verify'] = () =>
  Promise.resolve({ ok: false, error: { code: 'PROOF_INVALID' } })

function pool(): Mempool {
  return new Mempool(createDesks({ prover: { ...noProver, verify }, bls }, () => undefined))
}

async function codeOf(mempool: Mempool, { bytes }: DecodedTransaction): Promise<string> {
  const added = await mempool.add(bytes, chain.state, testStartMs + 5_000)
  return added.ok ? 'ok' : added.error.code
}

function after(transaction: DecodedTransaction): typeof chain.state {
  const next = { ...chain }
  addBlock(next, testStartMs + 5_000, [transaction])
  return next.state
}

describe('NET-6: what waits of reviews and consent', () => {
  it('one attestation of a READY by each reviewer (ZK-4), until it is counted', async () => {
    const mempool = pool()
    const attest = attestOf(chain, reviewer, ready)
    expect(await codeOf(mempool, attest)).toBe('ok')
    expect(await codeOf(mempool, attest)).toBe('TX_KNOWN')
    mempool.settle(chain.state)
    expect(mempool.count).toBe(1)
    mempool.settle(after(attest))
    expect(mempool.count).toBe(0)
  })

  it('one accusation of a reviewer (E9), whatever its proof, until it is convicted', async () => {
    const mempool = pool()
    const evidence = falseReviewOf(chain, attestOf(chain, reviewer, broken), broken)
    expect(await codeOf(mempool, evidence)).toBe('ok')
    const other = falseReviewOf(chain, attestOf(chain, reviewer, another), another)
    expect(await codeOf(mempool, other)).toBe('TX_KNOWN')
    mempool.settle(chain.state)
    expect(mempool.count).toBe(1)
    mempool.settle(after(evidence))
    expect(mempool.count).toBe(0)
  })

  it('one change of a consent (ZK-3), until it is made', async () => {
    const mempool = pool()
    const revoked = signed(chain, keysOf(chain, 3), { consent: { version: 0, grantMark: 0 } })
    expect(await codeOf(mempool, revoked)).toBe('ok')
    expect(await codeOf(mempool, revoked)).toBe('TX_KNOWN')
    const state = after(revoked)
    mempool.settle(state)
    expect(mempool.count).toBe(0)
    const granted = signed(chain, keysOf(chain, 3), { consent: { version: 1, grantMark: 0 } })
    const added = await mempool.add(granted.bytes, state, testStartMs + 6_000)
    expect(added.ok).toBe(true)
    mempool.settle(chain.state)
    expect(mempool.count).toBe(0)
  })
})

describe('EVID-1: a node that holds a false review files it (E9)', () => {
  const { attest } = attestOf(chain, reviewer, broken).transaction
  const name = Buffer.from(attest?.proofKey ?? []).toString('hex') as HashHex
  const falseProof = { code: 'READY_PROOF_INVALID', proofKey: name } as const
  const stray = { code: 'ATTEST_PROOF' } as const
  const review = attestOf(chain, reviewer, broken)
  const expected = falseReviewOf(chain, review, broken).transaction.evidence

  it.each([
    ['the proof', true],
    ['the review', false],
  ])('when %s comes first', async (_, isProofFirst) => {
    const desk = new FalseReviews(chain.genesis.chainId)
    const first = isProofFirst ? [broken.bytes, falseProof] : [review.bytes, stray]
    const second = isProofFirst ? [review.bytes, stray] : [broken.bytes, falseProof]
    expect(desk.refused(...(first as [Uint8Array, MempoolError]), chain.state)).toEqual([])
    const filed = desk.refused(...(second as [Uint8Array, MempoolError]), chain.state)
    expect(filed).toHaveLength(1)
    const [bytes = new Uint8Array(0)] = filed
    const added = await pool().add(bytes, chain.state, testStartMs + 5_000)
    expect(added.ok && added.value.transaction.evidence).toEqual(expected)
  })

  it('and accuses nobody of another proof, nor for anything else that was refused', () => {
    const desk = new FalseReviews(chain.genesis.chainId)
    expect(desk.refused(broken.bytes, falseProof, chain.state)).toEqual([])
    const honest = attestOf(chain, reviewer, ready)
    expect(desk.refused(honest.bytes, stray, chain.state)).toEqual([])
    expect(desk.refused(review.bytes, { code: 'TX_SIGNATURE' }, chain.state)).toEqual([])
    expect(desk.refused(ready.bytes, falseProof, chain.state)).toEqual([])
    expect(desk.refused(Uint8Array.of(1), falseProof, chain.state)).toEqual([])
    expect(desk.refused(Uint8Array.of(1), stray, chain.state)).toEqual([])
  })

  it('keeps a few of each: old ones are forgotten', () => {
    const desk = new FalseReviews(chain.genesis.chainId)
    desk.refused(review.bytes, stray, chain.state)
    for (let count = 0; count < 256; count += 1) {
      const proof = new Uint8Array(32).fill(count)
      const other = attestOf(chain, reviewer, broken, { proofKey: proof })
      desk.refused(other.bytes, stray, chain.state)
    }
    expect(desk.refused(broken.bytes, falseProof, chain.state)).toEqual([])
  })
})
