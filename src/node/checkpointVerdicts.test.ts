import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst } from '../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../adapters/node/clock.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord } from '../core/ledger/tables.ts'
import {
  addBlock,
  createTestChain,
  testBlock,
  testStartMs,
  tryBlock,
  type TestChain,
} from '../core/ledger/testChain.fixture.ts'
import { certificateOf, closeEpoch, leaseOf } from '../core/ledger/testCheckpoints.fixture.ts'
import type { DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import { CheckpointVerdicts } from './checkpointVerdicts.ts'
import { isJudged, keyOf } from './mempoolKey.ts'

/** More than are verified where they are asked for. */
const voters = 40
const indices = Array.from({ length: voters }, (_, index) => index)

let chain: TestChain
let certificate: DecodedTransaction

const startNext = (): void => {
  addBlock(chain, readSingle(chain.state, epochRecord).boundaryMs + 2_000)
}

beforeAll(() => {
  const params = { checkpointEpochs: 1 }
  chain = createTestChain(blsBlst, { validators: voters, seats: 4, params })
  addBlock(
    chain,
    testStartMs,
    indices.map((index) => leaseOf(chain, index)),
  )
  closeEpoch(chain)
  startNext()
  closeEpoch(chain)
  startNext()
  certificate = certificateOf(chain, indices.slice(0, 34))
}, 240_000)

/** The same chain with a backend that counts, and nothing known yet. */
function counted(): { readonly verdicts: CheckpointVerdicts; readonly env: TestChain['env'] } & {
  readonly asked: () => { readonly keys: number; readonly sums: number }
} {
  let [keys, sums] = [0, 0]
  const bls: BlsBackend = {
    ...blsBlst,
    isPublicKeyValid: (key) => {
      keys += 1
      return blsBlst.isPublicKeyValid(key)
    },
    fastAggregateVerify: (...question) => {
      sums += 1
      return blsBlst.fastAggregateVerify(...question)
    },
  }
  const verdicts = new CheckpointVerdicts(bls, nodeClock)
  const verifier = { ...chain.env.verifier, checkpointSigned: verdicts.signed }
  return { verdicts, env: { ...chain.env, verifier }, asked: () => ({ keys, sums }) }
}

function codeOf(env: TestChain['env'], transaction: DecodedTransaction): string | undefined {
  const timeMs = readSingle(chain.state, epochRecord).startMs + 5_000
  const applied = tryBlock({ ...chain, env }, testBlock(chain, timeMs, [transaction]))
  return applied.ok ? undefined : applied.error.code
}

/** The certificate with another signature or other voters. */
function changed(change: Partial<{ voters: Uint8Array; signature: Uint8Array }>) {
  const checkpoint = { ...certificate.transaction.checkpoint!, ...change }
  return { ...certificate, transaction: { ...certificate.transaction, checkpoint } }
}

describe('CKPT-1 a checkpoint of many voters in a block', () => {
  it('has no verdict until it was verified outside, once, and then costs nothing', async () => {
    const { verdicts, env, asked } = counted()
    expect(codeOf(env, certificate)).toBe('BLOCK_PROOF_UNVERIFIED')
    expect(asked()).toEqual({ keys: 0, sums: 0 })
    const payload = certificate.transaction.checkpoint!
    await Promise.all([1, 2].map(() => verdicts.verify(chain.state, payload)))
    expect(codeOf(env, certificate)).toBeUndefined()
    expect(codeOf(env, certificate)).toBeUndefined()
    await verdicts.verify(chain.state, payload)
    expect(asked()).toEqual({ keys: 34, sums: 1 })
  })

  it('a verdict is of these bytes alone', async () => {
    const { verdicts, env } = counted()
    await verdicts.verify(chain.state, certificate.transaction.checkpoint!)
    const other = certificateOf(chain, indices.slice(1, 35)).transaction.checkpoint!
    const mixed = changed({ signature: other.signature })
    expect(codeOf(env, mixed)).toBe('BLOCK_PROOF_UNVERIFIED')
    expect(codeOf(env, changed({ voters: other.voters }))).toBe('BLOCK_PROOF_UNVERIFIED')
    await verdicts.verify(chain.state, mixed.transaction.checkpoint)
    expect(codeOf(env, mixed)).toBe('BLOCK_TX_INVALID')
    expect(codeOf(env, certificate)).toBeUndefined()
  })

  it('few voters, or another number, are never verified', async () => {
    const { verdicts, env, asked } = counted()
    const few = certificateOf(chain, indices.slice(0, 20))
    const late = changed({})
    late.transaction.checkpoint.number += 1
    for (const wrong of [few, late]) {
      await verdicts.verify(chain.state, wrong.transaction.checkpoint!)
      expect(codeOf(env, wrong)).toBe('BLOCK_TX_INVALID')
    }
    expect(asked()).toEqual({ keys: 0, sums: 0 })
  })
})

describe('NET-6 what waits about checkpoints', () => {
  it('is one certificate a number, whoever is in it, and goes when it has formed', () => {
    const other = certificateOf(chain, indices.slice(1, 35))
    expect(keyOf(other)).toBe(keyOf(certificate))
    const registered = leaseOf(chain, 0)
    expect(isJudged(chain.state, registered)).toBe(true)
    expect(isJudged(chain.state, leaseOf(chain, 0, 1))).toBe(false)
    expect(isJudged(chain.state, certificate)).toBe(false)
    const timeMs = readSingle(chain.state, epochRecord).startMs + 5_000
    const applied = tryBlock(chain, testBlock(chain, timeMs, [certificate]))
    expect(applied.ok && isJudged(applied.value.state, other)).toBe(true)
  })
})
