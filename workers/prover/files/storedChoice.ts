/**
 * What was measured about this device, kept for the next start of a worker (ZK-11, ZK-12). Valid in
 * the version of the browser that it was measured in: another one has another compiler.
 */

import type { OriginFiles } from './originFiles.ts'

const bytesMax = 4096

export interface ChoiceFile {
  readonly name: string
  /** Another way to measure is another version: what was chosen before is not valid. */
  readonly version: number
}

/** Undefined when nothing valid is there; the caller looks whether it has its own form. */
export async function readStored(
  files: OriginFiles | undefined,
  { name, version }: ChoiceFile,
): Promise<object | undefined> {
  const bytes = await files?.read(name, bytesMax)
  if (bytes === undefined) return undefined
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown
    if (typeof value !== 'object' || value === null) return undefined
    const stored = value as Readonly<Record<string, unknown>>
    const isValid = stored['version'] === version && stored['agent'] === agent()
    const { choice } = stored
    return isValid && typeof choice === 'object' && choice !== null ? choice : undefined
  } catch {
    return undefined
  }
}

/** Undefined: nothing is chosen. */
export async function writeStored(
  files: OriginFiles | undefined,
  { name, version }: ChoiceFile,
  choice: object | undefined,
): Promise<void> {
  if (choice === undefined) await files?.remove(name)
  else {
    const text = JSON.stringify({ version, agent: agent(), choice })
    await files?.write(name, new TextEncoder().encode(text))
  }
}

function agent(): string {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } }
  return navigator?.userAgent ?? ''
}
