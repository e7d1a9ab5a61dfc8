/** What evidence of a false review shows of a proof besides its bytes (E9). */
import type { ReviewedStatement } from '../codec/chain.ts'
import { fieldToBytes } from '../emotion/field.ts'
import { provenanceCodes } from '../emotion/provenance.ts'
import type { EmotionalPublicInputs } from '../emotion/publicSignals.ts'
import { scoreModeCodes } from '../emotion/scoreMode.ts'

export function reviewedStatementOf(about: EmotionalPublicInputs): ReviewedStatement {
  return {
    enrolmentRoot: fieldToBytes(about.enrolmentRoot),
    nullifier: fieldToBytes(about.nullifier),
    beacon: about.beacon,
    threshold: about.thresholdBp,
    consentVersion: about.consentVersion,
    provenance: provenanceCodes[about.provenance],
    scoreMode: scoreModeCodes[about.scoreMode],
    stateBefore: fieldToBytes(about.stateBefore),
    missedEpochs: about.missedEpochs,
    stateAfter: fieldToBytes(about.stateAfter),
  }
}
