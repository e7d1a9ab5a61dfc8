/**
 * The step of a claimed score. Below the parameters, which have to be multiples of it, and below
 * the statements of proofs: who checks their inputs loads no chain's parameters.
 */

/** Basis points. PRIV-5: no public value changes with the body more finely. */
export const scoreStepBp = 500
