/** NET-12: the repaired WebRTC initiator is what ends up in the bundle. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build, type Rolldown } from 'vite'
import { describe, expect, it } from 'vitest'
import { patchInitiator, repaired, webrtcPatch } from './webrtcPatch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const file = 'initiate-connection.js'
const installed = `${root}node_modules/@libp2p/webrtc/dist/src/private-to-private/${file}`

describe('NET-12 the repaired WebRTC initiator', () => {
  it('replaces the code that upstream ships today', async () => {
    const upstream = await readFile(installed, 'utf8')
    const patched = patchInitiator(upstream)
    expect(upstream).not.toContain(repaired)
    expect(patched).toContain(repaired)
    expect(patched).not.toContain("pEvent(channel, 'open'")
  })

  it('stops the build when upstream is no longer what it was written for', async () => {
    const upstream = await readFile(installed, 'utf8')
    expect(() => patchInitiator(upstream.replace("'open'", "'opened'"))).toThrow(/changed/)
    expect(() => patchInitiator(patchInitiator(upstream))).toThrow(/changed/)
  })

  it('reaches the bundle of a page', async () => {
    const entry = '\0entry'
    const result = await build({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [
        webrtcPatch(),
        {
          name: 'entry',
          resolveId: (id) => (id === 'entry' ? entry : null),
          load: (id) =>
            id === entry
              ? "import { webRTC } from '@libp2p/webrtc'; globalThis.kept = webRTC"
              : null,
        },
      ],
      build: { write: false, minify: false, rolldownOptions: { input: 'entry' } },
    })
    const code = (Array.isArray(result) ? result : [result as Rolldown.RolldownOutput])
      .flatMap(({ output }) => output)
      .map((file) => (file.type === 'chunk' ? file.code : ''))
      .join('\n')
    expect(code).toContain('wait for init channel to open or close')
    expect(code).not.toContain('waiting for init channel to close')
  })
})
