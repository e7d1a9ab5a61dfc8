/**
 * Consent granted or taken back by the owner of a node (PRIV-4, ZK-3). Who revokes signs nothing in
 * a seat from that moment on; the chain learns of it with the next block, and so does a node whose
 * owner revoked on another device.
 */
import { err, type Result } from '../../core/base/result.ts'
import { hasRevoked, validatorOf } from '../../core/ledger/validators.ts'
import type { DutyReason } from '../api.ts'
import type { MempoolError } from '../mempool.ts'
import type { Node } from '../node.ts'
import { authorOf, duty, type Author } from './ownTransactions.ts'

/** Signed and ready to send: version 0 takes back the consent that stands now. */
export function consentTransaction(author: Author, version: number): Uint8Array {
  const validator = validatorOf(author.state, author.signer.identity)
  const grantMark = version === 0 ? (validator?.consentMark ?? 0) : 0
  return duty(author, { consent: { version, grantMark } })
}

export async function changeConsent(
  node: Node,
  version: number,
): Promise<Result<undefined, MempoolError | { readonly code: DutyReason | 'LOCKED' }>> {
  const { mayAct } = node
  const author = authorOf(node)
  if (author === undefined) return err({ code: mayAct.stopped ?? 'LOCKED' })
  const bytes = consentTransaction(author, version)
  const isRevoked = version === 0
  if (isRevoked) await giveUpSeat(node, true)
  const sent = await node.submit(bytes)
  // Refused, nothing has changed; granted, the chain says from when on.
  if (isRevoked !== sent.ok) await giveUpSeat(node, false)
  return sent
}

async function giveUpSeat(node: Node, isGivenUp: boolean): Promise<void> {
  if (node.mayAct.hasGivenUpSeat === isGivenUp) return
  node.mayAct.giveUpSeat(isGivenUp)
  await reopenSeat(node)
}

/** The running epoch starts again with the same keys, as when they are unlocked. */
async function reopenSeat(node: Node): Promise<void> {
  const { signer } = node.mayAct
  if (signer !== undefined) await node.setSigner(signer)
}

/** Opens a running seat whose owner revoked, here or elsewhere, again: without a voice. */
export class SeatWithoutConsent {
  readonly #node: Node
  #reopenedFor = -1

  constructor(node: Node) {
    this.#node = node
  }

  async look(): Promise<void> {
    const { running, chain, mayAct } = this.#node
    const { identity } = mayAct
    if (identity === undefined || !hasRevoked(chain.tip.state, identity)) return
    const isSigning = running?.seat !== undefined && running.abstains === undefined
    if (!isSigning || this.#reopenedFor === running.epoch) return
    this.#reopenedFor = running.epoch
    await reopenSeat(this.#node)
  }
}
