import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { commitLevel } from '../../core/emotion/commitments.ts'
import { bytesToInteger, fieldToBytes } from '../../core/emotion/field.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import {
  addBlock,
  createTestChain,
  testStartMs,
  type TestChain,
} from '../../core/ledger/testChain.fixture.ts'
import { keysOf, readyOf, runEpoch } from '../../core/ledger/testDuty.fixture.ts'
import { isReadyDecided, opensState, OwnLevels, stateBeforeOf } from './ownLevels.ts'

const own = 1
const nullifierKey = 123_456_789n
const everybody = [0, 1, 2, 3]

function fresh(): { readonly chain: TestChain; readonly identity: Uint8Array } {
  const chain = createTestChain(blsBlst, { validators: 4, seats: 4 })
  return { chain, identity: keysOf(chain, own).account }
}

describe('FIT-3 the level behind the own state', () => {
  const { chain } = fresh()
  const chainId = circuitChainId(chain.state)
  const commitment = (levelBp: number, key = nullifierKey): Uint8Array =>
    fieldToBytes(commitLevel({ chainId, nullifierKey: key, epoch: 6, levelBp }))

  it('is known of a proof of this device, and found by trying of one of another', async () => {
    const levels = new OwnLevels(nodeClock)
    levels.note(commitment(9000), 9000)
    for (const levelBp of [9000, 9950]) {
      const before = { epoch: 6, commitment: commitment(levelBp) }
      const found = await levels.levelOf(chain.state, nullifierKey, before)
      expect(found).toEqual({ epoch: 6, levelBp })
    }
  })

  it('is none of another key', async () => {
    const before = { epoch: 6, commitment: commitment(9950, 5n) }
    expect(
      await new OwnLevels(nodeClock).levelOf(chain.state, nullifierKey, before),
    ).toBeUndefined()
  }, 120_000)
})

describe('FIT-3 what the next proof opens', () => {
  it('is what the READY on the chain leaves, and else what was there before', () => {
    const { chain, identity } = fresh()
    addBlock(chain, testStartMs)
    const first = readyOf(chain, own)
    expect(stateBeforeOf(chain.state, identity, 2)).toBeUndefined()
    expect(isReadyDecided(chain.state, identity)).toBe(false)
    addBlock(chain, testStartMs + 4_000, [first])
    expect(isReadyDecided(chain.state, identity)).toBe(true)
    const { stateAfter } = first.transaction.ready ?? {}
    expect(stateBeforeOf(chain.state, identity, 2)).toEqual({ epoch: 1, commitment: stateAfter })
    // Of the READY itself it still is what was there before.
    expect(stateBeforeOf(chain.state, identity, 1)).toBeUndefined()
  })

  it('is decided when READY counts no more, though it is in no block', () => {
    const { chain, identity } = fresh()
    addBlock(chain, testStartMs)
    addBlock(chain, testStartMs + 8_000)
    expect(isReadyDecided(chain.state, identity)).toBe(false)
    addBlock(chain, testStartMs + 8_001)
    expect(isReadyDecided(chain.state, identity)).toBe(true)
  })

  it('is proven again when the chain asks for another one', () => {
    const { chain, identity } = fresh()
    runEpoch(chain, { ready: everybody })
    const epoch = readSingle(chain.state, epochRecord).epoch + 1
    const { commitment } = stateBeforeOf(chain.state, identity, epoch) ?? {}
    const stateBefore = bytesToInteger(commitment ?? new Uint8Array(0))
    expect(opensState({ epoch, stateBefore }, chain.state, identity)).toBe(true)
    expect(opensState({ epoch, stateBefore: 0n }, chain.state, identity)).toBe(false)
    expect(opensState({ epoch, stateBefore: 5n }, chain.state, identity)).toBe(false)
    expect(opensState({ epoch: epoch + 94, stateBefore }, chain.state, identity)).toBe(false)
    expect(opensState({ epoch: epoch + 94, stateBefore: 0n }, chain.state, identity)).toBe(true)
  })
})
