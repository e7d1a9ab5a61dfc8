/** The state that a proof leaves for the next one (FIT-3). */
import { beforeEach, describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { missedEpochsMax } from '../emotion/continuity.ts'
import { bytesToInteger, fieldToBytes } from '../emotion/field.ts'
import { checkTransaction } from './checkTransaction.ts'
import { fitnessStateOf, stateMarkOf } from './fitnessState.ts'
import { proofKeyOf, readyStatement } from './readyStatement.ts'
import { list, read, readSingle, write } from './state.ts'
import { epochRecord, fitnessStates, readyEntries } from './tables.ts'
import { addBlock, createTestChain, testStartMs, type TestChain } from './testChain.fixture.ts'
import { keysOf, readyOf, runEpoch } from './testDuty.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'

const served = [0, 1, 2, 3]
const own = 2
let chain: TestChain

beforeEach(() => {
  chain = createTestChain(blsBlst, { validators: 4, seats: 4 })
})

const account = (): Uint8Array => keysOf(chain, own).account
const epochNow = (): number => readSingle(chain.state, epochRecord).epoch
const stateAfter = (transaction: DecodedTransaction): Uint8Array =>
  transaction.transaction.ready?.stateAfter ?? new Uint8Array(0)
const statementOf = ({ transaction }: DecodedTransaction): ReturnType<typeof readyStatement> => {
  const { ready, sender } = transaction
  if (ready === undefined) throw new Error('no READY')
  return readyStatement(chain.state, sender, ready)
}

describe('FIT-3 states on the chain', () => {
  it('of nobody are there before the first READY, and are left when its epoch turns', () => {
    expect(list(chain.state, fitnessStates)).toEqual([])
    addBlock(chain, testStartMs)
    const ready = readyOf(chain, own)
    const before = statementOf(ready)
    expect(before).toMatchObject({ ok: true, value: { stateBefore: 0n, missedEpochs: 0 } })
    addBlock(chain, testStartMs + 4_000, [ready])
    expect(read(chain.state, readyEntries, account())?.stateAfter).toEqual(stateAfter(ready))
    expect(read(chain.state, fitnessStates, account())).toBeUndefined()
    // Who reviews it reads the same as who executed it.
    expect(statementOf(ready)).toEqual(before)
  })

  it('are what the next READY opens', () => {
    const ready = readyOf(chain, own)
    runEpoch(chain, { ready: served })
    expect(read(chain.state, fitnessStates, account())).toEqual({
      validator: account(),
      epoch: 1,
      commitment: stateAfter(ready),
    })
    expect(epochNow()).toBe(1)
    expect(stateMarkOf(chain.state, account(), 2)).toBe(2)
    const next = statementOf(readyOf(chain, own))
    const stateBefore = bytesToInteger(stateAfter(ready))
    expect(next).toMatchObject({ ok: true, value: { stateBefore, missedEpochs: 0 } })
  })

  it('stay as they are while a READY is in no block, and count the epochs', () => {
    runEpoch(chain, { ready: served })
    const left = read(chain.state, fitnessStates, account())
    const others = served.filter((index) => index !== own)
    for (const missedEpochs of [1, 2]) {
      runEpoch(chain, { ready: others })
      expect(read(chain.state, fitnessStates, account())).toEqual(left)
      const next = statementOf(readyOf(chain, own))
      expect(next).toMatchObject({ ok: true, value: { missedEpochs } })
    }
    runEpoch(chain, { ready: served })
    expect(read(chain.state, fitnessStates, account())?.epoch).toBe(4)
  })

  it('say nothing any more when they are too old', () => {
    const at = (epoch: number): ReturnType<typeof fitnessStateOf> => {
      const commitment = fieldToBytes(5n)
      const entry = { validator: account(), epoch: 7, commitment }
      return fitnessStateOf(write(chain.state, fitnessStates, account(), entry), account(), epoch)
    }
    expect(at(8)).toMatchObject({ missedEpochs: 0 })
    expect(at(8 + missedEpochsMax)).toMatchObject({ missedEpochs: missedEpochsMax })
    expect(at(9 + missedEpochsMax)).toBeUndefined()
    expect(at(7)).toBeUndefined()
  })

  it('refuse a proof that opens another one, with the one to open', () => {
    runEpoch(chain, { ready: served })
    addBlock(chain, readSingle(chain.state, epochRecord).boundaryMs + 2_000)
    const timeMs = readSingle(chain.state, epochRecord).startMs + 1_000
    const check = (stateMark: number): unknown => {
      const result = checkTransaction(
        chain.state,
        readyOf(chain, own, { stateMark }),
        timeMs,
        chain.env,
      )
      return result.ok ? 'ok' : result.error
    }
    expect(check(2)).toBe('ok')
    expect(check(0)).toEqual({ code: 'READY_STATE', stateMark: 2 })
    expect(check(1)).toEqual({ code: 'READY_STATE', stateMark: 2 })
  })

  it('and claims are part of what a proof is named by (ZK-4)', () => {
    const nameOf = (change: Parameters<typeof readyOf>[2]): string => {
      const statement = statementOf(readyOf(chain, own, change))
      return statement.ok ? proofKeyOf(new Uint8Array(256), statement.value) : statement.error.code
    }
    const names = [
      {},
      { stateAfter: fieldToBytes(6n) },
      { scoreMode: 1 },
      { scoreMode: 1, scoreThreshold: 8_000 },
    ].map(nameOf)
    expect(new Set(names).size).toBe(names.length)
  })
})
