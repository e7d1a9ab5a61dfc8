/**
 * A seat's key for the sharing of one epoch (BEACON-2): secret x, public key h^x. It is apart from
 * the keys that sign, because decrypting is an answer to data of others.
 */
import { assert } from '../../base/assert.ts'
import type { Group } from './group.ts'
import { nobleGroup } from './groupNoble.ts'
import { scalarOf } from './transcript.ts'

export const sharingSeedBytes = 32

/** `seed`: 32 random bytes, fresh for each service (EPOCH-3, RAND-1). */
export function sharingSecret(seed: Uint8Array): bigint {
  assert(seed.length === sharingSeedBytes, 'a seed of a sharing key has 32 bytes')
  return scalarOf('key', 0, seed)
}

/** 32 bytes. */
export function sharingPublicKey(seed: Uint8Array, group: Group = nobleGroup): Uint8Array {
  return group.encode([group.multiply(group.shareGenerator, sharingSecret(seed))])
}

/** What a seat may name: an element other than the identity, in its only encoding. */
export function isSharingKey(bytes: Uint8Array, group: Group = nobleGroup): boolean {
  return group.decode(bytes) !== undefined
}
