import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex } from '../base/bytes.ts'
import type { Header } from '../codec/chain.ts'
import { Account } from '../codec/state.ts'
import { smtVerify } from '../crypto/smtProof.ts'
import { microPerEmo, protocol } from '../params.ts'
import { accountOf } from './accounts.ts'
import { transactionsRootOf } from './applyBlock.ts'
import { checkTransaction } from './checkTransaction.ts'
import { selectTransactions } from './selectTransactions.ts'
import {
  changesBetween,
  keyOf,
  proveLeaf,
  readSingle,
  stateFromLeaves,
  stateLeaves,
  stateRoot,
} from './state.ts'
import { heldMicro, supplyIsConserved } from './supply.ts'
import { accounts, supply } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testStartMs,
  tryBlock,
  type TestChain,
} from './testChain.fixture.ts'
import { keysOf } from './testDuty.fixture.ts'

const chainOf = (): TestChain => createTestChain(blsBlst, { validators: 4, seats: 4 })
const pristine = chainOf()
const fresh = (): TestChain => ({ ...pristine })
const nobody = new Uint8Array(32).fill(7)

describe('STATE-3, ENC-2 header', () => {
  it('a block that says what is derived applies', () => {
    const chain = fresh()
    expect(addBlock(chain, testStartMs + 500).derived.isFirst).toBe(true)
    expect(addBlock(chain, testStartMs + 1_500).derived.height).toBe(2)
  })

  const other = new Uint8Array(32).fill(1)
  const changes: readonly (readonly [string, Partial<Header>])[] = [
    ['HEADER_VERSION', { version: protocol.version + 1 }],
    ['HEADER_CHAIN', { chainId: 'other' }],
    ['HEADER_EPOCH', { epoch: 1 }],
    ['HEADER_HEIGHT', { height: 2 }],
    ['HEADER_TIME', { timeMs: testStartMs - 2_000 }],
    ['HEADER_SEAT', { seat: 4 }],
    ['HEADER_STATE_ROOT', { parentStateRoot: other }],
    ['HEADER_RECEIPTS_ROOT', { parentReceiptsRoot: other }],
    ['HEADER_COMMITTEE', { committeeRoot: other }],
    ['HEADER_NEXT_COMMITTEE', { nextCommitteeRoot: other }],
    ['HEADER_ENROLMENT_ROOT', { enrolmentRoot: other }],
    ['BLOCK_TRANSACTIONS_ROOT', { transactionsRoot: other }],
  ]
  it.each(changes)('%s', (code, change) => {
    const chain = fresh()
    const block = testBlock(chain, testStartMs + 500, [], change)
    expect(tryBlock(chain, block)).toMatchObject({ ok: false, error: { code } })
  })

  it('STATE-1: a transactions root that was worked out before is compared too', () => {
    const chain = fresh()
    const block = testBlock(chain, testStartMs + 500)
    const { transactionsRoot } = block.header
    expect(tryBlock(chain, { ...block, transactionsRoot })).toMatchObject({ ok: true })
    const refused = tryBlock(chain, { ...block, transactionsRoot: other })
    expect(refused).toMatchObject({ error: { code: 'BLOCK_TRANSACTIONS_ROOT' } })
  })
})

describe('TX-1, FEE-1 transfer', () => {
  it('moves the amount, takes the fee and counts the nonce', () => {
    const chain = fresh()
    const sender = keysOf(chain, 0)
    const payload = { transfer: { recipient: nobody, amountMicro: 5n * microPerEmo } }
    const transaction = signed(chain, sender, payload)
    const { receipts } = addBlock(chain, testStartMs, [transaction])
    const feeMicro = BigInt(transaction.bytes.length) * 10n
    expect(receipts).toEqual([
      { transaction: transaction.id, feeMicro, amountMicro: 5n * microPerEmo },
    ])
    expect(accountOf(chain.state, nobody).balanceMicro).toBe(5n * microPerEmo)
    expect(accountOf(chain.state, sender.account)).toMatchObject({
      balanceMicro: 995n * microPerEmo - feeMicro,
      nonce: 1,
    })
    const proposer = keysOf(chain, 1).account
    expect(accountOf(chain.state, proposer).balanceMicro).toBe(1_000n * microPerEmo + feeMicro)
  })

  it('REPLAY-1: is refused when seen again, on another chain and after its epoch', () => {
    const chain = fresh()
    const sender = keysOf(chain, 0)
    const payload = { transfer: { recipient: nobody, amountMicro: 1n } }
    const first = signed(chain, sender, payload)
    addBlock(chain, testStartMs, [first])
    const check = (change: Parameters<typeof signed>[3]): unknown => {
      const result = checkTransaction(
        chain.state,
        signed(chain, sender, payload, change),
        testStartMs + 1,
        chain.env,
      )
      return result.ok ? 'ok' : result.error.code
    }
    expect(checkTransaction(chain.state, first, testStartMs + 1, chain.env)).toEqual({
      ok: false,
      error: { code: 'TX_NONCE_USED', next: 1 },
    })
    expect(check({})).toBe('ok')
    expect(check({ nonce: 2 })).toBe('TX_NONCE_GAP')
    expect(check({ chainId: 'emo-other' })).toBe('TX_CHAIN')
    expect(check({ feeMaxMicro: 1n })).toBe('TX_FEE')
    expect(check({ transfer: { recipient: nobody, amountMicro: 1n << 60n } })).toBe('TX_BALANCE')
    expect(check({ transfer: { recipient: nobody, amountMicro: 0n } })).toBe('TX_FIELD')
    expect(check({ sender: keysOf(chain, 1).account })).toBe('TX_SIGNATURE')
    addBlock(chain, testStartMs + 14_000)
    addBlock(chain, testStartMs + 28_000)
    const late = signed(chain, sender, payload, { expiryEpoch: 0 })
    const result = checkTransaction(chain.state, late, testStartMs + 30_000, chain.env)
    expect(result).toMatchObject({ error: { code: 'TX_EXPIRED', epoch: 1 } })
  })

  it('a block with a transaction that does not apply is invalid, and says which', () => {
    const chain = fresh()
    const payload = { transfer: { recipient: nobody, amountMicro: 1n } }
    const good = signed(chain, keysOf(chain, 0), payload)
    const bad = signed(chain, keysOf(chain, 1), payload, { nonce: 3 })
    const block = testBlock(chain, testStartMs, [good, bad])
    expect(tryBlock(chain, block)).toMatchObject({
      error: { code: 'BLOCK_TX_INVALID', index: 1, cause: { code: 'TX_NONCE_GAP' } },
    })
  })

  it('a proposer keeps what applies and learns why the rest does not', () => {
    const chain = fresh()
    const payload = { transfer: { recipient: nobody, amountMicro: 1n } }
    const good = signed(chain, keysOf(chain, 0), payload)
    const next = signed(chain, keysOf(chain, 0), payload, { nonce: 1 })
    const bad = signed(chain, keysOf(chain, 1), payload, { nonce: 3 })
    const { header } = testBlock(chain, testStartMs)
    const selected = selectTransactions(chain.state, header, [good, bad, next], chain.env)
    expect(selected).toMatchObject({
      ok: true,
      value: { transactions: [good, next], refused: [{ transaction: bad }] },
    })
    const transactions = [good, next]
    const block = testBlock(chain, testStartMs, transactions)
    expect(block.header.transactionsRoot).toEqual(transactionsRootOf(transactions))
    expect(tryBlock(chain, block).ok).toBe(true)
  })
})

