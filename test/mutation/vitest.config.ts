/** The unit tests that judge the mutants of a folder of the core, the quickest files first. */

import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const folder = (process.env['EMO_MUTATION_TARGET'] ?? 'committee').split('/')[0] ?? ''

/** Beside those of the folder itself. */
const others: Readonly<Record<string, readonly string[]>> = {
  crypto: ['src/adapters/crypto/bls.test.ts'],
}

/** Simulations, and searches that take seconds for each mutant. */
const slow = ['src/core/bft/step.test.ts', 'src/core/bft/commands.test.ts']

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed()
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    include: [`src/core/${folder}/**/*.test.ts`, ...(others[folder] ?? [])],
    exclude: slow,
    setupFiles: ['./relay/polyfills.js'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: QuickFirst },
  },
})
