/** The unit tests that judge the mutants of a folder of the core, the quickest files first. */

import { dirname } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { apart } from '../../scripts/lib/mutationApart.js'

const target = process.env['EMO_MUTATION_TARGET'] ?? 'committee'
const folder = target.endsWith('.ts') ? dirname(target) : target

/** Simulations, and random sequences of commands. */
const slow = [
  'src/core/bft/step.test.ts',
  'src/core/bft/commands.test.ts',
  'src/core/crypto/smtCommands.test.ts',
]

/** `--tests`, or what `mutationApart.js` says. */
const own = process.env['EMO_MUTATION_TESTS'] ?? new Map(Object.entries(apart)).get(target)

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toReversed()
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    include: [own ?? `src/core/${folder}/*.test.ts`],
    exclude: own === undefined ? [...slow, ...Object.values(apart)] : [],
    setupFiles: ['./relay/polyfills.js', './test/mutation/sameCases.js'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: QuickFirst },
  },
})
