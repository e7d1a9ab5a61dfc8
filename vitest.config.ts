/** Unit tests: beside their file, in Node, with the same polyfills as the relay. */

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  test: {
    environment: 'node',
    include: [
      '{src,sim,workers,relay,scripts,bench,test,formal}/**/*.test.ts',
      'circuits/tests/**/*.test.ts',
    ],
    setupFiles: ['./relay/polyfills.js', './test/support/propertySizes.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
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
