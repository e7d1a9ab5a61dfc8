/** Answers of challenges while they wait for a block (LIVE-2, NET-6). */
import { describe, expect, it } from 'vitest'
import { testSigner } from '../../test/support/testSigner.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import type { Liveness } from '../core/codec/chain.ts'
import { readSingle } from '../core/ledger/state.ts'
import { epochRecord, tip } from '../core/ledger/tables.ts'
import { addBlock, createTestChain, type TestChain } from '../core/ledger/testChain.fixture.ts'
import { keysOf, livenessOf, runEpoch } from '../core/ledger/testDuty.fixture.ts'
import { lastAnswerEpoch } from '../core/liveness/schedule.ts'
import type { Prover } from '../ports/prover.ts'
import { createDesks } from './desks.ts'
import { answerBytes } from './duty/livenessAnswer.ts'
import { MayAct } from './mayAct.ts'
import { Mempool } from './mempool.ts'
import { noProver } from './testNodes.fixture.ts'

const pristine = createTestChain(bls, {
  validators: 5,
  seats: 4,
  credentialExpiry: 0,
  grantedCredentialEpochs: 0,
})
runEpoch(pristine)
runEpoch(pristine)
addBlock(pristine, readSingle(pristine.state, epochRecord).boundaryMs + 2_000)
/** In epoch 2 the newest challenge. */
const challenge = 6
const last = lastAnswerEpoch(challenge)

const epochOf = ({ state }: TestChain): number => readSingle(state, epochRecord).epoch

function nextEpoch(chain: TestChain): void {
  const { startMs } = readSingle(chain.state, epochRecord)
  for (const offsetMs of [14_000, 20_000, 28_000, 30_000]) addBlock(chain, startMs + offsetMs)
}

const verify: Prover['verify'] = () => Promise.resolve({ ok: true, value: undefined })

function pool(): Mempool {
  return new Mempool(createDesks({ prover: { ...noProver, verify }, bls }, () => undefined))
}

async function add(mempool: Mempool, bytes: Uint8Array, { state }: TestChain): Promise<unknown> {
  const added = await mempool.add(bytes, state, readSingle(state, tip).timeMs + 1)
  return added.ok || added.error.code
}

/** As a node of the fifth validator sends it. */
function answerIn(chain: TestChain, liveness: Liveness): Uint8Array {
  const keys = keysOf(chain, 4)
  const { signer } = new MayAct(testSigner(bls, keys, { index: 4, epochs: [0] }))
  if (signer === undefined) throw new Error('its keys are unlocked')
  return answerBytes({ chainId: chain.genesis.chainId, state: chain.state, signer }, liveness)
}

describe('LIVE-2 an answer waits for a block', () => {
  it('also in the epochs behind its challenge, until none of them is left', async () => {
    const chain = { ...pristine }
    while (epochOf(chain) < last) nextEpoch(chain)
    const mempool = pool()
    expect(await add(mempool, livenessOf(chain, 4, challenge).bytes, chain)).toBe(true)
    mempool.settle(chain.state)
    expect(mempool.count).toBe(1)
    nextEpoch(chain)
    mempool.settle(chain.state)
    expect(mempool.count).toBe(0)
  })

  it('a node that sends it early need not send it again', async () => {
    const chain = { ...pristine }
    const mempool = pool()
    const { liveness } = livenessOf(chain, 4, challenge).transaction
    if (liveness === undefined) throw new Error('it answers')
    const bytes = answerIn(chain, liveness)
    expect(await add(mempool, bytes, chain)).toBe(true)
    while (epochOf(chain) < last) {
      nextEpoch(chain)
      mempool.settle(chain.state)
    }
    expect(mempool.count).toBe(1)
    addBlock(chain, readSingle(chain.state, tip).timeMs + 1, mempool.candidates())
    mempool.settle(chain.state)
    expect(mempool.count).toBe(0)
  })
})
