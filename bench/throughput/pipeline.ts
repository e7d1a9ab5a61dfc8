/**
 * Transfers with every signature verified, as a node does it: one thread verifies the signatures of
 * the next block while the main one checks the body of the present one, executes it, works out its
 * state root, and stores the one before (the node's own queues do the same). Building the headers
 * is in the time, for one machine plays the proposer too.
 *
 * Arrival `block`: the signatures of a block at once, as when blocks are followed. Arrival `batch`:
 * each payment through the mempool, as batches bring them ahead of proposals (BATCH-1), and out of
 * it again.
 */

import { createNodeSignatureVerifier } from '../../src/adapters/node/signatureVerifier.ts'
import { Mempool } from '../../src/node/mempool.ts'
import { batchLimits } from '../../src/core/batch/limits.ts'
import { medianOf } from '../measure.ts'
import { executeBlock, finaliseBlock, openBenchNode, type BenchNode } from './node.ts'
import { decodeAll } from './stages.ts'
import { watchThreads, type ThreadTimes } from './threads.ts'
import { makeBlock, makeWorld, signTransfers, type SignedTransfers } from './world.ts'

/** The first one's signatures and the last one's execution have nothing beside them. */
const blocksEach = 16
const threads = 1

/**
 * Blocks whose signatures are asked for before they are executed: with two the thread that verifies
 * has work while this one decodes. The mempool holds two such blocks at most, one of them waiting.
 */
const blocksAhead: Readonly<Record<Arrival, number>> = { block: 2, batch: 1 }

export type Arrival = 'block' | 'batch'

export interface Pipeline extends ThreadTimes {
  readonly arrival: Arrival
  readonly perSecond: number
  /** Of all threads, for one transaction; so are `mainUs` and `otherUs`. */
  readonly cpuUs: number
}

export async function measurePipeline(options: {
  readonly accounts: number
  readonly size: number
  readonly runs: number
  readonly arrival: Arrival
}): Promise<Pipeline> {
  const { accounts, size, runs, arrival } = options
  const world = makeWorld(accounts)
  const pool = createNodeSignatureVerifier(threads)
  const node = await openBenchNode(world, pool)
  const { env, proofs, desk: signatures, sharing } = node
  const mempool = new Mempool({ env, proofs, signatures, sharing })
  const way: Way = { node, mempool, arrival }
  const measured: (ThreadTimes & { readonly wallUs: number })[] = []
  try {
    for (let run = -1; run < runs; run += 1) {
      const from = (run + 1) * blocksEach * size
      const blocks = Array.from({ length: blocksEach }, (_, index) =>
        signTransfers(world, from + index * size, size),
      )
      const [startMs, times] = [performance.now(), watchThreads()]
      await passBlocks(way, blocks)
      const { mainUs, otherUs, mainBusy } = times()
      if (run < 0) continue // The engine's compiler has now seen the code.
      const count = blocksEach * size
      const wallUs = (1000 * (performance.now() - startMs)) / count
      measured.push({ wallUs, mainUs: mainUs / count, otherUs: otherUs / count, mainBusy })
    }
  } finally {
    await node.close()
    await pool.close()
  }
  const median = (of: (one: (typeof measured)[number]) => number): number =>
    medianOf(measured.map(of))
  return {
    arrival,
    perSecond: Math.round(1e6 / median(({ wallUs }) => wallUs)),
    cpuUs: median(({ mainUs, otherUs }) => mainUs + otherUs),
    mainUs: median(({ mainUs }) => mainUs),
    otherUs: median(({ otherUs }) => otherUs),
    mainBusy: median(({ mainBusy }) => mainBusy),
  }
}

interface Way {
  readonly node: BenchNode
  readonly mempool: Mempool
  readonly arrival: Arrival
}

async function passBlocks(way: Way, blocks: readonly SignedTransfers[]): Promise<void> {
  const { node } = way
  const { hash, state, timeMs } = node.chain.tip
  let parent = { hash, state, timeMs }
  let stored = Promise.resolve()
  const ahead = blocksAhead[way.arrival]
  const arriving = blocks.slice(0, ahead).map((transfers) => arrive(way, transfers))
  for (const [index, transfers] of blocks.entries()) {
    await arriving[index]
    // The mempool is bounded: it takes no more before what is final has left it.
    if (way.arrival === 'batch') await stored
    arriving.push(arrive(way, blocks[index + ahead]))
    const block = makeBlock(parent, transfers)
    const after = await executeBlock(node, block)
    parent = { hash: block.hash, state: after, timeMs: block.header.timeMs }
    stored = stored.then(async () => {
      await finaliseBlock(node, block)
      if (way.arrival === 'batch') way.mempool.settle(node.chain.tip.state)
    })
  }
  await stored
}

async function arrive(way: Way, transfers: SignedTransfers | undefined): Promise<void> {
  if (transfers === undefined) return
  const { node, mempool, arrival } = way
  if (arrival === 'block') {
    await node.desk.verifyAll(decodeAll(transfers.body))
    return
  }
  const { state, timeMs } = node.chain.tip
  const batches = batchesOf(transfers.transactions)
  const kept = await Promise.all(batches.map((batch) => mempool.addAll(batch, state, timeMs + 1)))
  for (const one of kept.flat()) if (!one.ok) throw new Error(one.error.code)
}

/** As authors cut them; those of several authors arrive at the same time. */
function batchesOf(transactions: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const sizeBytes = transactions[0]?.length ?? 1
  const each = Math.min(batchLimits.transactionsMax, Math.floor(batchLimits.bytesMax / sizeBytes))
  return Array.from({ length: Math.ceil(transactions.length / each) }, (_, index) =>
    transactions.slice(index * each, (index + 1) * each),
  )
}
