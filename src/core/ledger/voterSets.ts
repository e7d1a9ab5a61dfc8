/**
 * Sets of checkpoint voters in the state (CKPT-1): up to 10,000 of them, cut into leaves of 64, so
 * that none is larger than a few kilobytes.
 */
import { assert } from '../base/assert.ts'
import { mapKey } from '../base/bytes.ts'
import { indicesOf } from '../base/bitmap.ts'
import { votersWithout } from '../checkpoint/nextVoters.ts'
import { voterSetOf, type VoterSet } from '../checkpoint/voterSet.ts'
import type { CheckpointVoter } from '../codec/checkpoint.ts'
import { createBoundedCache } from '../crypto/boundedCache.ts'
import { read, remove, write, type LedgerState } from './state.ts'
import { checkpointVoters, type VoterSetRole } from './tables.ts'

const votersALeaf = 64

/** By root, which commits to the set, and by who left. Three roles, and states before and after. */
const sets = createBoundedCache<VoterSet>(8)

/** `root` is that of the record; empty for no set. */
export function votersIn(
  state: LedgerState,
  role: VoterSetRole,
  root: Uint8Array,
): VoterSet | undefined {
  if (root.length === 0) return undefined
  const key = mapKey(root)
  const known = sets.get(key)
  if (known !== undefined) return known
  const voters: CheckpointVoter[] = []
  for (let leaf = 0; ; leaf += 1) {
    const found = read(state, checkpointVoters, { role, leaf })
    if (found === undefined) break
    voters.push(...found.voters)
  }
  const set = voterSetOf(voters)
  assert(set.ok, 'a set in the state was one when it was written')
  sets.set(key, set.value)
  return set.value
}

/** Undefined when nobody is left. `left` is a bitmap of the record. */
export function without(set: VoterSet | undefined, left: Uint8Array): VoterSet | undefined {
  if (set === undefined || left.length === 0) return set
  const key = `${mapKey(set.root)}:${mapKey(left)}`
  const known = sets.get(key)
  if (known !== undefined) return known
  const indices = indicesOf(set.voters.length, left)
  assert(indices !== undefined, 'a bitmap of the record is canonical')
  const rest = votersWithout(set, indices)
  if (!rest.ok) return undefined
  sets.set(key, rest.value)
  return rest.value
}

/** Replaces the set of that role; undefined leaves none. */
export function writeVoters(
  state: LedgerState,
  role: VoterSetRole,
  set: VoterSet | undefined,
): LedgerState {
  const voters = set?.voters ?? []
  let next = state
  let leaf = 0
  for (; leaf * votersALeaf < voters.length; leaf += 1) {
    const part = voters.slice(leaf * votersALeaf, (leaf + 1) * votersALeaf)
    next = write(next, checkpointVoters, { role, leaf }, { voters: part })
  }
  while (read(next, checkpointVoters, { role, leaf }) !== undefined) {
    next = remove(next, checkpointVoters, { role, leaf })
    leaf += 1
  }
  if (set !== undefined) sets.set(mapKey(set.root), set)
  return next
}
