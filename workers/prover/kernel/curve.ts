/**
 * BN254 as a family (https://eprint.iacr.org/2010/354, section 4) and the endomorphism of its
 * groups, φ(x, y) = (β·x, y), which is multiplication by λ (Gallant, Lambert and Vanstone,
 * https://doi.org/10.1007/3-540-44647-8_11).
 */

/** The curve's parameter: q, r and the length of the loop are polynomials of it. */
export const curveParameter = 4965661367192848881n

/** Cube roots of one, in Fr and in Fq, that belong together in G1. In G2 β² belongs to λ. */
export const eigenvalue = 4407920970296243842393367215006156084916469457145843978461n
export const beta = 2203960485148121921418603742825762020974279258880205651966n

const x = curveParameter

/**
 * The short vectors (a, b) and (b, −d) of the lattice {(u, v): u + λ·v ≡ 0 modulo r}, which has a
 * basis in them because a·d + b² = r.
 */
export const shortVectors = {
  a: 6n * x * x + 4n * x + 1n,
  b: 2n * x + 1n,
  d: 6n * x * x + 2n * x,
} as const

/** Bits of k₁ and of k₂ in k ≡ k₁ + λ·k₂, without their signs: at most (a + b)/2 and a little. */
export const halfBits = 126
