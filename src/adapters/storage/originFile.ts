/**
 * A small file of the origin private file system, which only this origin sees. It stands when the
 * browser removes IndexedDB (docs/decisions/0015), in a window or in a dedicated worker.
 *
 * Safari before 26 writes such files in another way, and private windows may have none.
 */

/** Every promise may be rejected with what the platform reports. */
export interface OriginFile {
  read(): Promise<Uint8Array | undefined>
  /** In place of the file before, whole or not at all. */
  write(bytes: Uint8Array): Promise<void>
  erase(): Promise<void>
}

/** `undefined` where this profile has no such place. */
export async function openOriginFile(name: string): Promise<OriginFile | undefined> {
  const folder = await openFolder()
  if (folder === undefined) return undefined
  return {
    async read() {
      const handle = await present(folder.getFileHandle(name))
      const file = await handle?.getFile()
      return file && new Uint8Array(await file.arrayBuffer())
    },
    async write(bytes) {
      const handle = await folder.getFileHandle(name, { create: true })
      const stream = await handle.createWritable()
      try {
        await stream.write(Uint8Array.from(bytes))
        await stream.close()
      } catch (error) {
        await stream.abort().catch(() => undefined)
        throw error
      }
    },
    async erase() {
      await present(folder.removeEntry(name))
    },
  }
}

async function openFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  if (!('FileSystemFileHandle' in globalThis)) return undefined
  if (!('createWritable' in FileSystemFileHandle.prototype)) return undefined
  try {
    return await navigator.storage.getDirectory()
  } catch {
    return undefined
  }
}

/** Of an entry that is not there, `undefined`. */
async function present<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined
    throw error
  }
}
