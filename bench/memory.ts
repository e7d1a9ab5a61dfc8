/**
 * What a validator holds while blocks, payments, proofs and epochs go by: the heap of a process
 * with four of them after full collections, at stations on the way. What the agreement, the duty,
 * the mempool, the proofs or the stores keep for good shows as bytes for each block.
 */
import { accountOf } from '../src/core/ledger/accounts.ts'
import { paid } from '../src/node/duty/ownTransactions.ts'
import { collectedHeap } from '../scripts/lib/collectedHeap.ts'
import type { Bench } from './bench.ts'
import { machineNow } from './machine.ts'
import {
  startValidators,
  validatorCount,
  type Validator,
  type Validators,
} from './memory/validators.ts'

const blocksDefault = 10_000
/** Of the blocks asked for. */
const stations = [1 / 8, 2 / 8, 3 / 8, 4 / 8, 5 / 8, 6 / 8, 7 / 8, 1]
/** Of each validator: so that what is bounded is full within the first half. */
const paymentsAtOnce = 8
const amountMicro = 1_000n
/** No block for so long: nothing goes on. */
const stuckMs = 120_000

interface Station {
  readonly height: number
  readonly epoch: number
  readonly payments: number
  readonly seats: number
  readonly heapBytes: number
  readonly arrayBytes: number
  readonly seconds: number
}

export const benchMemory: Bench = async ({ blocks = blocksDefault }) => {
  const machine = machineNow()
  const validators = await startValidators()
  try {
    const stopPaying = payEachOther(validators.all)
    const startMs = performance.now()
    const rows: Station[] = []
    for (const share of stations) {
      await reach(validators, Math.floor(blocks * share))
      rows.push(stationOf(validators.all, startMs))
    }
    stopPaying()
    return report(machine, rows)
  } finally {
    await validators.stop()
  }
}

/** Each pays the next one, so many times as soon as its last payments are in a block. */
function payEachOther(all: readonly Validator[]): () => void {
  const stops = all.map(({ node, account }, index) => {
    const recipient = all[(index + 1) % all.length]?.account ?? account
    let due = 0
    return node.events.on((event) => {
      const { chainId, tip } = node.chain
      const { signer } = node.mayAct
      const { nonce } = accountOf(tip.state, account)
      if (event.type !== 'final' || nonce < due || signer === undefined) return
      due = nonce + paymentsAtOnce
      for (let ahead = 0; ahead < paymentsAtOnce; ahead += 1) {
        const author = { chainId, state: tip.state, signer }
        void node.submit(paid(author, { transfer: { recipient, amountMicro } }, ahead))
      }
    })
  })
  return () => {
    for (const stop of stops) stop()
  }
}

async function reach({ all, troubles }: Validators, height: number): Promise<void> {
  let [last, sinceMs] = [-1, performance.now()]
  for (;;) {
    const [trouble] = troubles
    if (trouble !== undefined) throw new Error(`MEMORY_TROUBLE: ${trouble}`)
    const least = Math.min(...all.map(({ node }) => node.chain.tip.height))
    if (least >= height) return
    if (least !== last) [last, sinceMs] = [least, performance.now()]
    if (performance.now() - sinceMs > stuckMs) throw new Error(`MEMORY_STUCK: at ${least}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function stationOf(all: readonly Validator[], startMs: number): Station {
  const [first] = all
  if (first === undefined) throw new Error('no validator')
  const { chain, running } = first.node
  const { heapBytes, arrayBytes } = collectedHeap()
  return {
    height: chain.tip.height,
    epoch: chain.epoch,
    payments: all.reduce((sum, { account }) => sum + accountOf(chain.tip.state, account).nonce, 0),
    seats: running?.committee.seats.length ?? 0,
    heapBytes,
    arrayBytes,
    seconds: (performance.now() - startMs) / 1000,
  }
}

/** Bytes for each 1000 blocks and validator: the slope of least squares. */
function growth(rows: readonly Station[], of: 'heapBytes' | 'arrayBytes'): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [height, bytes] = [mean(rows.map((row) => row.height)), mean(rows.map((row) => row[of]))]
  const products = rows.map((row) => (row.height - height) * (row[of] - bytes))
  const squares = rows.map((row) => (row.height - height) ** 2)
  return (1_000 * mean(products)) / mean(squares) / validatorCount
}

function report(
  machine: ReturnType<typeof machineNow>,
  rows: readonly Station[],
): Awaited<ReturnType<Bench>> {
  // Before that the process compiles, and caches fill up to their bounds.
  const counted = rows.slice(rows.length / 2 - 1)
  const heap = growth(counted, 'heapBytes')
  const arrays = growth(counted, 'arrayBytes')
  const { loadAverage } = machineNow()
  return {
    data: {
      bench: 'memory',
      machine,
      loadAverageAfter: loadAverage,
      validators: validatorCount,
      stations: rows,
      heapBytesPer1000Blocks: heap,
      arrayBytesPer1000Blocks: arrays,
    },
    table: [
      `${machine.cpu}, ${machine.coreCount} cores, node ${machine.node}`,
      `${validatorCount} validators in this process, after full collections`,
      ['blocks', 'epoch', 'seats', 'payments', 'heap KiB', 'arrays KiB', 'seconds']
        .map((title) => title.padStart(11))
        .join(''),
      ...rows.map((row) =>
        [
          ...[row.height, row.epoch, row.seats, row.payments],
          ...[row.heapBytes, row.arrayBytes].map((bytes) => Math.round(bytes / 1024)),
          Math.round(row.seconds),
        ]
          .map((value) => String(value).padStart(11))
          .join(''),
      ),
      `in the second half a validator holds, for each 1000 blocks,`,
      `  ${kibibytes(heap)} of heap and ${kibibytes(arrays)} of arrays more`,
    ],
  }
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KiB`
}
