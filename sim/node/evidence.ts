/**
 * Evidence in a run (EVID-1): who finds it files it by the production code and sends it to
 * everybody over the same links; whoever has it checks it on its final state and lets it wait;
 * honest leaders put what applies into their bodies, and everyone executes those.
 *
 * What a node of `src/node` does besides is left out: its waiting room is bounded (NET-6), and
 * gossip takes hops where a run's nodes are all linked to each other.
 */
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import { viewState } from '../../src/core/bft/draft.ts'
import { evidenceTransaction } from '../../src/core/bft/evidenceTransaction.ts'
import type { BlockNode, BuildRequest, Contradiction } from '../../src/core/bft/types.ts'
import { assert } from '../../src/core/base/assert.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { Body } from '../../src/core/codec/chain.ts'
import { readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { parameters } from '../../src/core/ledger/tables.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'
import { offenceOf } from '../../src/core/ledger/transactions/evidence.ts'
import { chainId } from '../committees.ts'
import { transactionsOf, type EvidenceLedger } from './evidenceLedger.ts'
import type { Instance } from './instance.ts'
import type { Network } from './network.ts'
import { PacedBuilds } from './pacedBuilds.ts'

/** When the first honest node held both halves of an offence, µs, and what it saw. */
export interface FoundOffence {
  readonly atUs: number
  /** Its view, and whether the proposal of that view was there. */
  readonly view: number
  readonly isProposed: boolean
}

/** When an offence became final at the first honest node, µs, and in which view's block. */
export interface FinalOffence {
  readonly atUs: number
  readonly view: number
}

export class Evidence {
  readonly #sim: Network
  readonly #ledger: EvidenceLedger
  readonly #isFaulty: (validator: number) => boolean
  /** The state after each block that somebody executed; it is the same for everybody. */
  readonly #states = new Map<string, LedgerState>()
  /** By node, then by offence. */
  readonly #waiting = new Map<number, Map<string, DecodedTransaction>>()
  readonly paced = new PacedBuilds(
    (leader, request) => this.#applicable(leader, request).length > 0,
  )
  readonly found = new Map<string, FoundOffence>()
  readonly final = new Map<string, FinalOffence>()

  constructor(
    sim: Network,
    ledger: EvidenceLedger,
    options: {
      readonly root: Uint8Array
      /** Leaves evidence out of its own blocks, and does not pass any on. */
      readonly isFaulty: (validator: number) => boolean
    },
  ) {
    this.#sim = sim
    this.#ledger = ledger
    this.#isFaulty = options.isFaulty
    this.#states.set(hex(options.root), ledger.genesis)
  }

  file(by: Instance, contradiction: Contradiction): void {
    if (this.#isFaulty(by.validator)) return
    const bytes = evidenceTransaction(chainId, contradiction)
    // What does not fit a transaction is no evidence (EVID-1).
    if (bytes.length > readSingle(this.#ledger.genesis, parameters).transactionBytesMax) return
    this.#note(by, bytes)
    if (!this.#take(by, bytes)) return
    for (const to of this.#sim.instances) {
      if (to === by) continue
      this.#sim.carry(by, to, bytes.length, () => {
        this.#take(to, bytes)
      })
    }
  }

  body(leader: Instance, request: BuildRequest): Uint8Array {
    return Body.encode({ transactions: [...this.#applicable(leader, request)] })
  }

  /** Executes a block on its parent; whether it is valid. */
  execute({ key, parentKey, header, proposal }: BlockNode): boolean {
    if (this.#states.has(key)) return true
    const state = this.#ledger.execute(this.#after(parentKey), proposal.body, header)
    if (state !== undefined) this.#states.set(key, state)
    return state !== undefined
  }

  /** The block is final at this node. */
  settle(at: Instance, { header, proposal }: BlockNode): void {
    const waiting = this.#waitingAt(at)
    const isHonest = !this.#isFaulty(at.validator)
    for (const transaction of transactionsOf(proposal.body)) {
      const offence = nameOf(transaction)
      waiting.delete(offence)
      if (!isHonest || this.final.has(offence)) continue
      this.final.set(offence, { atUs: this.#sim.queue.nowUs, view: header.view })
    }
  }

  #applicable(leader: Instance, request: BuildRequest): readonly Uint8Array[] {
    const transactions: Uint8Array[] = []
    const isEmpty = request.isTail || this.#isFaulty(leader.validator)
    let state = this.#after(request.parent)
    const { blockTransactionsMax } = readSingle(state, parameters)
    const place = { timeMs: leader.nowMs, seat: request.seat }
    for (const transaction of isEmpty ? [] : this.#waitingAt(leader).values()) {
      const applied = this.#ledger.check(state, transaction, place)
      if (!applied.ok || transactions.length >= blockTransactionsMax) continue
      state = applied.value
      transactions.push(transaction.bytes)
    }
    return transactions
  }

  #note({ state }: Instance, bytes: Uint8Array): void {
    const decoded = decodeTransaction(bytes, bodyBytesMax)
    assert(decoded.ok, 'what was filed can be read')
    const offence = nameOf(decoded.value)
    if (this.found.has(offence)) return
    const { view } = state
    const isProposed = viewState(state, view).proposed !== undefined
    this.found.set(offence, { atUs: this.#sim.queue.nowUs, view, isProposed })
  }

  /** Whether it was new here, and counts. */
  #take(at: Instance, bytes: Uint8Array): boolean {
    const tip = at.final.at(-1)?.node
    const state = tip === undefined ? this.#after(hex(at.env.root.hash)) : this.#after(tip.key)
    const decoded = decodeTransaction(bytes, readSingle(state, parameters).transactionBytesMax)
    if (!decoded.ok) return false
    const waiting = this.#waitingAt(at)
    const offence = nameOf(decoded.value)
    if (waiting.has(offence)) return false
    const checked = this.#ledger.check(state, decoded.value, { timeMs: at.nowMs, seat: 0 })
    if (!checked.ok) return false
    waiting.set(offence, decoded.value)
    this.paced.evidenceCame(at)
    return true
  }

  #after(key: string): LedgerState {
    const state = this.#states.get(key)
    assert(state !== undefined, 'what a node stands on was executed')
    return state
  }

  #waitingAt({ id }: Instance): Map<string, DecodedTransaction> {
    const waiting = this.#waiting.get(id) ?? new Map<string, DecodedTransaction>()
    this.#waiting.set(id, waiting)
    return waiting
  }
}

/** An offence as the ledger counts it: once a kind, epoch, view and seat. */
function nameOf({ transaction }: DecodedTransaction): string {
  const offence = transaction.evidence && offenceOf(transaction.evidence)
  assert(offence !== undefined, 'only evidence waits here')
  return [offence.kind, offence.epoch, offence.view, offence.seat].join(':')
}
