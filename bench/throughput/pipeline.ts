/**
 * Transfers with every signature verified, as a node does it: one thread verifies the signatures of
 * the next block while this one decodes, executes, roots and stores the present one. Building the
 * headers is in the time, for one machine plays the proposer too.
 */

import { createNodeSignatureVerifier } from '../../src/adapters/node/signatureVerifier.ts'
import { medianOf } from '../measure.ts'
import { openBenchNode, runBlock } from './node.ts'
import { decodeAll } from './stages.ts'
import { makeBlock, makeWorld, signTransfers } from './world.ts'

const blocksEach = 6
const threads = 1

export interface Pipeline {
  readonly perSecond: number
  /** Of all threads, for one transaction. */
  readonly cpuUs: number
}

export async function measurePipeline(options: {
  readonly accounts: number
  readonly size: number
  readonly runs: number
}): Promise<Pipeline> {
  const { accounts, size, runs } = options
  const world = makeWorld(accounts)
  const pool = createNodeSignatureVerifier(threads)
  const node = await openBenchNode(world, pool)
  const wallUs: number[] = []
  const cpuUs: number[] = []
  try {
    for (let run = -1; run < runs; run += 1) {
      const from = (run + 1) * blocksEach * size
      const blocks = Array.from({ length: blocksEach }, (_, index) =>
        signTransfers(world, from + index * size, size),
      )
      const [startMs, cpuStart] = [performance.now(), process.cpuUsage()]
      let ahead = verify(blocks[0]?.body)
      for (const [index, transfers] of blocks.entries()) {
        await ahead
        ahead = verify(blocks[index + 1]?.body)
        await runBlock(node, makeBlock(world, node.chain.tip, transfers))
      }
      const { user, system } = process.cpuUsage(cpuStart)
      if (run < 0) continue // The engine's compiler has now seen the code.
      wallUs.push((1000 * (performance.now() - startMs)) / (blocksEach * size))
      cpuUs.push((user + system) / (blocksEach * size))
    }
  } finally {
    await node.close()
    await pool.close()
  }
  return { perSecond: Math.round(1e6 / medianOf(wallUs)), cpuUs: medianOf(cpuUs) }

  async function verify(body: Uint8Array | undefined): Promise<void> {
    if (body !== undefined) await node.desk.verifyAll(decodeAll(body))
  }
}
