/**
 * Files that the prover keeps in the origin private file system: what would only have to be made
 * again. They go with all other files when the page's data are erased, which is done by
 * `src/app/browser/storage.ts`, and when the browser needs the place.
 *
 * Typed here, because the worker is compiled for Node too, which has none. Nothing is promised, so
 * nothing fails: a file that cannot be read is not there, and one that cannot be written is not
 * kept.
 */

interface FileHandle {
  getFile(): Promise<{ readonly size: number; arrayBuffer(): Promise<ArrayBuffer> }>
  createWritable?(): Promise<{
    write(bytes: Uint8Array): Promise<void>
    close(): Promise<void>
    abort(): Promise<void>
  }>
}

interface Folder {
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<FileHandle>
  removeEntry(name: string): Promise<void>
  keys(): AsyncIterable<string>
}

interface Navigator {
  readonly storage?: { getDirectory?(): Promise<Folder> }
}

export interface OriginFiles {
  /** Undefined when it is not there, is longer than `bytesMax`, or cannot be read. */
  read(name: string, bytesMax: number): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** In place of the file before, whole or not at all. */
  write(name: string, bytes: Uint8Array): Promise<void>
  names(): Promise<readonly string[]>
  remove(name: string): Promise<void>
}

/** Undefined in Node, and where the profile has no such place. */
export async function openOriginFiles(): Promise<OriginFiles | undefined> {
  const { navigator } = globalThis as { readonly navigator?: Navigator }
  const folder = await quietly(async () => navigator?.storage?.getDirectory?.())
  if (folder === undefined) return undefined
  return {
    read: (name, bytesMax) =>
      quietly(async () => {
        const file = await (await folder.getFileHandle(name)).getFile()
        return file.size > bytesMax ? undefined : new Uint8Array(await file.arrayBuffer())
      }),
    async write(name, bytes) {
      await quietly(() => write(folder, name, bytes))
    },
    async names() {
      const names: string[] = []
      await quietly(async () => {
        for await (const name of folder.keys()) names.push(name)
      })
      return names
    },
    async remove(name) {
      await quietly(() => folder.removeEntry(name))
    },
  }
}

async function write(folder: Folder, name: string, bytes: Uint8Array): Promise<void> {
  const handle = await folder.getFileHandle(name, { create: true })
  const stream = await handle.createWritable?.()
  if (stream === undefined) return
  try {
    await stream.write(bytes)
    await stream.close()
  } catch {
    // Also when the place is full: what was there stays.
    await stream.abort()
  }
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
