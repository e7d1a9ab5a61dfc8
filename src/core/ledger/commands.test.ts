import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blsBlst } from '../../adapters/crypto/blsBlst.ts'
import { hex } from '../base/bytes.ts'
import {
  AbsenceReason,
  Evidence,
  EvidenceKind,
  Vote,
  VoteKind,
  type Transaction,
} from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { voteMessage } from '../committee/voteMessage.ts'
import { accountOf } from './accounts.ts'
import { list, read, readSingle, stateRoot } from './state.ts'
import { supplyIsConserved } from './supply.ts'
import { accounts, committees, supply } from './tables.ts'
import {
  addBlock,
  createTestChain,
  signed,
  testBlock,
  testEpochKey,
  testKeys,
  testStartMs,
  tryBlock,
  unsigned,
  type TestChain,
  type TestKeys,
} from './testChain.fixture.ts'
import type { DecodedTransaction } from './transactionBytes.ts'
import { validatorOf } from './validators.ts'

/** The unbonding time is short, so that a sequence within one epoch sees its end. */
const params = { unbondingMs: 1_000, slashBasisPoints: 500 }
const balanceMicro = 60_000n
const pristine = createTestChain(blsBlst, { validators: 4, seats: 4, params, balanceMicro })
addBlock(pristine, testStartMs + 100)
/** Three validators who act, one who only proposes, and somebody without a bond. */
const actors: readonly TestKeys[] = [...pristine.keys.slice(0, 3), testKeys(blsBlst, 77)]
const byteFee = pristine.genesis.parameters?.byteFeeMicro ?? 0n

/** An account as a cashier would keep it. */
interface Purse {
  balance: bigint
  nonce: number
  /** Undefined for who is no validator. */
  bonded: bigint | undefined
  unbonding: { amount: bigint; releaseMs: number }[]
  isAbsent: boolean
  isConvicted: boolean
}

interface Model {
  readonly purses: Map<string, Purse>
  readonly shown: Set<string>
  burnt: bigint
  timeMs: number
}

interface Real {
  readonly chain: TestChain
}

function purse(model: Model, account: Uint8Array): Purse {
  const known = model.purses.get(hex(account)) ?? {
    balance: 0n,
    nonce: 0,
    bonded: undefined,
    unbonding: [],
    isAbsent: false,
    isConvicted: false,
  }
  model.purses.set(hex(account), known)
  return known
}

function freshModel(): Model {
  const model: Model = {
    purses: new Map(),
    shown: new Set(),
    burnt: 0n,
    timeMs: testStartMs + 100,
  }
  for (const { account, balanceMicro: balance } of pristine.genesis.accounts) {
    purse(model, account).balance = balance
  }
  for (const { account, bondedMicro } of pristine.genesis.validators) {
    purse(model, account).bonded = bondedMicro
  }
  return model
}

/** What every account holds is what the model says, and nothing came from anywhere (TX-3). */
function compare(model: Model, { chain }: Real): void {
  expect(supplyIsConserved(chain.state)).toBe(true)
  expect(readSingle(chain.state, supply).burntMicro).toBe(model.burnt)
  for (const [account, expected] of model.purses) {
    const id = Uint8Array.from(Buffer.from(account, 'hex'))
    const { balanceMicro: balance, nonce } = accountOf(chain.state, id)
    const validator = validatorOf(chain.state, id)
    const unbonding = validator?.unbonding.map(({ amountMicro: amount, releaseMs }) => ({
      amount,
      releaseMs,
    }))
    expect({ balance, nonce, bonded: validator?.bondedMicro, unbonding: unbonding ?? [] }).toEqual({
      balance: expected.balance,
      nonce: expected.nonce,
      bonded: expected.bonded,
      unbonding: expected.unbonding,
    })
  }
  expect(list(chain.state, accounts).every((one) => one.balanceMicro >= 0n)).toBe(true)
}

