/** What a validator does meanwhile, whose own verifier has not judged its READY yet. */
import { describe, expect, it } from 'vitest'
import { testSigner } from '../../../test/support/testSigner.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { err, ok } from '../../core/base/result.ts'
import { commitBaseline, nullifierKeyHash } from '../../core/emotion/commitments.ts'
import { fieldToBytes } from '../../core/emotion/field.ts'
import { genesisState } from '../../core/ledger/genesis/genesisState.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { addBlock, createTestChain, testStartMs } from '../../core/ledger/testChain.fixture.ts'
import { keysOf } from '../../core/ledger/testDuty.fixture.ts'
import { decodeTransaction } from '../../core/ledger/transactionBytes.ts'
import { phasesOf } from '../../core/params.ts'
import { MayAct } from '../mayAct.ts'
import type { Node } from '../node.ts'
import { NodeEvents } from '../nodeEvents.ts'
import { restBaseline, restPulse } from '../person.fixture.ts'
import { noProver } from '../testNodes.fixture.ts'
import { DutyCycle } from './duty.ts'
import { proofOffsetMs } from './provingTime.ts'
import { enrolmentSecrets } from './secrets.ts'

const epochMs = 30_000
const { readyUntilMs } = phasesOf({ epochMs })
const proofSecret = new Uint8Array(32).fill(9)
const chain = createTestChain(bls, { validators: 12, seats: 4, params: { epochMs } })
const accounts = chain.keys.map(({ account }) => account)
/** One whose own time for a proof is while READY is open. */
const own = accounts.findIndex((account) => proofOffsetMs(account, 0, epochMs) < readyUntilMs / 2)
const { nullifierKey, baselineSalt } = enrolmentSecrets(proofSecret, restBaseline)
Object.assign(chain.genesis.validators[own] ?? {}, {
  nkHash: fieldToBytes(nullifierKeyHash(nullifierKey)),
  baselineCommitment: fieldToBytes(commitBaseline(restBaseline, baselineSalt)),
})
chain.state = genesisState(chain.genesis)
addBlock(chain, testStartMs)
const { startMs } = readSingle(chain.state, epochRecord)

/** The duty cycle of that validator, late in the time for READY, and what it proved and sent. */
function cycleOf(answers: readonly string[]) {
  const events = new NodeEvents()
  const [proven, sent]: [number[], number[]] = [[], []]
  const submit = (bytes: Uint8Array) => {
    const decoded = decodeTransaction(bytes, 4_096)
    const ready = decoded.ok ? decoded.value.transaction.ready : undefined
    if (ready === undefined) return Promise.resolve(ok(undefined))
    const code = answers[sent.length]
    sent.push(ready.epoch)
    return Promise.resolve(code === undefined ? ok(undefined) : err({ code }))
  }
  const node = {
    chain: {
      chainId: chain.genesis.chainId,
      epoch: 0,
      store: openMemoryStore(),
      tip: { state: chain.state },
    },
    events,
    isSyncing: false,
    mayAct: new MayAct(testSigner(bls, keysOf(chain, own), { index: own, epochs: [] })),
    nowMs: () => startMs + readyUntilMs - 1_000,
    peers: { isClockOff: false },
    running: undefined,
    submit,
    transport: { self: 'peer', addresses: () => [], peers: () => [] },
  } as unknown as Node
  const duty = new DutyCycle({
    node,
    identity: keysOf(chain, own).account,
    prover: {
      ...noProver,
      prove: (statement) => {
        proven.push(statement.publicInputs.epoch)
        return Promise.resolve(ok(new Uint8Array(256)))
      },
    },
    clock: nodeClock,
    proofSecret,
    pulse: () => restPulse,
    baseline: () => restBaseline,
    scoreMode: () => 'threshold',
    onChange: () => undefined,
  })
  return { proven, sent, look: () => duty.standReady() }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50))

describe('FIT-3, ZK-5: a READY that the own verifier has not judged yet', () => {
  it('is sent again, and nothing is proven that would not follow it', async () => {
    const codes = ['READY_PROOF_UNVERIFIED', 'MEMPOOL_FULL', 'READY_PROOF_UNVERIFIED']
    const { proven, sent, look } = cycleOf(codes)
    for (const blocks of [1, 2, 3, 4, 5]) {
      look()
      await settled()
      expect([blocks, ...sent]).toEqual([blocks, ...[1, 1, 1, 1].slice(0, blocks)])
    }
    // What follows the one that was sent has to wait for a block with it.
    expect(proven).toEqual([1])
  })
})
