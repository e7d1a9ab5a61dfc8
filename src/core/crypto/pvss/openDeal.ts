/**
 * Opening (BEACON-4): the dealer tells p(0) once the set is fixed; everybody checks it against the
 * first commitment and has the secret h^p(0) without any shares.
 */
import type { DealOpening } from '../../codec/sharing.ts'
import { dealCoefficients } from './makeDeal.ts'
import { encodeScalar } from './scalars.ts'
import type { Sharing } from './sharing.ts'

/** `seed`: the one of `makeDeal`. */
export function openDeal(sharing: Sharing, dealer: number, seed: Uint8Array): DealOpening {
  const [secret = 0n] = dealCoefficients(sharing, dealer, seed)
  return { epoch: sharing.epoch, dealer, secret: encodeScalar(secret) }
}
