/** The sharing of a committee of the state (BEACON-2). */
import type { Committee } from '../../codec/chain.ts'
import { committeeRoot } from '../../committee/handOver.ts'
import { createSharing, type Sharing, type SharingInput } from '../../crypto/pvss/sharing.ts'

/** Values of a state are never modified; keys are decoded once a committee. */
const known = new WeakMap<Committee, { readonly chainId: string; readonly sharing?: Sharing }>()

export function sharingInputOf(chainId: string, committee: Committee): SharingInput {
  return {
    chainId,
    epoch: committee.epoch,
    committeeRoot: committeeRoot(committee),
    seats: committee.seats.map(({ sharingKey, power }) => ({ key: sharingKey, power })),
  }
}

/** Undefined when a key is none: then nobody deals, and the round fails. */
export function sharingOf(chainId: string, committee: Committee): Sharing | undefined {
  const before = known.get(committee)
  if (before?.chainId === chainId) return before.sharing
  const created = createSharing(sharingInputOf(chainId, committee))
  known.set(committee, created.ok ? { chainId, sharing: created.value } : { chainId })
  return created.ok ? created.value : undefined
}
