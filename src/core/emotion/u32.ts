/**
 * The range of epochs and versions in a circuit. Apart from the hashes of `commitments.ts`, so that
 * who only checks the range does not load their constants.
 */

/** Epochs and versions in the circuit are below 2^32. */
export const u32Limit = 4_294_967_296

export function isU32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < u32Limit
}
