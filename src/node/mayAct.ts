/**
 * Whether this node may sign (FORK-1, RECOVER-1): the one place that every duty asks. A seat, a
 * READY, a CONFIRM, a lease, a vote on a checkpoint, a report or a vote for a restart, a part of
 * the beacon, an answer to a challenge, an absence, a payment: all of them need an `ActingSigner`,
 * and nothing but this gives one.
 *
 * The answer holds until the next `await`: whoever waited asks again before it signs.
 */
import type { Signer } from '../ports/signer.ts'
import type { DutyReason } from './api.ts'

declare const asked: unique symbol

/** The keys of a node that may act, as `MayAct` gave them; never kept beyond an `await`. */
export type ActingSigner = Signer & { readonly [asked]: true }

export class MayAct {
  #signer: Signer | undefined
  #stopped: DutyReason | undefined
  #hasGivenUpSeat = false

  constructor(signer: Signer | undefined) {
    this.#signer = signer
  }

  /** Undefined when keys are locked, and once the node was stopped. */
  get signer(): ActingSigner | undefined {
    return this.#stopped === undefined ? (this.#signer as ActingSigner | undefined) : undefined
  }

  /** Who this node is while its keys are unlocked, whether or not it may act. 32 bytes. */
  get identity(): Uint8Array | undefined {
    return this.#signer?.identity
  }

  /** Why nothing is signed, whatever the keys are; undefined while nothing stands against it. */
  get stopped(): DutyReason | undefined {
    return this.#stopped
  }

  /** Its owner took back consent (ZK-3): a seat signs nothing, whatever the chain says by now. */
  get hasGivenUpSeat(): boolean {
    return this.#hasGivenUpSeat
  }

  giveUpSeat(isGivenUp: boolean): void {
    this.#hasGivenUpSeat = isGivenUp
  }

  setSigner(signer: Signer | undefined): void {
    this.#signer = signer
  }

  /** For this process, the first reason: its owner reads it, acts, and starts the node again. */
  stop(reason: DutyReason): void {
    this.#stopped ??= reason
  }
}
