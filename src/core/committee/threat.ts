/**
 * Strong finality (BFT-12): how many seats must have signed a block before it is called strong. It
 * follows the evidence of recent epochs on chain, so every node counts the same; it is an extra to
 * finality and never takes its place (BFT-11).
 */

/** Ten minutes of 30 s epochs: convictions older than that no longer raise the level. */
export const threatEpochs = 20

const basis = 10_000

/** Shares of the total power, basis points. */
const strong = { least: 6_700, most: 9_000, perThreat: 1_500 } as const

/** Basis points: F + 1 seats convicted in recent epochs are all of it. Floored. */
export function threatLevel(convictedSeats: number, faultyPower: number): number {
  return Math.min(basis, Math.floor((basis * convictedSeats) / (faultyPower + 1)))
}

/** Rounded up; between the quorum and the whole committee. */
export function strongPowerOf(options: {
  readonly totalPower: number
  readonly quorumPower: number
  /** Basis points. */
  readonly threat: number
}): number {
  const { totalPower, quorumPower, threat } = options
  const raised = strong.least + Math.floor((strong.perThreat * threat) / basis)
  const share = Math.max(strong.least, Math.min(strong.most, raised))
  return Math.min(totalPower, Math.max(quorumPower, Math.ceil((totalPower * share) / basis)))
}
