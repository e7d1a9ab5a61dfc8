/**
 * The string that a seat signs (SIG-2): kind, chain id, epoch, view, committee root and block,
 * under a domain of its own, so that no vote means anything in another place.
 */
import { VotePayload } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'

export function voteMessage(payload: VotePayload): Uint8Array {
  return hash('vote', VotePayload.encode(payload))
}
