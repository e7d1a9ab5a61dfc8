/**
 * One transaction: chain, expiry, sender, signature, nonce and fee (REPLAY-1, FEE-1), then its
 * kind.
 *
 * ready, confirm, absence, sharing, liveness, endLiveness, attest, consent and the renewal of a
 * duty cost nothing and use no nonce: a quota stands in their place. Evidence and checkpoints are
 * not even signed: they prove themselves.
 */
import { unreachable } from '../base/assert.ts'
import { err, ok, type Result } from '../base/result.ts'
import type { Receipt } from '../codec/state.ts'
import { accountOf, credit } from './accounts.ts'
import type { BlockContext } from './blockContext.ts'
import type { TransactionError } from './errors.ts'
import { read, write, type LedgerState } from './state.ts'
import { accounts, validators } from './tables.ts'
import type { DecodedTransaction, TransactionKind } from './transactionBytes.ts'
import { absence } from './transactions/absence.ts'
import { attest } from './transactions/attest.ts'
import { bond } from './transactions/bond.ts'
import { checkpoint } from './transactions/checkpoint.ts'
import { confirm } from './transactions/confirm.ts'
import { consent } from './transactions/consent.ts'
import { doubleCheckpoint } from './transactions/doubleCheckpoint.ts'
import { duty, renewsDuty } from './transactions/duty.ts'
import { evidence } from './transactions/evidence.ts'
import type { Execute, Outcome } from './transactions/outcome.ts'
import { endLiveness } from './transactions/endLiveness.ts'
import { liveness } from './transactions/liveness.ts'
import { operatorLabel } from './transactions/operatorLabel.ts'
import { plainPayment } from './transactions/plainPayment.ts'
import { ready } from './transactions/ready.ts'
import { register } from './transactions/register.ts'
import { sharing } from './transactions/sharing.ts'
import { transfer } from './transactions/transfer.ts'
import { unbond } from './transactions/unbond.ts'
import { withdraw } from './transactions/withdraw.ts'

export interface Applied {
  readonly state: LedgerState
  readonly receipt: Receipt
}

type Class = 'paid' | 'quota' | 'unsigned'

const classes: Readonly<Record<TransactionKind, Class>> = {
  transfer: 'paid',
  bond: 'paid',
  unbond: 'paid',
  withdraw: 'paid',
  register: 'paid',
  ready: 'quota',
  confirm: 'quota',
  absence: 'quota',
  evidence: 'unsigned',
  restart: 'unsigned',
  duty: 'paid',
  checkpoint: 'unsigned',
  doubleCheckpoint: 'unsigned',
  sharing: 'quota',
  liveness: 'quota',
  endLiveness: 'quota',
  operatorLabel: 'paid',
  attest: 'quota',
  consent: 'quota',
}

function classOf({ kind, transaction }: DecodedTransaction): Class {
  return transaction.duty !== undefined && renewsDuty(transaction.duty) ? 'quota' : classes[kind]
}

export function applyTransaction(
  state: LedgerState,
  decoded: DecodedTransaction,
  context: BlockContext,
): Result<Applied, TransactionError> {
  const { sender } = decoded.transaction
  const refusal = findRefusal(state, decoded, context)
  if (refusal !== undefined) return err(refusal)
  if (classOf(decoded) !== 'paid') {
    return receipted(decoded, 0n, execute(state, decoded, context))
  }
  const feeMicro = feeOf(decoded, context)
  const paidAtOnce = plainPayment(state, decoded, context, feeMicro)
  if (paidAtOnce !== undefined) {
    const amountMicro = decoded.transaction.transfer?.amountMicro ?? 0n
    return receipted(decoded, feeMicro, ok({ state: paidAtOnce, amountMicro }))
  }
  const account = accountOf(state, sender)
  const { nonce, feeMaxMicro } = decoded.transaction
  if (nonce < account.nonce) return err({ code: 'TX_NONCE_USED', next: account.nonce })
  if (nonce > account.nonce) return err({ code: 'TX_NONCE_GAP', next: account.nonce })
  if (feeMicro > feeMaxMicro) return err({ code: 'TX_FEE', feeMicro })
  const { balanceMicro } = account
  if (balanceMicro < feeMicro)
    return err({ code: 'TX_BALANCE', balanceMicro, neededMicro: feeMicro })
  const charged = write(state, accounts, sender, {
    ...account,
    nonce: nonce + 1,
    balanceMicro: balanceMicro - feeMicro,
  })
  const paid =
    context.proposer === undefined ? charged : credit(charged, context.proposer, feeMicro)
  return receipted(decoded, feeMicro, execute(paid, decoded, context))
}

