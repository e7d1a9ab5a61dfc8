/** Where the beats came from: self-declared, public, and shown as such (SENS-4). */

export const provenanceCodes = {
  strap: 1,
  'strap+ecg': 2,
  camera: 3,
  'strap+camera': 4,
  simulated: 5,
} as const

export type Provenance = keyof typeof provenanceCodes

/** The provenance of a code from the wire; undefined for a code that does not exist. */
export function provenanceOf(code: number): Provenance | undefined {
  switch (code) {
    case provenanceCodes.strap:
      return 'strap'
    case provenanceCodes['strap+ecg']:
      return 'strap+ecg'
    case provenanceCodes.camera:
      return 'camera'
    case provenanceCodes['strap+camera']:
      return 'strap+camera'
    case provenanceCodes.simulated:
      return 'simulated'
    default:
      return undefined
  }
}
