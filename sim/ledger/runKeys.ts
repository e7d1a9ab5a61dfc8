/** What a validator of a run on the production ledger holds: drawn from the seed, by its number. */
import { u32be } from '../../src/core/base/bytes.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { ed25519PublicKey } from '../../src/core/crypto/ed25519.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { sharingPublicKey } from '../../src/core/crypto/pvss/sharingKey.ts'

export interface RunKeys {
  /** Ed25519 of the account. */
  readonly seed: Uint8Array
  readonly account: Uint8Array
  readonly vrfSecret: Uint8Array
  readonly vrfKey: Uint8Array
}

const uses = { account: 11, vrf: 12, sharing: 13, deal: 14, sink: 15 } as const

function drawn(seed: number, use: keyof typeof uses, ...numbers: readonly number[]): Uint8Array {
  return hash('keyDerivation', u32be(seed), u32be(uses[use]), ...numbers.map(u32be))
}

export function runKeys(bls: BlsBackend, seed: number, validator: number): RunKeys {
  const accountSeed = drawn(seed, 'account', validator)
  const vrfSecret = drawn(seed, 'vrf', validator)
  vrfSecret[0] = 0 // Below the order of the group.
  const account = ed25519PublicKey(accountSeed)
  return { seed: accountSeed, account, vrfSecret, vrfKey: bls.publicKey(vrfSecret) }
}

/** Seeds of the key of the sharing in an epoch, and of the deals under it (BEACON-2, BEACON-3). */
export function runSharingSeeds(
  seed: number,
  validator: number,
  epoch: number,
): Readonly<Record<'keySeed' | 'dealSeed', Uint8Array>> {
  const keySeed = drawn(seed, 'sharing', validator, epoch)
  return { keySeed, dealSeed: drawn(seed, 'deal', validator, epoch) }
}

export function runSharingKey(seed: number, validator: number, epoch: number): Uint8Array {
  return sharingPublicKey(runSharingSeeds(seed, validator, epoch).keySeed)
}

/** An account that only receives: nobody has its key. */
export function runSink(seed: number, index: number): Uint8Array {
  return drawn(seed, 'sink', index)
}
