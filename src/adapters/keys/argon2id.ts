/** Argon2id (RFC 9106), 32 bytes. Takes a second of a thread. Loads the hash on first use. */

import type { KdfParameters } from './vaultBlob.ts'

export interface Stretching {
  readonly password: Uint8Array
  readonly salt: Uint8Array
  readonly kdf: KdfParameters
}

/** Rejected when the memory that it asks for cannot be had. */
export type Stretch = (task: Stretching) => Promise<Uint8Array>

export const argon2id: Stretch = async ({ password, salt, kdf }) => {
  const { argon2id: hash } = await import('hash-wasm')
  return hash({
    password,
    salt,
    memorySize: kdf.memoryKib,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    hashLength: 32,
    outputType: 'binary',
  })
}
