/**
 * What nodes hold after each block, leaf by leaf, for tests of the ledger's oracle: a chain of two
 * epochs in which nothing is wrong, and the pieces to change one thing in it.
 */
import {
  Body,
  Committee,
  Header,
  SignedTransaction,
  Transaction,
} from '../../src/core/codec/chain.ts'
import { Account, EpochRecord, Supply, Validator } from '../../src/core/codec/state.ts'
import { protocol } from '../../src/core/params.ts'
import type { SeenLeaf } from './leaves.ts'
import { LedgerOracle } from './ledgerOracle.ts'

const none = new Uint8Array(0)

/** Accounts, blocks and roots are known by one byte here. */
export const bytesOf = (one: number): Uint8Array => new Uint8Array(32).fill(one)

export interface World {
  /** Balances: 1 to 6 are validators, 9 only receives. */
  readonly balances: Readonly<Record<number, bigint>>
  readonly nonces: Readonly<Record<number, number>>
  /** Of validator 1; the others have 100 each. */
  readonly bonded: bigint
  readonly unbonding: bigint
  readonly burnt: bigint
  readonly issued: bigint
  readonly active: number
  /** Validators of each seat, by epoch. */
  readonly committees: Readonly<Record<number, readonly number[]>>
}

export const start: World = {
  balances: { 1: 1000n, 2: 1000n, 9: 0n },
  nonces: {},
  bonded: 100n,
  unbonding: 0n,
  burnt: 0n,
  issued: 2600n,
  active: 6,
  committees: { 0: [1, 2, 3, 4, 5, 6] },
}

export function leavesOf(world: World): readonly SeenLeaf[] {
  const leaf = (table: number, id: number, value: Uint8Array): SeenLeaf => ({
    key: Uint8Array.of(table, id),
    value,
  })
  const accounts = Object.entries(world.balances).map(([id, balanceMicro]) => {
    const nonce = world.nonces[Number(id)] ?? 0
    return leaf(16, Number(id), Account.encode({ id: bytesOf(Number(id)), balanceMicro, nonce }))
  })
  const validators = [1, 2, 3, 4, 5, 6].map((id) => leaf(17, id, validatorOf(world, id)))
  const committees = Object.entries(world.committees).map(([epoch, seats]) =>
    leaf(18, Number(epoch), committeeOf(Number(epoch), seats)),
  )
  const { issued: issuedMicro, burnt: burntMicro } = world
  return [
    leaf(3, 0, Supply.encode({ issuedMicro, burntMicro })),
    leaf(5, 0, recordOf(world)),
    ...accounts,
    ...validators,
    ...committees,
  ]
}

function validatorOf({ bonded, unbonding }: World, id: number): Uint8Array {
  return Validator.encode({
    account: bytesOf(id),
    vrfKey: none,
    bondedMicro: id === 1 ? bonded : 100n,
    unbonding: id === 1 && unbonding > 0n ? [{ amountMicro: unbonding, releaseMs: 1 }] : [],
    ...{ reputation: 1, uptime: 1, registeredEpoch: 0, history: [], jailedUntilEpoch: 0 },
    ...{ convictions: 0, absent: false, absenceMark: 0, credentialExpiry: 9, consentVersion: 1 },
    ...{ enrolmentIndex: id, nkHash: none, baselineCommitment: none, lockedUntilMs: 0 },
    ...{ servedMark: 0, answeredMark: 0, answeredProvenance: 0 },
  })
}

function committeeOf(epoch: number, validators: readonly number[]): Uint8Array {
  const fields = { epochKey: none, power: 1, peerId: '', score: 1, sharingKey: none }
  const seats = validators.map((one) => ({ ...fields, validator: bytesOf(one) }))
  return Committee.encode({ epoch, seats, leaders: [0], attempt: 0 })
}

function recordOf({ active }: World): Uint8Array {
  return EpochRecord.encode({
    ...{ epoch: 0, open: true, startMs: 1, boundaryMs: 1, frozen: false, selected: false },
    ...{ registrations: 0, candidates: 0, active, beacons: [], thresholds: [], boundaries: [] },
  })
}

