/** Long end-to-end campaigns: the settings of the suite, and their own folder. */
import { defineConfig } from '@playwright/test'
import suite from '../../playwright.config.ts'

export default defineConfig({
  ...suite,
  testDir: '.',
  testIgnore: [],
  outputDir: '../../.cache/e2e',
  // Filming four tabs for a quarter of an hour takes what two cores have.
  use: {
    ...suite.use,
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
  },
})
