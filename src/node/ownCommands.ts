/** Transactions that an owner sends by hand, from what was typed (api.ts). */
import type { Transaction } from '../core/codec/chain.ts'
import { validatorOf } from '../core/ledger/validators.ts'
import type { CommandResult } from './api.ts'
import { failure, hexBytes, refusalText } from './commandText.ts'
import { operatorLabelOf } from './duty/operatorLabel.ts'
import { authorOf, paid } from './duty/ownTransactions.ts'
import type { Node } from './node.ts'

export function sendTransfer(
  node: Node,
  recipientHex: string,
  amountMicro: string,
): Promise<CommandResult> {
  const recipient = hexBytes(recipientHex, 32)
  if (recipient === undefined) return Promise.resolve(failure('RECIPIENT_INVALID'))
  if (!/^[1-9][0-9]{0,17}$/.test(amountMicro)) return Promise.resolve(failure('AMOUNT_INVALID'))
  return send(node, { transfer: { recipient, amountMicro: BigInt(amountMicro) } })
}

/** STAKE-1: all that is bonded. */
export function sendUnbond(node: Node): Promise<CommandResult> {
  const author = authorOf(node)
  if (author === undefined) return Promise.resolve(notNow(node))
  const amountMicro = validatorOf(author.state, author.signer.identity)?.bondedMicro ?? 0n
  if (amountMicro === 0n) return Promise.resolve(failure('UNBOND_AMOUNT'))
  return send(node, { unbond: { amountMicro } })
}

/** STAKE-1: what has finished unbonding. */
export function sendWithdraw(node: Node): Promise<CommandResult> {
  return send(node, { withdraw: {} })
}

/** COM-3. */
export function sendOperatorLabel(node: Node, text: string): Promise<CommandResult> {
  const author = authorOf(node)
  if (author === undefined) return Promise.resolve(notNow(node))
  const label = operatorLabelOf(text, author.chainId, author.signer.identity)
  if (!label.ok) return Promise.resolve(failure(label.error.code))
  return send(node, { operatorLabel: label.value })
}

async function send(node: Node, body: Partial<Transaction>): Promise<CommandResult> {
  const author = authorOf(node)
  if (author === undefined) return notNow(node)
  const sent = await node.submit(paid(author, body))
  return sent.ok ? { ok: true } : { ok: false, ...refusalText(sent.error) }
}

function notNow({ mayAct }: Node): CommandResult {
  return failure(mayAct.stopped ?? 'LOCKED')
}