/** One block with one transaction a second later; `effect` says whether the model takes it. */
function block(
  name: string,
  make: (real: Real) => DecodedTransaction,
  effect: (model: Model, made: { readonly feeMicro: bigint; readonly proposer: Purse }) => boolean,
): fc.Command<Model, Real> {
  return {
    check: () => true,
    toString: () => name,
    run: (model, real) => {
      const { chain } = real
      model.timeMs += 1_000
      const transaction = make(real)
      const made = testBlock(chain, model.timeMs, [transaction])
      const seat = read(chain.state, committees, 0)?.seats[made.header.seat]
      const proposer = purse(model, seat?.validator ?? new Uint8Array(0))
      const feeMicro = BigInt(transaction.bytes.length) * byteFee
      const before = hex(stateRoot(chain.state))
      const applied = tryBlock(chain, made)
      const next = structuredClone(model)
      const isTaken = effect(model, { feeMicro, proposer })
      expect(applied.ok).toBe(isTaken)
      if (applied.ok) {
        chain.state = applied.value.state
        chain.derived = applied.value.derived
      } else {
        // Nothing of a refused block stays, here or there.
        for (const [account, kept] of next.purses) Object.assign(purseOf(model, account), kept)
        expect(hex(stateRoot(chain.state))).toBe(before)
      }
      compare(model, real)
    },
  }
}

function purseOf(model: Model, account: string): Purse {
  return purse(model, Uint8Array.from(Buffer.from(account, 'hex')))
}

/** Nonce, fee and then what the kind does, in the order of TX-1. */
function paid(
  name: string,
  by: TestKeys,
  payload: Partial<Transaction>,
  effect: (model: Model, own: Purse) => boolean,
  change: Partial<Transaction> = {},
): fc.Command<Model, Real> {
  return block(
    name,
    ({ chain }) => signed(chain, by, payload, change),
    (model, { feeMicro, proposer }) => {
      const own = purse(model, by.account)
      const isNext = change.nonce === undefined || change.nonce === own.nonce
      if (!isNext || own.balance < feeMicro || feeMicro > (change.feeMaxMicro ?? feeMicro)) {
        return false
      }
      own.balance -= feeMicro
      own.nonce += 1
      proposer.balance += feeMicro
      return effect(model, own)
    },
  )
}

const who = fc.nat({ max: actors.length - 1 })
/** Who has much to do with stake: what it unbonds is often still there when it is convicted. */
const staker = fc.constantFrom(0, 0, 0, 1, 2, 3)
const amounts = fc.oneof(
  fc.constantFrom(0n, 1n, 999n, 20_000n, 55_000n, 10_000_000_000n, 2n ** 63n),
  fc.bigInt({ min: 1n, max: 70_000n }),
)
const keysAt = (index: number): TestKeys => actors[index] as TestKeys

const transfers = fc.tuple(who, who, amounts).map(([from, to, amountMicro]) =>
  paid(
    `transfer ${String(amountMicro)} from ${String(from)} to ${String(to)}`,
    keysAt(from),
    { transfer: { recipient: keysAt(to).account, amountMicro } },
    (model, own) => {
      if (amountMicro === 0n || own.balance < amountMicro) return false
      own.balance -= amountMicro
      purse(model, keysAt(to).account).balance += amountMicro
      return true
    },
  ),
)

const spent = fc.tuple(who, fc.constantFrom(0, 1, 7)).map(([from, nonce]) =>
  paid(
    `transfer of ${String(from)} with nonce ${String(nonce)}`,
    keysAt(from),
    { transfer: { recipient: keysAt(0).account, amountMicro: 1n } },
    (model, own) => {
      if (own.balance < 1n) return false
      own.balance -= 1n
      purse(model, keysAt(0).account).balance += 1n
      return true
    },
    { nonce },
  ),
)

const cheap = who.map((from) =>
  paid(
    `transfer of ${String(from)} that offers 1 µEMO`,
    keysAt(from),
    { transfer: { recipient: keysAt(0).account, amountMicro: 1n } },
    () => true,
    { feeMaxMicro: 1n },
  ),
)

const bonds = fc.tuple(who, amounts).map(([from, amountMicro]) =>
  paid(
    `bond ${String(amountMicro)} of ${String(from)}`,
    keysAt(from),
    { bond: { amountMicro } },
    (_model, own) => {
      if (amountMicro === 0n || own.bonded === undefined || own.balance < amountMicro) return false
      own.balance -= amountMicro
      own.bonded += amountMicro
      return true
    },
  ),
)

