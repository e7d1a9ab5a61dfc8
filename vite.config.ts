/** The page: `vite build` writes dist/web. */

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

// Cross-origin isolation, as the relay serves it: without it there is no SharedArrayBuffer.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: 'es2023',
    outDir: 'dist/web',
    // An inlined asset would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  worker: { format: 'es', plugins: () => [] },
  server: { headers },
  preview: { headers },
})
