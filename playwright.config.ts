/**
 * End-to-end tests: real Chromium against a real relay. `npm run e2e` finds the browser and, where
 * there is no routed interface, makes one.
 */

import { defineConfig } from '@playwright/test'
import { launchOptions } from './e2e/main/launchOptions.ts'

export default defineConfig({
  testDir: 'e2e',
  // Long campaigns have commands of their own.
  testIgnore: '**/campaign/**',
  outputDir: '.cache/e2e',
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  // One browser at a time: validators are CPU-bound and the tests measure them.
  workers: 1,
  fullyParallel: false,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: launchOptions(),
  },
})
