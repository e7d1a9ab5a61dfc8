/** Whether two threads are quicker than one, as measured; kept for the next worker (ZK-12). */

import type { ThreadFault } from '../../../src/ports/prover.ts'
import type { OriginFiles } from '../files/originFiles.ts'
import { readStored, writeStored } from '../files/storedChoice.ts'

const file = { name: 'prover-threads', version: 1 } as const

/** Of one thread's wall time: what gains less is not worth a thread and its memory. */
const gainNumerator = 4
const gainDenominator = 5

/** Milliseconds of wall time, for the same sums. */
export interface ThreadTimes {
  readonly oneMs: number
  readonly twoMs: number
}

export interface ThreadChoice {
  readonly by: 'threads' | 'cpu'
  /** Why it is one thread. */
  readonly code?: ThreadFault
  /** Of the device that was measured, as the browser says. */
  readonly cores: number
  readonly oneMs?: number
  readonly twoMs?: number
}

export function choiceOf({ oneMs, twoMs }: ThreadTimes, cores: number): ThreadChoice {
  return twoMs * gainDenominator <= oneMs * gainNumerator
    ? { by: 'threads', cores, oneMs, twoMs }
    : { by: 'cpu', code: 'THREAD_SLOWER', cores, oneMs, twoMs }
}

/** Undefined when nothing was measured on this device in this version of the browser. */
export async function readChoice(
  files: OriginFiles | undefined,
  cores: number,
): Promise<ThreadChoice | undefined> {
  const choice = await readStored(files, file)
  return choice !== undefined && isChoice(choice) && choice.cores === cores ? choice : undefined
}

export async function writeChoice(
  files: OriginFiles | undefined,
  choice: ThreadChoice | undefined,
): Promise<void> {
  await writeStored(files, file, choice)
}

function isChoice(choice: object): choice is ThreadChoice {
  const hasCores = 'cores' in choice && typeof choice.cores === 'number'
  const by = 'by' in choice ? choice.by : undefined
  const hasCode = 'code' in choice && typeof choice.code === 'string'
  return hasCores && (by === 'threads' || (by === 'cpu' && hasCode))
}
