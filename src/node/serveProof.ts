/** Proofs for light clients (SYNC-2), from what this node holds. */
import { equalBytes } from '../core/base/bytes.ts'
import { bodyBytesMax } from '../core/bft/body.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import { Body, CertifiedBlock, Header } from '../core/codec/chain.ts'
import {
  AnswerCode,
  ProofRequest,
  type EnrolmentPlace,
  type ListProof,
  type ProofResponse,
  type TransactionPlace,
  type TransactionProof,
} from '../core/codec/light.ts'
import { Receipt, StateProof } from '../core/codec/state.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { merkleProve, receiptTree, transactionTree } from '../core/crypto/merkle.ts'
import { smtGet, smtKeyBytes } from '../core/crypto/smt.ts'
import { smtProve } from '../core/crypto/smtProof.ts'
import { decodeTransaction } from '../core/ledger/transactionBytes.ts'
import type { StoredBlock } from '../ports/store.ts'
import { certifiedOf, type Chain } from './chain.ts'
import { decodeHeight } from './heightBytes.ts'
import { enrolmentProof } from './serveEnrolment.ts'

const requestBytesMax = 256
const none = new Uint8Array(0)

export async function answerProof(chain: Chain, bytes: Uint8Array): Promise<ProofResponse> {
  const request = decodeStrict(ProofRequest, bytes, requestBytesMax)
  if (!request.ok) return refused(AnswerCode.REQUEST_MALFORMED)
  const { leaf, transaction, enrolment } = request.value
  const isForPlace = leaf.length === 0
  const isForLeaf = transaction === undefined && enrolment === undefined
  if (isForLeaf && leaf.length === smtKeyBytes) return proveLeaf(chain, leaf)
  if (isForPlace && transaction && enrolment === undefined) {
    return proveTransaction(chain, transaction)
  }
  if (isForPlace && enrolment && transaction === undefined) return proveEnrolment(chain, enrolment)
  return refused(AnswerCode.REQUEST_MALFORMED)
}

function refused(code: AnswerCode): ProofResponse {
  return { code, block: none, restart: none }
}

/** Under the tip's header; not held in the moment after a start. */
async function proveLeaf(chain: Chain, key: Uint8Array): Promise<ProofResponse> {
  const { provable, tip } = chain
  const block = provable && (await chain.store.readBlock(tip.height))
  if (provable === undefined || block === undefined || !equalBytes(block.hash, tip.hash)) {
    return refused(AnswerCode.NOT_HELD)
  }
  const found = smtGet(provable.tree, key)
  const leaf = {
    isPresent: found !== undefined,
    value: found?.value ?? none,
    proof: StateProof.encode(smtProve(provable.tree, key)),
  }
  return { code: AnswerCode.ANSWERED, ...(await shown(chain, block)), leaf }
}

async function proveEnrolment(chain: Chain, place: EnrolmentPlace): Promise<ProofResponse> {
  const enrolment = enrolmentProof(chain.tip.state, place)
  const block = enrolment && (await chain.boundaryBlock(place.epoch))
  if (enrolment === undefined || block === undefined) return refused(AnswerCode.NOT_HELD)
  return { code: AnswerCode.ANSWERED, ...(await shown(chain, block)), enrolment }
}

async function proveTransaction(
  chain: Chain,
  { height, id }: TransactionPlace,
): Promise<ProofResponse> {
  const block = await chain.store.readBlock(height)
  const body = block && decodeStrict(Body, block.body, bodyBytesMax)
  const items = body?.ok === true ? body.value.transactions : []
  const index = items.findIndex((item) => {
    const decoded = decodeTransaction(item, bodyBytesMax)
    return decoded.ok && equalBytes(decoded.value.id, id)
  })
  const bytes = items[index]
  if (block === undefined || bytes === undefined) return refused(AnswerCode.NOT_HELD)
  const path = listProof(merkleProve(transactionTree, items, index))
  const receipt = await proveReceipt(chain, height, index)
  const transaction: TransactionProof = { transaction: bytes, path, ...receipt }
  return { code: AnswerCode.ANSWERED, ...(await shown(chain, block)), transaction }
}

async function proveReceipt(
  chain: Chain,
  height: number,
  index: number,
): Promise<Pick<TransactionProof, 'receipt' | 'receiptPath' | 'child' | 'childRestart'>> {
  const receipts = chain.receipts.at(height)?.map((receipt) => Receipt.encode(receipt))
  const receipt = receipts?.[index]
  const child = await chain.store.readBlock(height + 1)
  if (receipts === undefined || receipt === undefined || child === undefined) {
    return { receipt: none, child: none, childRestart: none }
  }
  const { block, restart } = await shown(chain, child)
  const receiptPath = listProof(merkleProve(receiptTree, receipts, index))
  return { receipt, receiptPath, child: block, childRestart: restart }
}

function listProof(proof: ReturnType<typeof merkleProve>): ListProof {
  return { ...proof, siblings: [...proof.siblings] }
}

/** Without its body, and what opened its committee (RECOVER-1). */
async function shown(
  chain: Chain,
  stored: StoredBlock,
): Promise<{ readonly block: Uint8Array; readonly restart: Uint8Array }> {
  const opening = await openingOf(chain, stored)
  return {
    block: CertifiedBlock.encode({ ...certifiedOf(stored), body: none }),
    restart: opening === undefined ? none : CertifiedBlock.encode(certifiedOf(opening)),
  }
}

/** The last restart of the epoch, when the block is of its committee. */
async function openingOf(chain: Chain, stored: StoredBlock): Promise<StoredBlock | undefined> {
  const base = await chain.store.getValue(`restart/${String(stored.epoch)}`)
  const opening = base && (await chain.store.readBlock(decodeHeight(base) + 1))
  if (opening === undefined || restartOpening(opening.body) === undefined) return undefined
  const { committeeRoot } = Header.decode(stored.header)
  const isSame = equalBytes(Header.decode(opening.header).committeeRoot, committeeRoot)
  return isSame ? opening : undefined
}
