/** Builds a page of a test and serves it under the product's content security policy. */
import { join } from 'node:path'
import { build, preview } from 'vite'

const policy = {
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws: wss:; " +
    "worker-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'",
}

/** As the relay and the development server have it: without it no memory is shared. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

export interface Site {
  readonly url: string
  close(): Promise<void>
}

/** `root` holds an index.html; `name` names its build in the cache. */
export async function servePage(root: string, name: string, isIsolated = true): Promise<Site> {
  const outDir = join(import.meta.dirname, '../.cache', name)
  const common = { root, configFile: false, logLevel: 'warn' } as const
  await build({
    ...common,
    worker: { format: 'es' },
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  })
  const headers = isIsolated ? { ...policy, ...isolation } : policy
  const server = await preview({ ...common, build: { outDir }, preview: { port: 0, headers } })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the preview server has no address')
  return { url, close: () => server.close() }
}
