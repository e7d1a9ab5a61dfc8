/**
 * Writes FILE.br and FILE.gz beside what a browser asks for as text or WebAssembly: the relay sends
 * whichever the browser takes, and never spends its own time on compressing.
 */

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const compressible = new Set(['.css', '.html', '.js', '.json', '.svg', '.wasm', '.webmanifest'])

/** A smaller file is one packet either way. */
const bytesMin = 1024

/** Nearly all of what level 11 gives, in a tenth of its time. */
const brotliQuality = 9

export async function precompress(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || !compressible.has(extname(entry.name))) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    if (bytes.length < bytesMin) continue
    const params = { [constants.BROTLI_PARAM_QUALITY]: brotliQuality }
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params }),
      promisify(gzip)(bytes, { level: 9 }),
    ])
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
  }
}