/** What a transaction of this size costs (FEE-1). */
export function feeOf(decoded: DecodedTransaction, context: BlockContext): bigint {
  return BigInt(decoded.bytes.length) * context.params.byteFeeMicro
}

function findRefusal(
  state: LedgerState,
  decoded: DecodedTransaction,
  context: BlockContext,
): TransactionError | undefined {
  const { transaction, kind } = decoded
  const { params, derived } = context
  const sizeBytesMax = params.transactionBytesMax
  if (decoded.bytes.length > sizeBytesMax) return { code: 'TX_TOO_LARGE', sizeBytesMax }
  if (transaction.chainId !== derived.chainId) return { code: 'TX_CHAIN' }
  if (transaction.expiryEpoch < derived.epoch) return { code: 'TX_EXPIRED', epoch: derived.epoch }
  const type = classOf(decoded)
  if (type !== 'paid') {
    if (transaction.nonce !== 0) return { code: 'TX_FIELD', field: 'nonce' }
    if (transaction.feeMaxMicro !== 0n) return { code: 'TX_FIELD', field: 'feeMaxMicro' }
  }
  if (type === 'unsigned') {
    if (transaction.sender.length !== 0) return { code: 'TX_FIELD', field: 'sender' }
    return decoded.signature.length === 0 ? undefined : { code: 'TX_FIELD', field: 'signature' }
  }
  if (transaction.sender.length !== 32) return { code: 'TX_FIELD', field: 'sender' }
  // READY-1: registration before the signature; strangers cost a look-up only.
  if (type === 'quota' && read(state, validators, transaction.sender) === undefined) {
    return { code: 'TX_NOT_VALIDATOR' }
  }
  // These count only in the epoch that they name, so that they cannot be replayed.
  if (transaction.expiryEpoch !== derived.epoch) {
    if (kind === 'absence') return { code: 'ABSENCE_QUOTA' }
    if (transaction.consent?.version) return { code: 'CONSENT_QUOTA' }
    if (kind === 'duty' && type === 'quota') return { code: 'TX_FIELD', field: 'expiryEpoch' }
  }
  const { verifier } = context.env
  return verifier.accountSigned(transaction.sender, decoded.id, decoded.signature)
    ? undefined
    : { code: 'TX_SIGNATURE' }
}

function execute(
  state: LedgerState,
  decoded: DecodedTransaction,
  context: BlockContext,
): Result<Outcome, TransactionError> {
  const { transaction, kind } = decoded
  const run = <P>(kindOf: Execute<P>, payload: P | undefined): Result<Outcome, TransactionError> =>
    payload === undefined
      ? err({ code: 'TX_KIND' })
      : kindOf(state, transaction.sender, payload, context)
  switch (kind) {
    case 'transfer':
      return run(transfer, transaction.transfer)
    case 'bond':
      return run(bond, transaction.bond)
    case 'unbond':
      return run(unbond, transaction.unbond)
    case 'withdraw':
      return run(withdraw, transaction.withdraw)
    case 'register':
      return run(register, transaction.register)
    case 'ready':
      return run(ready, transaction.ready)
    case 'confirm':
      return run(confirm, transaction.confirm)
    case 'absence':
      return run(absence, transaction.absence)
    case 'evidence':
      return run(evidence, transaction.evidence)
    case 'duty':
      return run(duty, transaction.duty)
    case 'checkpoint':
      return run(checkpoint, transaction.checkpoint)
    case 'doubleCheckpoint':
      return run(doubleCheckpoint, transaction.doubleCheckpoint)
    case 'sharing':
      return run(sharing, transaction.sharing)
    case 'liveness':
      return run(liveness, transaction.liveness)
    case 'endLiveness':
      return run(endLiveness, transaction.endLiveness)
    case 'operatorLabel':
      return run(operatorLabel, transaction.operatorLabel)
    case 'attest':
      return run(attest, transaction.attest)
    case 'consent':
      return run(consent, transaction.consent)
    case 'restart':
      return err({ code: 'RESTART_PLACE' })
    default:
      return unreachable(kind)
  }
}

function receipted(
  decoded: DecodedTransaction,
  feeMicro: bigint,
  outcome: Result<Outcome, TransactionError>,
): Result<Applied, TransactionError> {
  if (!outcome.ok) return outcome
  const { state, amountMicro } = outcome.value
  return ok({ state, receipt: { transaction: decoded.id, feeMicro, amountMicro } })
}
