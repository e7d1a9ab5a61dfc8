/**
 * Makes one key of a passphrase and is ended: its second of work and its 64 MiB keep neither the
 * page nor its connections waiting, and what it held is gone with it.
 */

import { argon2id, type Stretching } from '../../src/adapters/keys/argon2id.ts'

/** Answers a `Stretching` with the key; what it cannot do is an error of the worker. */
interface PassphraseScope {
  onmessage: ((event: { readonly data: Stretching }) => void) | null
  postMessage(key: Uint8Array): void
  reportError(error: unknown): void
}

const scope = globalThis as unknown as PassphraseScope

scope.onmessage = ({ data }) => {
  argon2id(data).then(
    (key) => scope.postMessage(key),
    (error: unknown) => scope.reportError(error),
  )
}
