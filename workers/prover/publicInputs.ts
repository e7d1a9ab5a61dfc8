/** Which circuit public inputs are of, and their signals in its order (ZK-1). */

import { consentSignals } from '../../src/core/consent/publicSignals.ts'
import { publicSignals } from '../../src/core/emotion/publicSignals.ts'
import { signedSignals } from '../../src/core/emotion/signedSignals.ts'
import { livenessSignals } from '../../src/core/liveness/publicSignals.ts'
import { wellnessSignals } from '../../src/core/wellness/publicSignals.ts'
import type { ProofInputs } from '../../src/ports/prover.ts'
import type { CircuitName } from './protocol.ts'

export function circuitOf(inputs: ProofInputs): CircuitName {
  return 'circuit' in inputs ? inputs.circuit : 'emotional_proof'
}

export function signalsOf(inputs: ProofInputs): readonly bigint[] {
  if (!('circuit' in inputs)) return publicSignals(inputs)
  switch (inputs.circuit) {
    case 'liveness_proof':
      return livenessSignals(inputs)
    case 'wellness_share':
      return wellnessSignals(inputs)
    case 'consent_proof':
      return consentSignals(inputs)
    case 'emotional_proof_signed':
      return signedSignals(inputs)
    case 'emotional_proof_two':
      return publicSignals(inputs)
  }
}
