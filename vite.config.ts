/** The page: `vite build` writes dist/web, the shell's service worker included. */

import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { blsWasmFile } from './scripts/vite/blsWasmFile.ts'
import { webrtcPatch } from './scripts/vite/webrtcPatch.ts'

// Cross-origin isolation, as the relay serves it: without it there is no SharedArrayBuffer.
const headers = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Larger chunks (node, network, face model) are no shell: they are cached when first used. */
const shellFileBytesMax = 200 * 1024

export default defineConfig({
  plugins: [
    svelte(),
    webrtcPatch(),
    blsWasmFile(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'sw.ts',
      registerType: 'prompt',
      // src/app/browser/updates.ts registers it: an injected script would ask for an update prompt
      // of its own.
      injectRegister: false,
      manifest: false,
      injectManifest: {
        target: 'es2023',
        // A classic script, as it is registered.
        rollupFormat: 'iife',
        // The shell alone; workers, WASM and proving keys are cached when they are first used
        // (UX-5).
        globPatterns: [
          'index.html',
          'theme.js',
          'manifest.webmanifest',
          'icons/*',
          'assets/*.{js,css,woff2}',
        ],
        globIgnores: [
          '**/*orker*',
          '**/acceleration-*',
          '**/gpuProver-*',
          '**/proveAccelerated-*',
          '**/threads-*',
          '**/measuredChoice-*',
          '**/key{Cache,Image}-*',
          '**/originFiles-*',
          '**/*.wasm',
          'circuits/**',
        ],
        maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
        manifestTransforms: [
          (entries) => ({ manifest: entries.filter(({ size }) => size <= shellFileBytesMax) }),
        ],
      },
    }),
  ],
  build: {
    target: 'es2023',
    outDir: 'dist/web',
    // An inlined asset would need `data:` in the content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  worker: { format: 'es', plugins: () => [blsWasmFile()] },
  server: { headers },
  preview: { headers },
})
