/** What was measured, kept for the next start of a worker (ZK-11). */

import type { AccelerationFault } from '../../../src/ports/prover.ts'
import type { OriginFiles } from '../files/originFiles.ts'

/** Other shaders or another way to measure are another version: what was chosen is not valid. */
const version = 1
const fileName = 'prover-choice'
const bytesMax = 4096

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
  const bytes = await files?.read(fileName, bytesMax)
  if (bytes === undefined) return undefined
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    return isStored(value) && value.version === version && value.agent === agent()
      ? value.choice
      : undefined
  } catch {
    return undefined
  }
}

export async function writeChoice(
  files: OriginFiles | undefined,
  choice: Choice | undefined,
): Promise<void> {
  if (choice === undefined) await files?.remove(fileName)
  else {
    const stored: Stored = { version, agent: agent(), choice }
    await files?.write(fileName, new TextEncoder().encode(JSON.stringify(stored)))
  }
}

interface Stored {
  readonly version: number
  readonly agent: string
  readonly choice: Choice
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null || !('choice' in value)) return false
  const { choice } = value
  if (typeof choice !== 'object' || choice === null) return false
  const isNamed = 'adapter' in choice && typeof choice.adapter === 'string'
  const by = 'by' in choice ? choice.by : undefined
  const hasCode = 'code' in choice && typeof choice.code === 'string'
  return isNamed && (by === 'gpu' || (by === 'cpu' && hasCode))
}

/** A new browser has a new compiler. */
function agent(): string {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } }
  return navigator?.userAgent ?? ''
}
