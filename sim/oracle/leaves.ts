/** What the oracle reads of a state, by the tables and numbers of state.proto (STATE-1). */
import { hexOf } from './messages.ts'
import { bytesIn, fieldsOf, listIn, numberIn, type Fields } from './wire.ts'

/** A leaf of a state tree; the first byte of its key names the table. */
export interface SeenLeaf {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

export interface SeenAccount {
  readonly id: string
  readonly balance: bigint
  readonly nonce: number
}

export interface SeenState {
  readonly accounts: readonly SeenAccount[]
  /** Accounts of validators, hex. */
  readonly validators: ReadonlySet<string>
  /** Bonded and unbonding, all of it. */
  readonly stake: bigint
  readonly issued: bigint
  readonly burnt: bigint
  readonly epoch: number
  readonly active: number
  /** Validators of each seat, hex, by epoch. */
  readonly committees: ReadonlyMap<number, readonly string[]>
}

const tables = { supply: 3, epochRecord: 5, account: 16, validator: 17, committee: 18 } as const

export function readState(leaves: readonly SeenLeaf[]): SeenState {
  const of = (table: number): readonly Fields[] =>
    leaves.filter(({ key }) => key[0] === table).map(({ value }) => fieldsOf(value))
  const supply = of(tables.supply)[0] ?? new Map()
  const record = of(tables.epochRecord)[0] ?? new Map()
  const validators = of(tables.validator)
  const committees = of(tables.committee).map((fields) => {
    const seats = listIn(fields, 2).map((seat) => hexOf(bytesIn(fieldsOf(seat), 1)))
    return [numberIn(fields, 1), seats] as const
  })
  return {
    accounts: of(tables.account).map((fields) => ({
      id: hexOf(bytesIn(fields, 1)),
      balance: amountIn(fields, 2),
      nonce: numberIn(fields, 3),
    })),
    validators: new Set(validators.map((fields) => hexOf(bytesIn(fields, 1)))),
    stake: validators.reduce((sum, fields) => sum + stakeIn(fields), 0n),
    issued: amountIn(supply, 1),
    burnt: amountIn(supply, 2),
    epoch: numberIn(record, 1),
    active: numberIn(record, 9),
    committees: new Map(committees),
  }
}

/** Bonded, and each part that is on its way out. */
function stakeIn(fields: Fields): bigint {
  return listIn(fields, 4).reduce(
    (sum, part) => sum + amountIn(fieldsOf(part), 1),
    amountIn(fields, 3),
  )
}

/** Amounts of a run stay far below 2^53, up to which the wire is read exactly. */
function amountIn(fields: Fields, number: number): bigint {
  return BigInt(numberIn(fields, number))
}
