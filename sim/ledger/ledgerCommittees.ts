/** Committees that the ledger elected: what a boundary left says who sits, and with which keys. */
import { assert } from '../../src/core/base/assert.ts'
import { equalBytes, hex } from '../../src/core/base/bytes.ts'
import type { Committee } from '../../src/core/codec/chain.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { committeeRoot } from '../../src/core/committee/handOver.ts'
import { Committees, type CommitteeOptions, type SimCommittee } from '../committees.ts'

export class LedgerCommittees extends Committees {
  readonly #known = new Map<number, SimCommittee>()
  /** Accounts of the validators, hex. */
  readonly #accounts: readonly string[]
  readonly #bls: BlsBackend

  constructor(options: CommitteeOptions, accounts: readonly Uint8Array[]) {
    super(options)
    this.#accounts = accounts.map(hex)
    this.#bls = options.keys
  }

  override of(epoch: number): SimCommittee {
    const known = this.#known.get(epoch)
    assert(known !== undefined, 'an epoch begins after a ledger has named its committee')
    return known
  }

  /** As a ledger holds it; that all hold the same is the oracle's to say. */
  learn(seated: Committee): void {
    const { epoch, seats, leaders } = seated
    if (this.#known.has(epoch)) return
    this.#known.set(epoch, {
      epoch,
      validators: seats.map(({ validator }) => this.validatorOf(validator) ?? -1),
      powers: seats.map(({ power }) => power),
      leaders,
      root: committeeRoot(seated),
      epochKeys: seats.map(({ epochKey }) => epochKey),
      seated,
    })
  }

  /** Number of the validator with this account. */
  validatorOf(account: Uint8Array): number | undefined {
    const index = this.#accounts.indexOf(hex(account))
    return index < 0 ? undefined : index
  }

  /** A fresh key for the service in an epoch, as a READY for it names it. */
  freshSecret(validator: number, epoch: number): Uint8Array {
    return super.secretOf(validator, epoch)
  }

  /** The key that the seat has: who stays on without a CONFIRM has an older one (COM-5). */
  override secretOf(validator: number, epoch: number): Uint8Array {
    const { validators, epochKeys } = this.of(epoch)
    const epochKey = epochKeys[validators.indexOf(validator)]
    for (let made = epoch; made > 0 && epochKey !== undefined; made -= 1) {
      const secret = this.freshSecret(validator, made)
      if (equalBytes(this.#bls.publicKey(secret), epochKey)) return secret
    }
    return this.freshSecret(validator, 0)
  }
}