const unbonds = fc.tuple(staker, amounts).map(([from, amountMicro]) =>
  paid(
    `unbond ${String(amountMicro)} of ${String(from)}`,
    keysAt(from),
    { unbond: { amountMicro } },
    (model, own) => {
      if (amountMicro === 0n || own.bonded === undefined || own.bonded < amountMicro) return false
      own.bonded -= amountMicro
      own.unbonding.push({ amount: amountMicro, releaseMs: model.timeMs + params.unbondingMs })
      return true
    },
  ),
)

const withdrawals = staker.map((from) =>
  paid(`withdraw of ${String(from)}`, keysAt(from), { withdraw: {} }, (model, own) => {
    const isDue = ({ releaseMs }: { releaseMs: number }): boolean => releaseMs <= model.timeMs
    const due = own.isConvicted ? [] : own.unbonding.filter(isDue)
    if (due.length === 0) return false
    own.balance += due.reduce((sum, { amount }) => sum + amount, 0n)
    own.unbonding = own.unbonding.filter((entry) => !isDue(entry))
    return true
  }),
)

const absences = who.map((from) =>
  block(
    `absence of ${String(from)}`,
    ({ chain }) => signed(chain, keysAt(from), { absence: { reason: AbsenceReason.POWER } }),
    (model) => {
      const own = purse(model, keysAt(from).account)
      if (own.bonded === undefined || own.isAbsent) return false
      own.isAbsent = true
      return true
    },
  ),
)

const evidences = fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.nat({ max: 2 })).map(([seat, view]) =>
  block(
    `evidence against seat ${String(seat)} in view ${String(view)}`,
    ({ chain }) => doubleVote(chain, seat, view),
    (model) => {
      const mark = `${String(seat)}:${String(view)}`
      if (model.shown.has(mark)) return false
      model.shown.add(mark)
      const own = purse(model, pristine.keys[seat]?.account ?? new Uint8Array(0))
      if (own.isConvicted) return true
      own.isConvicted = true
      slash(model, own)
      return true
    },
  ),
)

/** EVID-2: 5 % of the stake, of what is bonded first. */
function slash(model: Model, own: Purse): void {
  const stake = own.unbonding.reduce((sum, { amount }) => sum + amount, own.bonded ?? 0n)
  let rest = (stake * BigInt(params.slashBasisPoints)) / 10_000n
  model.burnt += rest
  const takeFrom = (held: bigint): bigint => {
    const taken = rest < held ? rest : held
    rest -= taken
    return held - taken
  }
  own.bonded = takeFrom(own.bonded ?? 0n)
  own.unbonding = own.unbonding
    .map((entry) => ({ ...entry, amount: takeFrom(entry.amount) }))
    .filter(({ amount }) => amount > 0n)
}

function doubleVote(chain: TestChain, seat: number, view: number): DecodedTransaction {
  const committee = read(chain.state, committees, 0)
  if (committee === undefined) throw new Error('there is a first committee')
  const [first, second] = [0xa, 0xb].map((byte) => {
    const place = { kind: VoteKind.VOTE, epoch: 0, view, block: new Uint8Array(32).fill(byte) }
    const fields = { chainId: chain.genesis.chainId, committeeRoot: committeeRoot(committee) }
    const { secret } = testEpochKey(blsBlst, seat, 0)
    const signature = blsBlst.sign(secret, voteMessage({ ...place, ...fields }))
    return Vote.encode({ ...place, seat, signature, leaderSignature: new Uint8Array(0) })
  })
  const empty = Evidence.decode(new Uint8Array(0))
  const kind = EvidenceKind.E2_DOUBLE_VOTE
  return unsigned(chain, {
    evidence: { ...empty, kind, ...(first && { first }), ...(second && { second }) },
  })
}

const commands = fc.commands(
  [transfers, bonds, unbonds, withdrawals, absences, evidences, unbonds, withdrawals].concat([
    transfers,
    spent,
    cheap,
  ]),
  { maxCommands: 24, size: 'max' },
)

describe('TX-1, TX-3, STAKE-1, EVID-2: any sequence of transactions', () => {
  it('moves what a cashier would, and a refused one moves nothing', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        fc.modelRun(() => ({ model: freshModel(), real: { chain: { ...pristine } } }), sequence)
      }),
      { seed: 20_26, numRuns: 20 },
    )
  })
})
