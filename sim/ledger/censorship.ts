/**
 * Leaders that leave READYs and CONFIRMs of others out of their blocks, and what became of each:
 * how many blocks of a censor passed it over before one took it, and how long that was.
 */
import type { DecodedTransaction } from '../../src/core/ledger/transactionBytes.ts'
import type { LedgerCommittees } from './ledgerCommittees.ts'

/** A READY or CONFIRM, however often it is said: who, and for which epoch. */
export interface Duty {
  readonly kind: 'ready' | 'confirm'
  readonly validator: number
  readonly epoch: number
  readonly saidUs: number
  /** Blocks that left it out on purpose. */
  passedOver: number
  /** In a final block. */
  takenUs: number | undefined
}

export class Censorship {
  readonly duties = new Map<string, Duty>()
  readonly #committees: LedgerCommittees
  readonly #isCensor: (validator: number) => boolean

  constructor(committees: LedgerCommittees, isCensor: (validator: number) => boolean) {
    this.#committees = committees
    this.#isCensor = isCensor
  }

  said(transaction: DecodedTransaction, nowUs: number): void {
    const duty = this.#nameOf(transaction)
    if (duty === undefined || this.duties.has(duty.key)) return
    const { kind, validator, epoch } = duty
    this.duties.set(duty.key, {
      ...{ kind, validator, epoch, saidUs: nowUs },
      ...{ passedOver: 0, takenUs: undefined },
    })
  }

  /** What a leader makes its block of. */
  takenBy(
    leader: number,
    candidates: readonly DecodedTransaction[],
  ): readonly DecodedTransaction[] {
    if (!this.#isCensor(leader)) return candidates
    const left = new Set<Duty>()
    const taken = candidates.filter((transaction) => {
      const name = this.#nameOf(transaction)
      if (name === undefined || this.#isCensor(name.validator)) return true
      const duty = this.duties.get(name.key)
      if (duty?.takenUs === undefined && duty !== undefined) left.add(duty)
      return false
    })
    for (const duty of left) duty.passedOver += 1
    return taken
  }

  final(transactions: readonly DecodedTransaction[], nowUs: number): void {
    for (const transaction of transactions) {
      const name = this.#nameOf(transaction)
      const duty = name && this.duties.get(name.key)
      if (duty !== undefined) duty.takenUs ??= nowUs
    }
  }

  #nameOf({ transaction }: DecodedTransaction) {
    const { ready, confirm, sender } = transaction
    const epoch = ready?.epoch ?? confirm?.epoch
    const validator = this.#committees.validatorOf(sender)
    if (epoch === undefined || validator === undefined) return undefined
    const kind = ready === undefined ? ('confirm' as const) : ('ready' as const)
    return { key: [kind, validator, epoch].join(':'), kind, validator, epoch }
  }
}
