/**
 * Executes a block on its parent's state (BFT-3): first every proof that it carries is verified in
 * the prover's worker (ZK-4), its signatures in theirs (SIG-1) and its parts of the sharing
 * (BEACON-6), then the pure ledger runs. Tails have a form of their own (EPOCH-2).
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import type { Header } from '../core/codec/chain.ts'
import { decodeBody } from '../core/codec/decodeBody.ts'
import { bodyBytesMax, knownBodyRoot } from '../core/bft/body.ts'
import { applyBlock, startBlock, stateBefore, type Block } from '../core/ledger/applyBlock.ts'
import type { LedgerEnv } from '../core/ledger/env.ts'
import { readSingle, stateRoot, type LedgerState } from '../core/ledger/state.ts'
import { tip } from '../core/ledger/tables.ts'
import { decodeTransaction, type DecodedTransaction } from '../core/ledger/transactionBytes.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Chain, Executed } from './chain.ts'
import type { ProofDesk } from './proofDesk.ts'
import type { SharingDesk } from './sharing/sharingDesk.ts'
import type { SignatureDesk } from './signatureDesk.ts'

/** How often a proof without a verdict is tried. */
const attemptsMax = 3

export interface BlockBytes {
  readonly hash: Uint8Array
  readonly header: Header
  readonly body: Uint8Array
  readonly isTail: boolean
}

export type Execution =
  | { readonly valid: true; readonly isBoundary: boolean }
  | { readonly valid: false; readonly code: string }

export class Executor {
  readonly env: LedgerEnv
  readonly #chain: Chain
  readonly #proofs: ProofDesk
  readonly #signatures: SignatureDesk | undefined
  readonly #sharing: SharingDesk | undefined
  readonly #onWrongPart: (bytes: Uint8Array) => void

  constructor(options: {
    readonly chain: Chain
    readonly env: LedgerEnv
    readonly proofs: ProofDesk
    /** Whose verifier is that of `env`. */
    readonly signatures?: SignatureDesk
    readonly sharing?: SharingDesk
    /** A block held this transaction, which is evidence (E8). */
    readonly onWrongPart?: (bytes: Uint8Array) => void
  }) {
    this.#chain = options.chain
    this.env = options.env
    this.#proofs = options.proofs
    this.#signatures = options.signatures
    this.#sharing = options.sharing
    this.#onWrongPart = options.onWrongPart ?? (() => undefined)
  }

  async execute(block: BlockBytes): Promise<Execution> {
    const parentKey = hex(block.header.parent) as HashHex
    const state = this.#chain.stateAfter(parentKey)
    if (state === undefined) return { valid: false, code: 'BLOCK_PARENT_UNKNOWN' }
    const body = decodeBody(block.body, bodyBytesMax)
    if (!body.ok) return { valid: false, code: body.error.code }
    if (block.isTail) return this.#executeTail(block, state, body.value.transactions.length)
    const transactions = body.value.transactions.flatMap(decoded)
    if (transactions.length !== body.value.transactions.length) {
      return { valid: false, code: 'TX_MALFORMED' }
    }
    const transactionsRoot = knownBodyRoot(block.body)
    const result = await this.#apply(state, {
      header: block.header,
      transactions,
      transactionsRoot,
    })
    if (!result.ok) {
      const { error } = result
      const isWrong = error.code === 'BLOCK_TX_INVALID' && error.cause.code === 'SHARING_WRONG'
      const wrong = isWrong ? transactions[error.index] : undefined
      if (wrong !== undefined) this.#onWrongPart(wrong.bytes)
      return { valid: false, code: error.code }
    }
    const { isBoundary } = result.value.derived
    const { receipts } = result.value
    this.#note(block, result.value.state, { isBoundary, isTail: false, receipts })
    return { valid: true, isBoundary }
  }

  /**
   * All that is asked on the parent's state is judged together, up to a proof that does not hold
   * there. What lacks a verdict then was not asked there, because earlier transactions of the block
   * matter, or a worker crashed: it is judged on the state just before it, a few times, before the
   * block is called invalid. Those behind it are judged together again, as far as before: how much
   * a block of false proofs costs does not depend on what stands at its head.
   */
  async #apply(state: LedgerState, block: Block): Promise<ReturnType<typeof applyBlock>> {
    await this.#judgeAll(state, block, 0)
    let result = applyBlock(state, block, this.env)
    let reached = -1
    let attempt = 1
    while (!result.ok && result.error.code === 'BLOCK_PROOF_UNVERIFIED') {
      const { index } = result.error
      // Never more turns than `attemptsMax` a transaction: verdicts may be forgotten meanwhile.
      attempt = index > reached ? 1 : attempt + 1
      if (attempt === attemptsMax) break
      reached = Math.max(reached, index)
      await this.#judgeAll(state, block, index)
      await this.#judgeAt(state, block, index)
      result = applyBlock(state, block, this.env)
    }
    return result
  }

  /** The proofs from that transaction on. */
  async #judgeAll(state: LedgerState, block: Block, from: number): Promise<void> {
    await Promise.all([
      this.#proofs.verifyAll(state, block.transactions.slice(from)),
      this.#signatures?.verifyAll(block.transactions),
    ])
    await this.#judgeParts(state, block)
  }

  async #judgeAt(state: LedgerState, block: Block, index: number): Promise<void> {
    const before = stateBefore(state, block, index, this.env)
    const transaction = block.transactions[index]
    if (!before.ok || transaction === undefined) return
    await this.#proofs.verify(before.value, transaction)
    await this.#sharing?.judgeAll(before.value, [transaction])
  }

  /** Under the committee that the block has, which a restart may name in it (RECOVER-1). */
  async #judgeParts(state: LedgerState, block: Block): Promise<void> {
    const isAbout = ({ kind }: DecodedTransaction): boolean =>
      kind === 'sharing' || kind === 'evidence'
    const parts = block.transactions.filter(isAbout)
    if (this.#sharing === undefined || parts.length === 0) return
    const start = startBlock(state, block, this.env)
    if (start.ok) await this.#sharing.judgeAll(start.value.opened, parts)
  }

  /** A tail repeats its parent's state and says nothing new. */
  #executeTail(block: BlockBytes, state: LedgerState, transactionCount: number): Execution {
    const { header } = block
    const { receiptsRoot } = readSingle(state, tip)
    const isPlain =
      transactionCount === 0 &&
      header.enrolmentRoot.length === 0 &&
      equalBytes(header.parentStateRoot, stateRoot(state)) &&
      equalBytes(header.parentReceiptsRoot, receiptsRoot)
    if (!isPlain) return { valid: false, code: 'BLOCK_TAIL_INVALID' }
    this.#note(block, state, { isBoundary: false, isTail: true, receipts: [] })
    return { valid: true, isBoundary: false }
  }

  #note(
    block: BlockBytes,
    state: LedgerState,
    flags: Pick<Executed, 'isBoundary' | 'isTail' | 'receipts'>,
  ): void {
    const key = hex(block.hash) as HashHex
    const { hash, header } = block
    this.#chain.noteExecuted({ key, hash, header, state, ...flags })
  }
}

function decoded(bytes: Uint8Array): readonly DecodedTransaction[] {
  const result = decodeTransaction(bytes, bodyBytesMax)
  return result.ok ? [result.value] : []
}
