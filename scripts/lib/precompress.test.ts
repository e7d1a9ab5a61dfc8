import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { precompress } from './precompress.ts'

it('UX-3 writes both forms of text and WebAssembly, and of nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'emo-precompress-'))
  const text = 'a heartbeat becomes a block '.repeat(100)
  await mkdir(join(folder, 'assets'))
  for (const name of ['index.html', 'assets/a.js', 'assets/b.wasm', 'assets/c.png']) {
    await writeFile(join(folder, name), text)
  }
  await writeFile(join(folder, 'assets/small.js'), 'short')
  await precompress(folder)
  const made = (await readdir(folder, { recursive: true })).filter((name) => /br$|gz$/.test(name))
  const expected = ['assets/a.js', 'assets/b.wasm', 'index.html']
  expect(made.sort()).toEqual(expected.flatMap((name) => [`${name}.br`, `${name}.gz`]))
  const br = await readFile(join(folder, 'assets/a.js.br'))
  const gz = await readFile(join(folder, 'assets/a.js.gz'))
  expect(brotliDecompressSync(br).toString()).toBe(text)
  expect(gunzipSync(gz).toString()).toBe(text)
  await rm(folder, { recursive: true })
})
