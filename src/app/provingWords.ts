/**
 * What is done while a proof is made, for who never heard of a circuit (UX-2). One change at most,
 * between sentences of one length: stages last less than a second each, and what is below stays.
 */

import type { ProverStage } from '../ports/prover.ts'

const fetched = 'What makes it is being fetched first.'
const made = 'It is being made on this device.'

/** Exhaustive by type, as every table of words is: a new stage without words does not compile. */
export const provingWords: Readonly<Record<ProverStage, string>> = {
  loading: fetched,
  checking: fetched,
  witness: made,
  proving: made,
  verifying: made,
}
