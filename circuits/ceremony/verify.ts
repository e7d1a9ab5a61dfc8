/** The whole chain from powers of tau and circuit to a key, by anybody (ZK-9). */

import { err, ok, type Result } from '../../src/core/base/result.ts'
import type { Attestation } from './attestation.ts'
import type { CircuitFile } from './circuitFile.ts'
import type { CeremonyError } from './errors.ts'
import type { CeremonyKey } from './keyFile.ts'
import type { PowersOfTau } from './powersOfTauFile.ts'
import { follows } from './snarkjs.ts'
import { startCeremony } from './steps.ts'

export interface Ceremony {
  readonly circuit: CircuitFile
  readonly ptau: PowersOfTau
  readonly key: CeremonyKey
  /** What contributors published: each must stand in the key, in this order. */
  readonly attestations: readonly Attestation[]
}

/** Anybody alone can make a key: a ceremony is of at least two, whoever they are. */
export const contributionsLeast = 2

export async function verifyCeremony(ceremony: Ceremony): Promise<Result<void, CeremonyError>> {
  const { circuit, ptau, key, attestations } = ceremony
  const first = await startCeremony(circuit, ptau)
  if (!first.ok) return first
  const isOfPowers = first.value.first.every((point, index) => {
    const own = key.first[index]
    return own !== undefined && Buffer.compare(point, own) === 0
  })
  if (!isOfPowers) return err({ code: 'CEREMONY_PTAU_FOREIGN' })
  if (first.value.circuitHash !== key.circuitHash) return err({ code: 'CEREMONY_CIRCUIT_FOREIGN' })
  const beacon = key.list.findIndex(({ kind }) => kind === 'beacon')
  if (beacon >= 0 && beacon !== key.list.length - 1) {
    return err({ code: 'CEREMONY_CHAIN_INVALID', reason: 'a contribution after the beacon' })
  }
  const missing = firstMissing(key, attestations)
  if (missing !== undefined) {
    const { name, contribution } = missing
    return err({ code: 'CEREMONY_ATTESTATION_MISSING', name, hash: contribution })
  }
  const chain = await follows(first.value.bytes, ptau.bytes, key.bytes)
  if (!chain.ok) return err({ code: 'CEREMONY_CHAIN_INVALID', reason: chain.error })
  return ok(undefined)
}

/** As `verifyCeremony`, of a key that is to be used: enough people, and the beacon after them. */
export async function verifyFinished(ceremony: Ceremony): Promise<Result<void, CeremonyError>> {
  const { list } = ceremony.key
  if (list.at(-1)?.kind !== 'beacon') return err({ code: 'CEREMONY_BEACON_MISSING' })
  const count = list.length - 1
  if (count < contributionsLeast) {
    return err({ code: 'CEREMONY_CONTRIBUTIONS_FEW', count, least: contributionsLeast })
  }
  return verifyCeremony(ceremony)
}

/** The first attestation that does not stand after those before it. */
function firstMissing(
  { list }: CeremonyKey,
  attestations: readonly Attestation[],
): Attestation | undefined {
  let next = 0
  return attestations.find(({ name, contribution }) => {
    // No hash covers the name in the key.
    const found = list.findIndex(
      (one, index) => index >= next && one.hash === contribution && one.name === name,
    )
    next = found + 1
    return found < 0
  })
}
