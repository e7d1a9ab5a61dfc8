/**
 * Append-only files of checked frames (BFT-10).
 *
 * A file begins with a magic text and a random marker of its own; each frame begins with that
 * marker, so that bytes which a peer sent can never look like one. Only one frame is ever on its
 * way to the disk: a frame that does not check at the end of a file was never acknowledged and is
 * cut off, but one with a good frame behind it was, and means that the disk lost what it had
 * promised.
 */

import { randomBytes } from 'node:crypto'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { crc32 } from 'node:zlib'
import { StoreFailure } from '../../ports/store.ts'

const magic = Buffer.from('EMOLOG01')
const markerBytes = 8
const fileHeaderBytes = magic.length + markerBytes
/** Marker, payload length and CRC-32 of marker, length and payload. */
const frameHeaderBytes = markerBytes + 8

export interface FramePosition {
  /** Of the payload in the file. */
  readonly offset: number
  readonly length: number
}

/** A file that nothing is added to. */
export interface SealedFile {
  readonly path: string
  readonly marker: Buffer
  readonly endOffset: number
}

export interface FrameFile {
  readonly path: string
  readonly handle: FileHandle
  readonly marker: Buffer
  /** Where the next frame goes. */
  endOffset: number
}

/** Creates the file; it is durable, with its name in the folder, when this resolves. */
export async function createFrameFile(path: string): Promise<FrameFile> {
  const handle = await open(path, 'w+', 0o600)
  const marker = randomBytes(markerBytes)
  try {
    await handle.write(Buffer.concat([magic, marker]), 0, fileHeaderBytes, 0)
    await handle.sync()
    await syncFolder(dirname(path))
  } catch (error) {
    await handle.close()
    throw error
  }
  return { path, handle, marker, endOffset: fileHeaderBytes }
}

/** Opens the file, calls back for every frame in order and cuts a torn end off. */
export async function openFrameFile(
  path: string,
  onFrame: (payload: Buffer, position: FramePosition) => void,
): Promise<FrameFile> {
  const handle = await open(path, 'r+')
  try {
    const content = await handle.readFile()
    if (content.length >= fileHeaderBytes) return await scan(path, handle, content, onFrame)
  } catch (error) {
    await handle.close()
    throw error
  }
  // Nothing is appended before the header is durable: a short file holds nothing.
  await handle.close()
  return createFrameFile(path)
}

async function scan(
  path: string,
  handle: FileHandle,
  content: Buffer,
  onFrame: (payload: Buffer, position: FramePosition) => void,
): Promise<FrameFile> {
  if (!content.subarray(0, magic.length).equals(magic)) throw corrupt(path, 0)
  const marker = Buffer.from(content.subarray(magic.length, fileHeaderBytes))
  let offset = fileHeaderBytes
  for (;;) {
    const payload = frameAt(content, offset, marker)
    if (payload === undefined) break
    onFrame(payload, { offset: offset + frameHeaderBytes, length: payload.length })
    offset += frameHeaderBytes + payload.length
  }
  if (offset < content.length) {
    if (hasFrameAfter(content, offset + 1, marker)) throw corrupt(path, offset)
    await handle.truncate(offset)
    await handle.sync()
  }
  return { path, handle, marker, endOffset: offset }
}

/** Durable when this resolves. When it rejects, the file is as it was or must not be used again. */
export async function appendFrame(file: FrameFile, payload: Uint8Array): Promise<FramePosition> {
  const header = Buffer.alloc(frameHeaderBytes)
  file.marker.copy(header)
  header.writeUInt32BE(payload.length, markerBytes)
  header.writeUInt32BE(checkOf(header, payload), markerBytes + 4)
  const frame = Buffer.concat([header, payload])
  let written = 0
  while (written < frame.length) {
    const result = await file.handle.write(
      frame,
      written,
      frame.length - written,
      file.endOffset + written,
    )
    written += result.bytesWritten
  }
  await file.handle.datasync()
  const position = { offset: file.endOffset + frameHeaderBytes, length: payload.length }
  file.endOffset += frame.length
  return position
}

/** Takes back what a failed append left behind it. */
export async function cutFrameFile(file: FrameFile): Promise<void> {
  await file.handle.truncate(file.endOffset)
  await file.handle.sync()
}

/** Begins to read before it waits for anything. */
export async function readFrame(
  file: SealedFile,
  handle: FileHandle,
  position: FramePosition,
): Promise<Buffer> {
  const bytes = Buffer.alloc(frameHeaderBytes + position.length)
  const start = position.offset - frameHeaderBytes
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
  const payload = bytesRead === bytes.length ? frameAt(bytes, 0, file.marker) : undefined
  if (payload === undefined) throw corrupt(file.path, start)
  return payload
}

/** Makes the folder; it is durable, with the names that lead to it, when this resolves. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  const highest = resolve(first)
  let made = resolve(folder)
  await syncFolder(dirname(made))
  while (made.length > highest.length) {
    made = dirname(made)
    await syncFolder(dirname(made))
  }
}

/** A rename, a removal or a new name is durable only with its folder. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function frameAt(content: Buffer, offset: number, marker: Buffer): Buffer | undefined {
  const payloadOffset = offset + frameHeaderBytes
  if (payloadOffset > content.length) return undefined
  const header = content.subarray(offset, payloadOffset)
  if (!header.subarray(0, markerBytes).equals(marker)) return undefined
  const endOffset = payloadOffset + header.readUInt32BE(markerBytes)
  if (endOffset > content.length) return undefined
  const payload = content.subarray(payloadOffset, endOffset)
  return header.readUInt32BE(markerBytes + 4) === checkOf(header, payload) ? payload : undefined
}

function hasFrameAfter(content: Buffer, from: number, marker: Buffer): boolean {
  for (
    let offset = content.indexOf(marker, from);
    offset >= 0;
    offset = content.indexOf(marker, offset + 1)
  ) {
    if (frameAt(content, offset, marker) !== undefined) return true
  }
  return false
}

function checkOf(header: Buffer, payload: Uint8Array): number {
  return crc32(payload, crc32(header.subarray(0, markerBytes + 4)))
}

function corrupt(path: string, offset: number): StoreFailure {
  return new StoreFailure({ code: 'STORE_CORRUPT', what: `${path} at byte ${String(offset)}` })
}
