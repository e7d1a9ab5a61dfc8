/** Builds for these tests, beside the product's own in dist/. */

import { join } from 'node:path'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')

/** The page over recorded states. */
export async function buildHarness(): Promise<string> {
  await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'error' })
  return join(root, '.cache/e2e-page')
}

/** The product itself, its service worker included. */
export async function buildProduct(): Promise<string> {
  const outDir = join(root, '.cache/e2e-web')
  await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
  return outDir
}
