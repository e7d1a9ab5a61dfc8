/** Builds the test page with the same patch as the real one, and serves it on a free port. */
import { fileURLToPath } from 'node:url'
import { build, preview } from 'vite'
import { webrtcPatch } from '../../scripts/vite/webrtcPatch.ts'

export interface ServedPage {
  readonly url: string
  close(): Promise<void>
}

export async function servePage(): Promise<ServedPage> {
  const root = fileURLToPath(new URL('page', import.meta.url))
  const outDir = fileURLToPath(new URL('../../.cache/network-page', import.meta.url))
  const common = { root, configFile: false as const, logLevel: 'error' as const }
  await build({
    ...common,
    plugins: [webrtcPatch()],
    build: { outDir, emptyOutDir: true, target: 'es2023', reportCompressedSize: false },
  })
  const server = await preview({
    ...common,
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, strictPort: false },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('the test page is served nowhere')
  return { url, close: () => server.close() }
}
