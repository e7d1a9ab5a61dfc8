/**
 * Proofs to a light client (SYNC-2, STATE-1): a leaf of the state, or that there is none, under
 * the state root in a final header; a transaction under the transactions root of its block's
 * header, and its receipt under the receipts root in the next one.
 */
import { equalBytes } from '../base/bytes.ts'
import { err, ok, type Result } from '../base/result.ts'
import { CertifiedBlock } from '../codec/chain.ts'
import type { LeafProof, ListProof, TransactionPlace, TransactionProof } from '../codec/light.ts'
import { Receipt, StateProof } from '../codec/state.ts'
import { decodeStrict, type DecodeError } from '../codec/strict.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { merkleVerify, receiptTree, transactionTree } from '../crypto/merkle.ts'
import { smtVerify } from '../crypto/smtProof.ts'
import { keyOf, type Table } from '../ledger/state.ts'
import { decodeTransaction, type DecodedTransaction } from '../ledger/transactionBytes.ts'
import type { VerifiedBlock } from './certified.ts'
import { verifyShown, type LightError, type LightTip } from './lightClient.ts'

export type ProofError =
  | LightError
  | DecodeError
  /** The epoch of the header is not one whose committee is known here: follow it first. */
  | { readonly code: 'PROOF_EPOCH_UNKNOWN'; readonly epoch: number }
  /** The path does not lead from the value to the root in the header. */
  | { readonly code: 'PROOF_INVALID' }
  /** It proves something, and not what was asked for. */
  | { readonly code: 'PROOF_OTHER' }

/** A header and where the trust in it comes from. */
export interface ProofEnv {
  readonly bls: BlsBackend
  /** Trust as of the boundary before an epoch. */
  readonly trustedBefore: (epoch: number) => LightTip | undefined
}

/** Headers and paths are far below; an opening block has a body. */
const blockBytesMax = 1024 * 1024
const proofBytesMax = 16 * 1024
const itemBytesMax = 1024 * 1024

export interface ProvenLeaf<V> {
  /** Undefined: proven absent. */
  readonly value: V | undefined
  /** The header whose parent's state holds it: how new the answer is, is up to the asker. */
  readonly under: VerifiedBlock
}

export function verifyLeaf<Id, V>(
  env: ProofEnv,
  asked: { readonly table: Table<Id, V>; readonly id: Id },
  shown: { readonly block: Uint8Array; readonly restart: Uint8Array; readonly leaf: LeafProof },
): Result<ProvenLeaf<V>, ProofError> {
  const under = verifyHeaderBytes(env, shown)
  if (!under.ok) return under
  const proof = decodeStrict(StateProof, shown.leaf.proof, proofBytesMax)
  if (!proof.ok) return proof
  const { table, id } = asked
  const bytes = shown.leaf.isPresent ? shown.leaf.value : undefined
  const { parentStateRoot } = under.value.header
  if (!smtVerify(parentStateRoot, keyOf(table, id), bytes, proof.value)) {
    return err({ code: 'PROOF_INVALID' })
  }
  if (bytes === undefined) return ok({ value: undefined, under: under.value })
  const value = decodeStrict(table.codec, bytes, itemBytesMax)
  return value.ok ? ok({ value: value.value, under: under.value }) : value
}

export interface ProvenTransaction {
  readonly transaction: DecodedTransaction
  readonly block: VerifiedBlock
  /** Undefined when whoever answered does not hold it. */
  readonly receipt: Receipt | undefined
}

export function verifyTransaction(
  env: ProofEnv,
  asked: TransactionPlace,
  shown: {
    readonly block: Uint8Array
    readonly restart: Uint8Array
    readonly transaction: TransactionProof
  },
): Result<ProvenTransaction, ProofError> {
  const block = verifyHeaderBytes(env, shown)
  if (!block.ok) return block
  const { header } = block.value
  const { path, transaction: bytes } = shown.transaction
  if (!isUnder(transactionTree, header.transactionsRoot, bytes, path)) {
    return err({ code: 'PROOF_INVALID' })
  }
  const transaction = decodeTransaction(bytes, itemBytesMax)
  const isAsked =
    transaction.ok && equalBytes(transaction.value.id, asked.id) && header.height === asked.height
  if (!isAsked) return err({ code: 'PROOF_OTHER' })
  const receipt = verifyReceipt(env, block.value, transaction.value.id, shown.transaction)
  if (!receipt.ok) return receipt
  return ok({ transaction: transaction.value, block: block.value, receipt: receipt.value })
}

/** Receipts are ordered as the transactions are, and each names its own. */
function verifyReceipt(
  env: ProofEnv,
  block: VerifiedBlock,
  id: Uint8Array,
  shown: TransactionProof,
): Result<Receipt | undefined, ProofError> {
  if (shown.receipt.length === 0) return ok(undefined)
  const child = verifyHeaderBytes(env, { block: shown.child, restart: shown.childRestart })
  if (!child.ok) return child
  const { parent, parentReceiptsRoot } = child.value.header
  const isHeld =
    equalBytes(parent, block.hash) &&
    isUnder(receiptTree, parentReceiptsRoot, shown.receipt, shown.receiptPath)
  if (!isHeld) return err({ code: 'PROOF_INVALID' })
  const receipt = decodeStrict(Receipt, shown.receipt, itemBytesMax)
  if (!receipt.ok) return receipt
  return equalBytes(receipt.value.transaction, id) ? receipt : err({ code: 'PROOF_OTHER' })
}

function isUnder(
  tree: Parameters<typeof merkleVerify>[0],
  root: Uint8Array,
  item: Uint8Array,
  path: ListProof | undefined,
): boolean {
  return path !== undefined && merkleVerify(tree, root, item, path)
}

/** A certified header, with what opened its committee; decoded strictly, trusted by its epoch. */
export function verifyHeaderBytes(
  env: ProofEnv,
  shown: { readonly block: Uint8Array; readonly restart: Uint8Array },
): Result<VerifiedBlock, ProofError> {
  const block = decodeStrict(CertifiedBlock, shown.block, blockBytesMax)
  if (!block.ok) return block
  const opening =
    shown.restart.length === 0
      ? undefined
      : decodeStrict(CertifiedBlock, shown.restart, blockBytesMax)
  if (opening?.ok === false) return opening
  const { epoch } = block.value.certificate ?? { epoch: 0 }
  const trusted = env.trustedBefore(epoch)
  if (trusted === undefined) return err({ code: 'PROOF_EPOCH_UNKNOWN', epoch })
  return verifyShown(trusted, { block: block.value, restart: opening?.value }, env.bls)
}
