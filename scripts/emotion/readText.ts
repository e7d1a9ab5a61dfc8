/** The text of a file that may be anything: bounded in bytes and lines before it is looked at. */

import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from './inputError.ts'

const bytesMax = 128 * 1024 * 1024
/** 37 hours of frames, an hour of an ECG at 1000 Hz: every line becomes an object. */
const linesMax = 4_000_000
const chunkBytes = 1024 * 1024
const newline = 0x0a
const carriageReturn = 0x0d

export function readText(path: string): string {
  const bytes = bytesOf(path)
  if (bytes.includes(0)) {
    throw new InputError('FILE_BINARY', `${path} is no text: export it as CSV first.`)
  }
  let lines = 0
  for (const byte of bytes) if (byte === newline || byte === carriageReturn) lines += 1
  if (lines > linesMax) {
    const text = `${path} has more than ${linesMax / 1e6} million lines: cut it into parts.`
    throw new InputError('FILE_TOO_LARGE', text)
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

/** Read piece by piece: a device or a pipe does not say how long it is. */
function bytesOf(path: string): Buffer {
  const chunks: Buffer[] = []
  let size = 0
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    for (;;) {
      const chunk = Buffer.allocUnsafe(chunkBytes)
      const read = readSync(file, chunk, 0, chunkBytes, null)
      if (read === 0) return Buffer.concat(chunks)
      size += read
      if (size > bytesMax) break
      chunks.push(chunk.subarray(0, read))
    }
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw new InputError('FILE_MISSING', `${path} cannot be read: ${reason}`)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  throw new InputError('FILE_TOO_LARGE', `${path} is larger than 128 MiB: cut it into parts.`)
}
