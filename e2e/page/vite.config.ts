/**
 * Builds the page over recorded states into .cache/e2e-page; the product's build knows nothing of
 * it.
 */

import { join } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const root = join(import.meta.dirname, '../..')

export default defineConfig({
  root: import.meta.dirname,
  publicDir: join(root, 'public'),
  plugins: [svelte({ configFile: join(root, 'svelte.config.js') })],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    outDir: join(root, '.cache/e2e-page'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
