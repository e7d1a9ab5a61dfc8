/**
 * Proving keys in the kernel's form, kept under the SHA-256 of the file that they were made from
 * (ZK-6): a worker that finds one loads no key file and converts none.
 *
 * Bounded by the circuits of this build: what belongs to no key of it is removed.
 */

import { openOriginFiles, type OriginFiles } from './originFiles.ts'

const prefix = 'prover-key-'
/** The longest key has 15 MB in this form; a longer file is none of ours. */
const imageBytesMax = 64 * 1024 * 1024

export interface KeyCache {
  /** The image of the key whose file has this hash; not checked. */
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  /** Keeps an image, and of others only those of `known`, which are hashes too. */
  write(sha256: string, image: Uint8Array, known: readonly string[]): Promise<void>
  /** Forgets an image that was refused. */
  remove(sha256: string): Promise<void>
}

export async function openKeyCache(): Promise<KeyCache | undefined> {
  const files = await openOriginFiles()
  return files === undefined ? undefined : keyCacheIn(files)
}

export function keyCacheIn(files: OriginFiles): KeyCache {
  return {
    read: (sha256) => files.read(prefix + sha256, imageBytesMax),
    async write(sha256, image, known) {
      const kept = new Set(known.map((hash) => prefix + hash))
      for (const name of await files.names()) {
        if (name.startsWith(prefix) && !kept.has(name)) await files.remove(name)
      }
      if (image.length <= imageBytesMax) await files.write(prefix + sha256, image)
    },
    remove: (sha256) => files.remove(prefix + sha256),
  }
}
