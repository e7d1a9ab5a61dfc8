/** An answer that this node's own verifier does not judge at once; bytes stand for its proofs. */
import { describe, expect, it } from 'vitest'
import { testSigner } from '../../../test/support/testSigner.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { guidedBreath } from '../../adapters/sensors/guidedBreath.ts'
import { heartModel } from '../../adapters/sensors/heartModel.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import { err, ok } from '../../core/base/result.ts'
import { nullifierKeyHash } from '../../core/emotion/commitments.ts'
import { fieldToBytes } from '../../core/emotion/field.ts'
import { genesisState } from '../../core/ledger/genesis/genesisState.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { addBlock, createTestChain } from '../../core/ledger/testChain.fixture.ts'
import { keysOf, runEpoch } from '../../core/ledger/testDuty.fixture.ts'
import { cutBreathWindow, type TimedBeat } from '../../core/liveness/cutBreathWindow.ts'
import { lastAnswerEpoch } from '../../core/liveness/schedule.ts'
import { MayAct } from '../mayAct.ts'
import type { Node } from '../node.ts'
import { restPulse } from '../person.fixture.ts'
import { noProver } from '../testNodes.fixture.ts'
import { LivenessDuty } from './livenessDuty.ts'
import { nullifierKeyOf } from './secrets.ts'

const own = 4
const proofSecret = new Uint8Array(32).fill(9)
const guideMs = 12_000

/** In epoch 2 the newest challenge is that of epoch 6. */
function challenged() {
  const options = { validators: 5, seats: 4, credentialExpiry: 0, grantedCredentialEpochs: 0 }
  const chain = createTestChain(bls, options)
  const nkHash = fieldToBytes(nullifierKeyHash(nullifierKeyOf(proofSecret)))
  Object.assign(chain.genesis.validators[own] ?? {}, { nkHash })
  chain.state = genesisState(chain.genesis)
  runEpoch(chain)
  runEpoch(chain)
  addBlock(chain, readSingle(chain.state, epochRecord).boundaryMs + 2_000)
  return chain
}

/** The fifth validator, whose node says that of what it sends, one word after the other. */
function person(answers: readonly string[], onSent: () => void = () => undefined) {
  const chain = challenged()
  const host = { sent: 0 }
  const node = {
    chain: {
      chainId: chain.genesis.chainId,
      store: openMemoryStore(),
      get tip() {
        return { state: chain.state }
      },
    },
    mayAct: new MayAct(testSigner(bls, keysOf(chain, own), { index: own, epochs: [] })),
    nowMs: () => readSingle(chain.state, epochRecord).startMs,
    submit: () => {
      onSent()
      const code = answers[host.sent]
      host.sent += 1
      return Promise.resolve(code === undefined ? ok(undefined) : err({ code }))
    },
  } as unknown as Node
  const duty = new LivenessDuty({
    node,
    identity: keysOf(chain, own).account,
    prover: { ...noProver, prove: () => Promise.resolve(ok(new Uint8Array(256))) },
    clock: { ...nodeClock, after: (_, run) => nodeClock.after(1, run) },
    proofSecret,
    pulse: () => restPulse,
    onChange: () => undefined,
  })
  return { chain, duty, host }
}

async function answer({ duty }: ReturnType<typeof person>): Promise<string> {
  const challenge = duty.describe()?.challenge
  const windows = (challenge?.asked ?? []).map(({ breathHalves }, seed) => {
    const next = heartModel({ seed, rsaMs: 80 }, guidedBreath(breathHalves, guideMs))
    const beats: TimedBeat[] = []
    for (let beat = next(); beat.timeMs < guideMs + 62_000; beat = next()) {
      const { timeMs, rrTicks } = beat
      beats.push({ atMs: Math.round(timeMs), rrTicks, isDoubtful: false })
    }
    return cutBreathWindow(beats, guideMs, 60)
  })
  const answered = await duty.answer(challenge?.epoch ?? -1, windows)
  return answered.ok ? 'ok' : answered.error.code
}

describe('LIVE-2: minutes of breathing are not lost for a verifier that is busy', () => {
  it('the answer is sent until somebody judged it', async () => {
    const breather = person(['LIVENESS_UNVERIFIED', 'MEMPOOL_FULL', 'LIVENESS_UNVERIFIED'])
    expect(await answer(breather)).toBe('ok')
    expect(breather.host.sent).toBe(4)
    expect(breather.duty.describe()?.challenge?.step).toBe('sent')
  })

  it('not when it was refused', async () => {
    const breather = person(['LIVENESS_INVALID'])
    expect(await answer(breather)).toBe('LIVENESS_INVALID')
    expect(breather.host.sent).toBe(1)
  })

  it('nor once it counts no more, or when the keys are locked', async () => {
    const busy = Array<string>(1000).fill('LIVENESS_UNVERIFIED')
    const late = person(busy, () => {
      const { startMs, epoch } = readSingle(late.chain.state, epochRecord)
      if (epoch > lastAnswerEpoch(6)) return
      for (const offsetMs of [14_000, 20_000, 28_000, 30_000]) {
        addBlock(late.chain, startMs + offsetMs)
      }
    })
    expect(await answer(late)).toBe('LIVENESS_UNVERIFIED')
    expect(late.host.sent).toBeLessThan(20)
    const locked = person(busy, () => locked.duty.stop())
    expect(await answer(locked)).toBe('LIVENESS_UNVERIFIED')
    expect(locked.host.sent).toBe(1)
  })
})
