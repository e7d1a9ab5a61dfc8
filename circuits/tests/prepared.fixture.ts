/** What tests of a circuit need before they begin: its files, time, and no print of refusals. */

import { beforeAll, vi } from 'vitest'
import { ensureArtifacts, ensureTimeoutMs } from './artifacts.fixture.ts'

/** Called once, at the top of a file. */
export function prepareCircuits(): void {
  vi.setConfig({ testTimeout: 180_000 })
  beforeAll(async () => {
    // The witness generator prints each of them.
    vi.spyOn(console, 'error').mockReturnValue()
    await ensureArtifacts()
  }, ensureTimeoutMs)
}
