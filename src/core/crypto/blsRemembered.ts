/**
 * A BLS backend that remembers which aggregates held (SIG-1): one certificate comes by several
 * ways, pushed, pulled and inside proposals, and its pairing is the dearest thing a follower does.
 *
 * Only what held is kept, so that forged certificates cannot push real ones out.
 */

import { hex } from '../base/bytes.ts'
import type { BlsBackend } from './bls.ts'
import { createBoundedCache } from './boundedCache.ts'
import { hash } from './hash.ts'

/** Four certificates a view, and as many views as are ever open at once. */
const heldMax = 256
/** More keys than a committee has are named by their hash. */
const keysPlainMax = 32

export function rememberHeld(backend: BlsBackend): BlsBackend {
  const held = createBoundedCache<true>(heldMax)
  return {
    ...backend,
    fastAggregateVerify(publicKeys, message, signature) {
      // Thousands of checkpoint voters would make a name of a megabyte (CKPT-1).
      const isMany = publicKeys.length > keysPlainMax
      const keys = isMany ? [hash('message', ...publicKeys)] : publicKeys
      const key = [message, signature, ...keys].map(hex).join(':')
      if (held.get(key) === true) return true
      const holds = backend.fastAggregateVerify(publicKeys, message, signature)
      if (holds) held.set(key, true)
      return holds
    },
  }
}
