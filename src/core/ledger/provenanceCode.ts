/** SENS-4: the code of a claimed provenance, undefined where the chain does not accept it. */
import { Provenance } from '../codec/chain.ts'
import type { ChainInfo } from '../codec/state.ts'
import { provenanceCodes, provenanceOf } from '../emotion/provenance.ts'

const codes: Readonly<Record<Provenance, number>> = {
  [Provenance.PROVENANCE_UNSPECIFIED]: 0,
  [Provenance.STRAP]: provenanceCodes.strap,
  [Provenance.STRAP_ECG]: provenanceCodes['strap+ecg'],
  [Provenance.CAMERA]: provenanceCodes.camera,
  [Provenance.STRAP_CAMERA]: provenanceCodes['strap+camera'],
  [Provenance.SIMULATED]: provenanceCodes.simulated,
}

export function provenanceCodeOf(
  claimed: Provenance,
  chain: Pick<ChainInfo, 'devnet'>,
): number | undefined {
  const code = codes[claimed]
  const provenance = provenanceOf(code)
  const isAllowed = provenance !== 'simulated' || chain.devnet?.allowSimulated === true
  return provenance === undefined || !isAllowed ? undefined : code
}
