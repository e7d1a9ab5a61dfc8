import type { OriginFiles } from './originFiles.ts'

/** Files of one origin, in memory: as `openOriginFiles` gives them, for as long as a test takes. */
export function memoryFiles(): OriginFiles {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    read: (name) => Promise.resolve(files.get(name)),
    write: (name, bytes) => Promise.resolve(void files.set(name, new Uint8Array(bytes))),
    names: () => Promise.resolve([...files.keys()]),
    remove: (name) => Promise.resolve(void files.delete(name)),
  }
}
