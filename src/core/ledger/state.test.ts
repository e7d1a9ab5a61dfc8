import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import type { Account } from '../codec/state.ts'
import { smtRoot, smtSet, type SmtTree } from '../crypto/smt.ts'
import {
  changedValues,
  changesBetween,
  clear,
  emptyState,
  keyOf,
  list,
  read,
  remove,
  stateLeaves,
  stateRoot,
  write,
  type LedgerState,
} from './state.ts'
import { accounts, recentRoots } from './tables.ts'

type Model = ReadonlyMap<number, Account>

const idOf = (index: number): Uint8Array => new Uint8Array(32).fill(index)
const kinds = fc.constantFrom('write', 'write', 'remove', 'read', 'list', 'root', 'clear')
/** Each step goes on from any state made so far. */
const steps = fc.array(
  fc.record({ kind: kinds, from: fc.nat(), account: fc.nat({ max: 5 }), amount: fc.nat() }),
  { maxLength: 40 },
)

function written(model: Model): SmtTree {
  return [...model].reduce<SmtTree>(
    (tree, [index, account]) =>
      smtSet(tree, keyOf(accounts, idOf(index)), accounts.codec.encode(account)),
    undefined,
  )
}

function check(state: LedgerState, model: Model): void {
  expect(hex(stateRoot(state))).toBe(hex(smtRoot(written(model))))
}

describe('STATE-1 states', () => {
  it('say what a copy of all accounts would say, each of them, at any time', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const states: LedgerState[] = [emptyState]
        const models: Model[] = [new Map()]
        for (const { kind, from, account, amount } of all) {
          const state = states[from % states.length] as LedgerState
          const model = models[from % models.length] as Model
          const id = idOf(account)
          if (kind === 'read') expect(read(state, accounts, id)).toEqual(model.get(account))
          if (kind === 'root') check(state, model)
          if (kind === 'list') {
            const found = list(state, accounts).map(({ balanceMicro }) => balanceMicro)
            const expected = [...model.values()].map(({ balanceMicro }) => balanceMicro)
            expect([...found].sort()).toEqual([...expected].sort())
          }
          const next = new Map(model)
          if (kind === 'write') {
            const value = { id, balanceMicro: BigInt(amount), nonce: amount % 7 }
            states.push(write(state, accounts, id, value))
            models.push(next.set(account, value))
          }
          if (kind === 'remove') {
            states.push(remove(state, accounts, id))
            next.delete(account)
            models.push(next)
          }
          if (kind === 'clear') {
            states.push(clear(state, accounts))
            models.push(new Map())
          }
        }
        for (const [at, state] of states.entries()) check(state, models[at] as Model)
      }),
      { numRuns: 150 },
    )
  })

  it('know what was written after they were asked for their root', () => {
    const account = (balanceMicro: bigint): Account => ({ id: idOf(1), balanceMicro, nonce: 0 })
    const first = write(emptyState, accounts, idOf(1), account(1n))
    stateRoot(first)
    const second = write(first, accounts, idOf(1), account(2n))
    expect(read(first, accounts, idOf(1))).toEqual(account(1n))
    expect(read(second, accounts, idOf(1))).toEqual(account(2n))
    expect(changesBetween(first, second)).toEqual([
      { key: keyOf(accounts, idOf(1)), value: accounts.codec.encode(account(2n)) },
    ])
    expect(stateLeaves(first)).toHaveLength(1)
  })

  it('differ by what was written, whichever two are asked about and how often', () => {
    const account = (balanceMicro: bigint): Account => ({ id: idOf(1), balanceMicro, nonce: 0 })
    const states = [1n, 2n, 3n, 4n, 5n, 6n].map((balanceMicro) =>
      write(emptyState, accounts, idOf(1), account(balanceMicro)),
    )
    for (const from of [...states, ...states]) {
      for (const to of states) {
        const found = changedValues(from, to, accounts)
        const [before, after] = [read(from, accounts, idOf(1)), read(to, accounts, idOf(1))]
        expect(found).toEqual(from === to ? [] : [{ before, after }])
        expect(changedValues(from, to, recentRoots)).toEqual([])
        expect(changesBetween(from, to)).toHaveLength(from === to ? 0 : 1)
      }
    }
  })

  it('keep tables with equal ids apart', () => {
    const number = 7
    const bytes = recentRoots.idBytes(number)
    const root = { height: number, timeMs: 1, stateRoot: new Uint8Array(32) }
    const state = write(emptyState, recentRoots, number, root)
    expect(read(state, accounts, bytes)).toBe(undefined)
    expect(read(state, recentRoots, number)).toEqual(root)
  })
})
