import { beforeAll, describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex } from '../base/bytes.ts'
import type { OperatorLabel } from '../codec/chain.ts'
import { ed25519PublicKey, ed25519Sign } from '../crypto/ed25519.ts'
import { microPerEmo } from '../params.ts'
import { checkTransaction } from './checkTransaction.ts'
import { read, readSingle } from './state.ts'
import { committees, draw, epochRecord } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testKeys,
  testStartMs,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf, readyOf, runEpoch } from './testDuty.fixture.ts'
import { operatorMessage } from './transactions/operatorLabel.ts'
import { validatorOf } from './validators.ts'

const none = new Uint8Array(0)
const balanceMicro = 100n * microPerEmo
const pristine = createTestChain(blsBlst, { validators: 8, seats: 4, balanceMicro })
addBlock(pristine, testStartMs)
const fresh = (): TestChain => ({ ...pristine })

/** Of an operator with that test key, for a validator of the chain. */
function labelOf(
  index: number,
  { operator = 700, chainId = 'emo-test' }: { operator?: number; chainId?: string } = {},
): OperatorLabel {
  const { seed } = testKeys(blsBlst, operator)
  const message = operatorMessage(chainId, keysOf(pristine, index).account)
  return { key: ed25519PublicKey(seed), signature: ed25519Sign(seed, message) }
}

function outcome(chain: TestChain, index: number, operatorLabel: OperatorLabel): string {
  const transaction = signed(chain, keysOf(chain, index), { operatorLabel })
  const checked = checkTransaction(chain.state, transaction, testStartMs + 1_000, chain.env)
  if (checked.ok) return 'ok'
  return 'field' in checked.error ? checked.error.field : checked.error.code
}

const operatorOf = (chain: TestChain, index: number): string =>
  hex(validatorOf(chain.state, keysOf(chain, index).account)?.operator ?? none)

describe('TX-4 the label of an operator', () => {
  const good = labelOf(0)
  const forged = { ...good, signature: good.signature.with(9, (good.signature[9] ?? 0) ^ 1) }

  it.each<[string, OperatorLabel, string]>([
    ['countersigned', good, 'ok'],
    ['taken off', { key: none, signature: none }, 'ok'],
    ['not countersigned', { ...good, signature: none }, 'OPERATOR_SIGNATURE'],
    ['with a changed signature', forged, 'OPERATOR_SIGNATURE'],
    [
      'with half a signature',
      { ...good, signature: good.signature.slice(32) },
      'OPERATOR_SIGNATURE',
    ],
    ['of another key', { ...good, key: labelOf(0, { operator: 701 }).key }, 'OPERATOR_SIGNATURE'],
    ['for another validator', labelOf(1), 'OPERATOR_SIGNATURE'],
    ['for another chain', labelOf(0, { chainId: 'emo-else' }), 'OPERATOR_SIGNATURE'],
    ['without a key', { ...good, key: none }, 'key'],
    ['with a short key', { ...good, key: good.key.slice(1) }, 'key'],
  ])('%s', (_name, label, expected) => {
    expect(outcome(fresh(), 0, label)).toBe(expected)
  })

  it('is of registered validators alone', () => {
    const stranger = testKeys(blsBlst, 950)
    const chain = fresh()
    const recipient = stranger.account
    const transfer = { recipient, amountMicro: microPerEmo }
    addBlock(chain, testStartMs + 100, [signed(chain, keysOf(chain, 0), { transfer })])
    const transaction = signed(chain, stranger, { operatorLabel: labelOf(0) })
    const checked = checkTransaction(chain.state, transaction, testStartMs + 1_000, chain.env)
    expect(checked).toMatchObject({ error: { code: 'TX_NOT_VALIDATOR' } })
  })

  it('is nobody’s until it is set, is replaced by another, and comes off', () => {
    const chain = fresh()
    expect(operatorOf(chain, 0)).toBe('')
    const other = labelOf(0, { operator: 702 })
    const steps = [good, other, { key: none, signature: none }]
    for (const [index, operatorLabel] of steps.entries()) {
      const transaction = signed(chain, keysOf(chain, 0), { operatorLabel })
      addBlock(chain, testStartMs + 100 * (index + 1), [transaction])
      expect(operatorOf(chain, 0)).toBe(hex(operatorLabel.key))
    }
  })
})

describe('COM-3 the draw of a chain', () => {
  const chain = fresh()
  const own = [0, 1, 2, 3, 4]
  beforeAll(() => {
    addBlock(
      chain,
      testStartMs + 100,
      own.map((index) => signed(chain, keysOf(chain, index), { operatorLabel: labelOf(index) })),
    )
    addBlock(chain, testStartMs + 14_000)
    addBlock(chain, testStartMs + 20_000)
    addBlock(chain, testStartMs + 28_000)
    runEpoch(chain, { ready: [0, 1, 2, 3, 4, 5, 6, 7] })
  })

  it('seats at most three of one operator, whoever else is there', () => {
    const committee = read(chain.state, committees, 2)
    const labelled = new Set(own.map((index) => hex(keysOf(chain, index).account)))
    const seats = committee?.seats.map(({ validator }) => hex(validator)) ?? []
    expect(seats.length).toBe(6)
    expect(seats.filter((seat) => labelled.has(seat)).length).toBe(3)
  })

  it('keeps the others of it behind all backups, for the bound of COM-5', () => {
    const next = { ...chain }
    const startMs = readSingle(next.state, epochRecord).boundaryMs + 2_000
    addBlock(next, startMs)
    const readies = [0, 1, 2, 3, 4, 5].map((index) => readyOf(next, index))
    addBlock(next, startMs + 4_000, readies)
    addBlock(next, startMs + 10_000)
    const drawn = readSingle(next.state, draw).seats
    expect(drawn.map(({ overLimit }) => overLimit)).toEqual([
      ...[false, false, false, false],
      ...[true, true],
    ])
  })
})
