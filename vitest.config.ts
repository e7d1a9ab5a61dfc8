/** Unit tests: beside their file, in Node, with the same polyfills as the relay. */

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { configDefaults, defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/longFirst.ts'

/**
 * The core is pure: what it keeps follows from arguments alone, so its files may share a process.
 * To start one and to load the modules takes longer than most of these tests. The others start
 * nodes, workers and servers, and have a process each.
 */
const pure = ['src/core/**/*.test.ts']

const every = {
  environment: 'node',
  setupFiles: ['./relay/polyfills.js', './test/support/propertySizes.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
}

/** `--sequence.shuffle.files` has an order of its own. */
const isShuffled = process.argv.some((argument) => argument.startsWith('--sequence'))

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        test: {
          ...every,
          name: 'apart',
          include: [
            '{src,sim,workers,relay,scripts,bench,test,formal}/**/*.test.ts',
            'circuits/tests/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, ...pure],
        },
      },
      { test: { ...every, name: 'core', include: pure, isolate: false } },
    ],
    sequence: isShuffled ? {} : { sequencer: LongFirst },
    // One more than cores: a third of a run's time is spent on nodes that wait for their epochs.
    maxWorkers: 3,
    // `npm run coverage`: the agreement and the committees, complete.
    coverage: {
      provider: 'v8',
      include: ['src/core/{bft,committee}/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.fixture.ts'],
      reporter: ['text'],
      thresholds: { 100: true },
    },
  },
})