export interface StoryBlock {
  readonly height: number
  readonly epoch: number
  readonly committee: number
  /** 0 while it is not fixed. */
  readonly next?: number
  readonly isBoundary?: boolean
  /** Root of the parent's state; the one before by itself. */
  readonly parentRoot?: number
  readonly payments?: readonly Uint8Array[]
}

export function transferOf(sender: number, nonce: number, amountMicro: bigint): Uint8Array {
  const transaction = Transaction.encode({
    ...{ chainId: 'sim', sender: bytesOf(sender), nonce, expiryEpoch: 9, feeMaxMicro: 0n },
    transfer: { recipient: bytesOf(9), amountMicro },
  })
  return SignedTransaction.encode({ transaction, signature: none })
}

/** Root of the state after a height, as the story has it. */
export const rootAfter = (height: number): number => 100 + height

export class LedgerStory {
  readonly violations: string[] = []
  readonly oracle: LedgerOracle

  constructor(byzantine: readonly number[] = [], seatsMost = 6) {
    const genesis = { root: bytesOf(rootAfter(0)), leaves: leavesOf(start) }
    const fail = (text: string): void => {
      this.violations.push(text)
    }
    this.oracle = new LedgerOracle(genesis, { byzantine: new Set(byzantine), seatsMost, fail })
  }

  /** A block is final at these nodes, which hold this world then. */
  final(
    block: StoryBlock,
    world: World,
    options: { readonly by?: readonly number[]; readonly root?: number } = {},
  ): this {
    const { height } = block
    const body = Body.encode({ transactions: [...(block.payments ?? [])] })
    const seen = { hash: bytesOf(height), header: headerOf(block), body }
    const root = bytesOf(options.root ?? rootAfter(height))
    for (const id of options.by ?? [0, 1]) {
      this.oracle.final({ id, validator: id }, seen, { root, leaves: leavesOf(world) })
    }
    return this
  }

  begins(epoch: number, root: number, committee: number, by: readonly number[] = [0, 1]): this {
    for (const id of by) {
      const at = { epoch, root: bytesOf(root), committeeRoot: bytesOf(committee) }
      this.oracle.begins({ id, validator: id }, at)
    }
    return this
  }
}

function headerOf(block: StoryBlock): Uint8Array {
  const { height, epoch, committee, next = 0, isBoundary = false } = block
  return Header.encode({
    ...{ version: protocol.version, chainId: 'sim', epoch, height, view: height, seat: 0 },
    ...{ parent: bytesOf(height - 1), timeMs: height * 1000, justification: none },
    parentStateRoot: bytesOf(block.parentRoot ?? rootAfter(height - 1)),
    ...{ parentReceiptsRoot: none, transactionsRoot: none },
    committeeRoot: bytesOf(committee),
    nextCommitteeRoot: next === 0 ? none : bytesOf(next),
    enrolmentRoot: isBoundary ? bytesOf(1) : none,
  })
}

export const paid: World = { ...start, balances: { 1: 995n, 2: 1000n, 9: 5n }, nonces: { 1: 1 } }
export const elected: World = { ...paid, committees: { 0: [1, 2, 3, 4, 5, 6], 1: [1, 2, 3, 4] } }

export const first: StoryBlock = {
  ...{ height: 1, epoch: 0, committee: 50 },
  payments: [transferOf(1, 0, 5n)],
}
export const boundary: StoryBlock = {
  ...{ height: 2, epoch: 0, committee: 50, next: 51, isBoundary: true },
}
export const opening: StoryBlock = { height: 3, epoch: 1, committee: 51 }

/** One epoch with a payment, its boundary, and the first block of the next. */
export function quietLedger(byzantine: readonly number[] = [], seatsMost = 6): LedgerStory {
  return new LedgerStory(byzantine, seatsMost)
    .final(first, paid)
    .final(boundary, elected)
    .begins(1, 2, 51)
    .final(opening, elected)
}
