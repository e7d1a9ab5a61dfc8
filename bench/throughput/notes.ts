/** What the rules allow, beside what a machine can do. */

import { bodyBytesMax } from '../../src/core/bft/body.ts'
import { defaultParams, paramDefinitions } from '../../src/core/params.ts'

const aim = 10_000

export function notesFor(transactionBytes: number): readonly string[] {
  const { blockBytesMax, blockTransactionsMax, blockIntervalMs } = defaultParams
  const fitting = Math.floor(blockBytesMax / transactionBytes)
  const most = Math.min(fitting, Number(paramDefinitions.blockTransactionsMax.max))
  const usual = Math.min(fitting, blockTransactionsMax)
  const rate = (count: number, intervalMs: number): number =>
    Math.floor((1000 * count) / intervalMs)
  const megabytes = (aim * transactionBytes) / 1e6
  const wantedMs = Math.floor((1000 * most) / aim)
  return [
    `A transfer has ${transactionBytes} bytes; ${aim} a second are ${megabytes} MB/s.`,
    `A body has at most ${bodyBytesMax} bytes (BFT-2). With blockBytesMax ${blockBytesMax}, the ` +
      `default, it holds ${fitting} of them; the default of blockTransactionsMax allows ${usual}.`,
    `PACE-1: a block each ${blockIntervalMs} ms by default, so ${rate(usual, blockIntervalMs)} ` +
      `a second; with blockTransactionsMax ${most} it would be ${rate(most, blockIntervalMs)}.`,
    `${aim} a second need blocks of ${most}, one each ${wantedMs} ms: a genesis that says so in ` +
      'blockIntervalMs and blockTransactionsMax is within their bounds.',
  ]
}
