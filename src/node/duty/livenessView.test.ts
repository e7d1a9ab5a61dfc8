import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import type { Validator } from '../../core/codec/state.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { addBlock, createTestChain } from '../../core/ledger/testChain.fixture.ts'
import { keysOf, runEpoch } from '../../core/ledger/testDuty.fixture.ts'
import { validatorOf } from '../../core/ledger/validators.ts'
import { codebook60 } from '../../core/liveness/codebook.ts'
import type { LivenessSummary } from '../api.ts'
import { livenessSummary, type LivenessProgress } from './livenessView.ts'

/** In epoch 2, which begins at `startMs`: beacon(6) is known. */
const chain = createTestChain(blsBlst, { validators: 4, seats: 4, credentialExpiry: 0 })
runEpoch(chain)
runEpoch(chain)
const startMs = readSingle(chain.state, epochRecord).boundaryMs + 2_000
addBlock(chain, startMs)
const epochMs = 30_000

function summaryOf(
  change: Partial<Validator> = {},
  sinceMs = 0,
  progress?: LivenessProgress,
): LivenessSummary {
  const validator = validatorOf(chain.state, keysOf(chain, 1).account)
  if (validator === undefined) throw new Error('a validator')
  const own = { nowMs: startMs + sinceMs, progress, contactLostSinceMs: undefined }
  return livenessSummary(chain.state, { ...validator, ...change }, own)
}

describe('LIVE-6 what a validator sees of its credential', () => {
  it('none, and the challenge that beacon(6) asks until the boundary of epoch 10', () => {
    const { challenge, ...rest } = summaryOf()
    expect(rest).toMatchObject({ credential: 'none', expiryEpoch: undefined })
    const endsAtMs = startMs + 8 * epochMs + 28_000
    expect(challenge).toMatchObject({ epoch: 6, endsAtMs, step: 'open' })
    // The guide's lead, the window, its last beats and the proof.
    expect(endsAtMs - (challenge?.lastStartMs ?? 0)).toBe(12_000 + 60_000 + 20_000)
    expect(challenge?.asked).toHaveLength(3)
    for (const { codeword, breathHalves } of challenge?.asked ?? []) {
      expect(breathHalves).toEqual(codebook60.codewords[codeword])
    }
  })

  it('the answer that is under way, and after it nothing until the last quarter', () => {
    const progress = { epoch: 6, step: 'proving' } as const
    expect(summaryOf({}, 0, progress).challenge?.step).toBe('proving')
    const renewed = { credentialExpiry: 126, answeredMark: 7, answeredProvenance: 1 }
    expect(summaryOf(renewed)).toMatchObject({
      credential: 'answered',
      expiryEpoch: 126,
      expiresAtMs: startMs + 125 * epochMs,
      challenge: undefined,
      // Of the epochs 97 to 119, as soon as their beacons are known.
      nextFromMs: startMs + (97 - 4 - 2) * epochMs,
      nextUntilMs: startMs + (119 - 4 - 2) * epochMs,
    })
  })

  it('one that a genesis granted is called so', () => {
    expect(summaryOf({ credentialExpiry: 500 })).toMatchObject({ credential: 'granted' })
    expect(summaryOf({ credentialExpiry: 1 }).credential).toBe('none')
  })

  it('who gave its credential up waits for the turn behind the answered one', () => {
    const ended = summaryOf({ credentialExpiry: 0, answeredMark: 7 })
    expect(ended.challenge).toBeUndefined()
    expect(ended.nextFromMs).toBe(startMs + (15 - 4 - 2) * epochMs)
    expect(ended.nextUntilMs).toBe(ended.nextFromMs)
  })

  it('LIVE-2 who registered later waits for a beacon that was dealt after it', () => {
    const young = summaryOf({ registeredEpoch: 2 })
    expect(young.challenge).toBeUndefined()
    expect(young.nextFromMs).toBe(startMs + (8 - 4 - 2) * epochMs)
  })
})
