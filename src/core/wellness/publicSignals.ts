/**
 * The public signals of `wellness_share`, by name (ZK-1).
 *
 * The order is that of the circuit's declarations; nothing else in the project knows an index. The
 * verifier takes root, chain, epoch, version and key from the chain, nullifier and share from the
 * sender.
 */

import { assert } from '../base/assert.ts'
import { foldToField, isField } from '../emotion/field.ts'
import { isU32 } from '../emotion/u32.ts'

export const wellnessSignalNames = [
  'enrolmentRoot',
  'nullifier',
  'chainId',
  'epoch',
  'consentVersion',
  'keyX',
  'keyY',
  'firstX',
  'firstY',
  'secondX',
  'secondY',
] as const

export type WellnessSignalName = (typeof wellnessSignalNames)[number]

/**
 * A point of Baby Jubjub as plain numbers, which cross to a worker. Only of points that
 * `decodePoint` let in: the circuit does not look for the subgroup.
 */
export interface AffinePoint {
  readonly x: bigint
  readonly y: bigint
}

/** What a proof of a share is checked against. */
export interface WellnessPublicInputs {
  /**
   * Root that boundary(epoch − 3) carries, and no other: who enrols anew gets another nullifier, so
   * a choice of roots would be a choice of how often one person counts.
   */
  readonly enrolmentRoot: bigint
  /** Once per key, chain and epoch. */
  readonly nullifier: bigint
  /** 32 bytes. */
  readonly chainId: Uint8Array
  /** The epoch whose sum the share is for. */
  readonly epoch: number
  readonly consentVersion: number
  /** Y of that epoch; not the identity. */
  readonly key: AffinePoint
  /** r·B and m·B + r·Y. */
  readonly share: { readonly first: AffinePoint; readonly second: AffinePoint }
}

/** Each signal as a field element. */
export function wellnessSignalValues(
  inputs: WellnessPublicInputs,
): Readonly<Record<WellnessSignalName, bigint>> {
  const { key, share } = inputs
  assert(isField(inputs.enrolmentRoot), 'a root is a field element')
  assert(isField(inputs.nullifier), 'a nullifier is a field element')
  assert(isU32(inputs.epoch), 'an epoch in a proof is below 2^32')
  assert(isU32(inputs.consentVersion), 'a consent version is below 2^32')
  assert(key.x !== 0n, 'a key is not the identity')
  const coordinates = [key, share.first, share.second].flatMap(({ x, y }) => [x, y])
  assert(coordinates.every(isField), 'coordinates are field elements')
  return {
    enrolmentRoot: inputs.enrolmentRoot,
    nullifier: inputs.nullifier,
    chainId: foldToField('chainId', inputs.chainId),
    epoch: BigInt(inputs.epoch),
    consentVersion: BigInt(inputs.consentVersion),
    keyX: key.x,
    keyY: key.y,
    firstX: share.first.x,
    firstY: share.first.y,
    secondX: share.second.x,
    secondY: share.second.y,
  }
}

/** The signals in the circuit's order. */
export function wellnessSignals(inputs: WellnessPublicInputs): readonly bigint[] {
  const values = wellnessSignalValues(inputs)
  return wellnessSignalNames.map((name) => values[name])
}
