/** The unit tests that judge the mutants of a folder of the core, the quickest files first. */

import { dirname } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const target = process.env['EMO_MUTATION_TARGET'] ?? 'committee'
const folder = target.endsWith('.ts') ? dirname(target) : target

/** Instead of those of the folder: tests that take half a minute and know only one file of it. */
const others: Readonly<Record<string, readonly string[]>> = {
  'crypto/blsNoble.ts': ['src/adapters/crypto/bls.test.ts'],
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
    include: [...(others[target] ?? [`src/core/${folder}/*.test.ts`])],
    exclude: slow,
    setupFiles: ['./relay/polyfills.js'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: QuickFirst },
  },
})