describe('TX-3 conservation', () => {
  it('whatever is transferred, bonded and unbonded, nothing is made or lost', () => {
    const step = fc.record({
      kind: fc.constantFrom('transfer', 'bond', 'unbond', 'withdraw'),
      from: fc.nat({ max: 3 }),
      to: fc.nat({ max: 4 }),
      amount: fc.bigInt({ min: 0n, max: 30_000n * microPerEmo }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const chain = fresh()
        let timeMs = testStartMs
        for (const { kind, from, to, amount } of steps) {
          timeMs += 100
          const recipient = chain.keys[to]?.account ?? nobody
          const payload =
            kind === 'transfer'
              ? { transfer: { recipient, amountMicro: amount } }
              : kind === 'withdraw'
                ? { withdraw: {} }
                : { [kind]: { amountMicro: amount } }
          const { header } = testBlock(chain, timeMs)
          const candidate = signed(chain, keysOf(chain, from), payload)
          const selected = selectTransactions(chain.state, header, [candidate], chain.env)
          if (selected.ok) addBlock(chain, timeMs, selected.value.transactions)
        }
        expect(supplyIsConserved(chain.state)).toBe(true)
        expect(heldMicro(chain.state)).toBe(readSingle(pristine.state, supply).issuedMicro)
      }),
      { numRuns: 30 },
    )
  })
})

describe('STATE-1 state of a chain', () => {
  it('is rebuilt from its leaves, and from the changes between two states', () => {
    const chain = fresh()
    const before = chain.state
    const payload = { transfer: { recipient: nobody, amountMicro: 1n } }
    addBlock(chain, testStartMs, [signed(chain, keysOf(chain, 0), payload)])
    const root = stateRoot(chain.state)
    const leaves = stateLeaves(chain.state).map(({ key, value }) => ({ key, value }))
    const rebuilt = stateFromLeaves(leaves, root)
    expect(rebuilt.ok && hex(stateRoot(rebuilt.value))).toBe(hex(root))
    if (rebuilt.ok) expect(accountOf(rebuilt.value, nobody).balanceMicro).toBe(1n)

    const stored = new Map(stateLeaves(before).map(({ key, value }) => [hex(key), { key, value }]))
    for (const { key, value } of changesBetween(before, chain.state)) {
      if (value === undefined) stored.delete(hex(key))
      else stored.set(hex(key), { key, value })
    }
    expect(stateFromLeaves(stored.values(), root).ok).toBe(true)
    const spoilt = stateFromLeaves(leaves.slice(1), root)
    expect(spoilt).toMatchObject({ error: { code: 'STATE_ROOT_MISMATCH' } })
  })

  it('proves a balance, and that an account does not exist', () => {
    const { state } = fresh()
    const root = stateRoot(state)
    const { account } = keysOf(pristine, 0)
    const value = Account.encode(accountOf(state, account))
    const key = keyOf(accounts, account)
    expect(smtVerify(root, key, value, proveLeaf(state, accounts, account))).toBe(true)
    const richer = Account.encode({ ...accountOf(state, account), balanceMicro: 1n << 40n })
    expect(smtVerify(root, key, richer, proveLeaf(state, accounts, account))).toBe(false)
    const absent = proveLeaf(state, accounts, nobody)
    expect(smtVerify(root, keyOf(accounts, nobody), undefined, absent)).toBe(true)
    expect(smtVerify(root, key, undefined, absent)).toBe(false)
  })

  it('DET-1: the same blocks give the same root', () => {
    const roots = [chainOf(), chainOf()].map((chain) => {
      addBlock(chain, testStartMs)
      addBlock(chain, testStartMs + 900)
      return hex(stateRoot(chain.state))
    })
    expect(roots[0]).toBe(roots[1])
  })
})
