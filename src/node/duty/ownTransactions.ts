/** Transactions of this node's own account, signed and ready to send. */
import { Provenance, type Ready, type Transaction } from '../../core/codec/chain.ts'
import { accountOf } from '../../core/ledger/accounts.ts'
import type { LedgerState } from '../../core/ledger/state.ts'
import { encodeTransaction } from '../../core/ledger/transactionBytes.ts'
import type { Provenance as ProvenanceName } from '../../ports/sensor.ts'
import { runningEpoch } from '../epochEnv.ts'
import type { ActingSigner, MayAct } from '../mayAct.ts'

export interface Author {
  readonly chainId: string
  readonly state: LedgerState
  readonly signer: ActingSigner
}

/** As of now: undefined for who may not act. */
export function authorOf(node: {
  readonly chain: { readonly chainId: string; readonly tip: { readonly state: LedgerState } }
  readonly mayAct: MayAct
}): Author | undefined {
  const { chainId, tip } = node.chain
  const { signer } = node.mayAct
  return signer && { chainId, state: tip.state, signer }
}

/** Epochs in which a paid transaction may still be included. */
const expiryEpochs = 4

/** The most an own transaction may cost: a hundred times the fee of a full one. */
const feeMaxMicro = 10_000_000n

/** A paid transaction with the account's next nonce, plus how many wait before it. */
export function paid(author: Author, payload: Partial<Transaction>, ahead = 0): Uint8Array {
  const { chainId, state, signer } = author
  const transaction: Transaction = {
    chainId,
    sender: signer.identity,
    nonce: accountOf(state, signer.identity).nonce + ahead,
    expiryEpoch: runningEpoch(state) + expiryEpochs,
    feeMaxMicro,
    ...payload,
  }
  return encodeTransaction(transaction, (message) => signer.signIdentity(message))
}

/** READY, CONFIRM and absence: free, without a nonce, in this epoch only (FEE-1). */
export function duty(author: Author, payload: Partial<Transaction>): Uint8Array {
  const { chainId, state, signer } = author
  const transaction: Transaction = {
    chainId,
    sender: signer.identity,
    nonce: 0,
    expiryEpoch: runningEpoch(state),
    feeMaxMicro: 0n,
    ...payload,
  }
  return encodeTransaction(transaction, (message) => signer.signIdentity(message))
}

const unjudged: ReadonlySet<string> = new Set([
  ...['READY_PROOF_UNVERIFIED', 'LIVENESS_UNVERIFIED', 'MEMPOOL_FULL'],
])

/** Said of this node and not of what was sent: its verifier did not answer, or too much waits. */
export function isUnjudged(code: string): boolean {
  return unjudged.has(code)
}

const provenances: Readonly<Record<ProvenanceName, Ready['provenance']>> = {
  strap: Provenance.STRAP,
  'strap+ecg': Provenance.STRAP_ECG,
  camera: Provenance.CAMERA,
  'strap+camera': Provenance.STRAP_CAMERA,
  simulated: Provenance.SIMULATED,
}

export function provenanceCode(name: ProvenanceName): Ready['provenance'] {
  return provenances[name]
}
