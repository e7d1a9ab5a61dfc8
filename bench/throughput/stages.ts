/**
 * What a node does with a block of transfers, stage by stage, and the whole of it.
 *
 * Each stage works on the same block and the same state; the last one moves the chain on. What one
 * stage leaves in memory for the next is what it leaves in a node.
 */

import { bodyBytesMax, bodyMatches } from '../../src/core/bft/body.ts'
import { decodeBody } from '../../src/core/codec/decodeBody.ts'
import { applyBlock, receiptsRootOf, transactionsRootOf } from '../../src/core/ledger/applyBlock.ts'
import { applyTransaction } from '../../src/core/ledger/applyTransaction.ts'
import { blockContext } from '../../src/core/ledger/blockContext.ts'
import { openBlock } from '../../src/core/ledger/closeBlock.ts'
import { deriveHeader } from '../../src/core/ledger/deriveHeader.ts'
import { createVerifier } from '../../src/core/ledger/env.ts'
import { selectTransactions } from '../../src/core/ledger/selectTransactions.ts'
import { changesBetween, stateRoot } from '../../src/core/ledger/state.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'
import { blsBlst } from '../../src/adapters/crypto/blsBlst.ts'
import { Mempool } from '../../src/node/mempool.ts'
import { measured, type Measured } from '../measure.ts'
import { runBlock, storedBlock, type BenchNode } from './node.ts'
import { makeBlock, type SignedTransfers } from './world.ts'

export const stageNames = [
  'decode, id',
  'body check',
  'signature',
  'signature known',
  'mempool',
  'select',
  'transactions root',
  'execute',
  'receipts root',
  'apply block',
  'state root',
  'changes',
  'store in memory',
  'store in files',
  'whole',
] as const

export type StageName = (typeof stageNames)[number]

/** Divided by the transactions that it took. */
export type Stages = Readonly<Record<StageName, Measured>>

/** Signatures of a block that are checked: the check as it is now costs a millisecond each. */
const signaturesChecked = 100

export async function measureBlock(node: BenchNode, transfers: SignedTransfers): Promise<Stages> {
  const stopwatch = createStopwatch(transfers.transactions.length)
  const block = makeBlock(node.chain.tip, transfers)
  const task = { node, transfers, block, ...stopwatch }
  const transactions = await measureArrival(task)
  await measureExecution(task, transactions)
  await stopwatch.stage('whole', () => runBlock(node, block))
  return Object.fromEntries(stopwatch.stages) as Stages
}

interface Stopwatch {
  readonly stages: ReadonlyMap<StageName, Measured>
  readonly stage: <T>(name: StageName, work: () => T | Promise<T>, count?: number) => Promise<T>
}

interface Task extends Stopwatch {
  readonly node: BenchNode
  readonly transfers: SignedTransfers
  readonly block: ReturnType<typeof makeBlock>
}

function createStopwatch(countUsual: number): Stopwatch {
  const stages = new Map<StageName, Measured>()
  return {
    stages,
    async stage<T>(name: StageName, work: () => T | Promise<T>, count = countUsual): Promise<T> {
      const results: T[] = []
      const { wallMs, cpuMs } = await measured(async () => {
        results.push(await work())
      })
      stages.set(name, { wallMs: wallMs / count, cpuMs: cpuMs / count })
      return results[0] as T
    },
  }
}

/** From bytes to transactions that are known to be good, and to a proposer's choice. */
async function measureArrival(task: Task): Promise<readonly DecodedTransaction[]> {
  const { node, transfers, block, stage } = task
  const { env } = node
  const { state } = node.chain.tip
  const { header } = block
  const transactions = await stage('decode, id', () => decodeAll(block.body))
  await stage('body check', () => check(bodyMatches(header, block.body)))
  const sample = transactions.slice(0, signaturesChecked)
  const verifier = createVerifier(blsBlst)
  const checkSample = (): void => {
    for (const { transaction, id, signature } of sample) {
      check(verifier.accountSigned(transaction.sender, id, signature))
    }
  }
  await stage('signature', checkSample, sample.length)
  await stage('signature known', checkSample, sample.length)
  for (const { transaction, id, signature } of transactions) {
    node.noteSignature(transaction.sender, id, signature)
  }
  const mempool = new Mempool({
    env,
    proofs: node.proofs,
    signatures: node.desk,
    sharing: node.sharing,
  })
  await stage('mempool', async () => {
    for (const bytes of transfers.transactions) {
      check((await mempool.add(bytes, state, header.timeMs)).ok)
    }
  })
  await stage('select', () => {
    const selected = selectTransactions(state, header, mempool.candidates(), env)
    check(selected.ok && selected.value.transactions.length === transactions.length)
  })
  return transactions
}

/** From transactions to the next state, and to the disk. */
async function measureExecution(
  { node, block, stage }: Task,
  transactions: readonly DecodedTransaction[],
): Promise<void> {
  const { env } = node
  const { state } = node.chain.tip
  const { header } = block
  await stage('transactions root', () => transactionsRootOf(transactions))
  const receipts = await stage('execute', () => {
    const derived = deriveHeader(state, header.timeMs)
    let next = openBlock(state, header, derived)
    const context = blockContext(next, derived, header, env)
    return transactions.map((transaction) => {
      const applied = applyTransaction(next, transaction, context)
      if (!applied.ok) throw new Error(applied.error.code)
      next = applied.value.state
      return applied.value.receipt
    })
  })
  await stage('receipts root', () => receiptsRootOf(receipts))
  const applied = await stage('apply block', () => {
    const result = applyBlock(state, { header, transactions }, env)
    if (!result.ok) throw new Error(result.error.code)
    return result.value.state
  })
  const root = await stage('state root', () => stateRoot(applied))
  const changes = await stage('changes', () => changesBetween(state, applied))
  const batch = { blocks: [storedBlock(block)], changes, stateRoot: root }
  await stage('store in memory', () => node.memory.writeFinal(batch))
  await stage('store in files', () => node.files.writeFinal(batch))
}

/** Every transaction of a body. */
export function decodeAll(bytes: Uint8Array): readonly DecodedTransaction[] {
  const body = decodeBody(bytes, bodyBytesMax)
  if (!body.ok) throw new Error(body.error.code)
  return body.value.transactions.map((each) => {
    const decoded = decodeTransaction(each, bodyBytesMax)
    if (!decoded.ok) throw new Error(decoded.error.code)
    return decoded.value
  })
}

function check(holds: boolean): void {
  if (!holds) throw new Error('the bench does not do what it says')
}
