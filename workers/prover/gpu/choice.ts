/** What was measured of a GPU, kept for the next start of a worker (ZK-11). */

import type { AccelerationFault } from '../../../src/ports/prover.ts'
import type { OriginFiles } from '../files/originFiles.ts'
import { readStored, writeStored } from '../files/storedChoice.ts'

/** Other shaders are another version, too. */
const file = { name: 'prover-choice', version: 1 } as const

export interface Choice {
  readonly by: 'gpu' | 'cpu'
  /** Why it is the processor. */
  readonly code?: AccelerationFault
  /** Which adapter was measured, as it names itself. */
  readonly adapter: string
  readonly gpuMs?: number
  readonly cpuMs?: number
}

/** Undefined when nothing was measured by this version in this version of the browser. */
export async function readChoice(files: OriginFiles | undefined): Promise<Choice | undefined> {
  const choice = await readStored(files, file)
  return choice !== undefined && isChoice(choice) ? choice : undefined
}

export async function writeChoice(
  files: OriginFiles | undefined,
  choice: Choice | undefined,
): Promise<void> {
  await writeStored(files, file, choice)
}

function isChoice(choice: object): choice is Choice {
  const isNamed = 'adapter' in choice && typeof choice.adapter === 'string'
  const by = 'by' in choice ? choice.by : undefined
  const hasCode = 'code' in choice && typeof choice.code === 'string'
  return isNamed && (by === 'gpu' || (by === 'cpu' && hasCode))
}
