/** What can be wrong in a ceremony, and what to do about each (ZK-9). */

export type CeremonyError =
  /** A file cannot be read or written: check its path and its permissions. */
  | { readonly code: 'CEREMONY_FILE_UNREADABLE'; readonly file: string; readonly reason: string }
  /** Cut off, changed on its way, or of another kind: get it again and compare its hash. */
  | { readonly code: 'CEREMONY_FILE_MALFORMED'; readonly file: string; readonly part: string }
  /** Nothing is ever overwritten: name another file. */
  | { readonly code: 'CEREMONY_FILE_EXISTS'; readonly file: string }
  /** No published powers of tau: download one of `knownPowersOfTau.ts`. */
  | { readonly code: 'CEREMONY_PTAU_UNKNOWN'; readonly blake2b: string }
  /** A file of a phase 1 that was not prepared for phase 2: take one whose name has `final`. */
  | { readonly code: 'CEREMONY_PTAU_UNPREPARED' }
  /** Fewer powers than the circuit needs: take the file of at least that power. */
  | { readonly code: 'CEREMONY_PTAU_SMALL'; readonly power: number; readonly needed: number }
  /** The key was made from other powers of tau: take the file that the ceremony announced. */
  | { readonly code: 'CEREMONY_PTAU_FOREIGN' }
  /** The key is of another circuit, or of other sources of it: check out the announced commit. */
  | { readonly code: 'CEREMONY_CIRCUIT_FOREIGN' }
  /** No circuit of this project: name one of them. */
  | { readonly code: 'CEREMONY_CIRCUIT_UNKNOWN'; readonly names: readonly string[] }
  /** circom refused the source: run `npm run circuits` to see why. */
  | { readonly code: 'CEREMONY_COMPILER'; readonly reason: string }
  /** The key does not follow from its contributions: refuse the file and ask for another. */
  | { readonly code: 'CEREMONY_CHAIN_INVALID'; readonly reason: string }
  /** An attested contribution is not in the key, or not in its place: somebody left it out. */
  | { readonly code: 'CEREMONY_ATTESTATION_MISSING'; readonly name: string; readonly hash: string }
  /** The transcript tells of other contributions or another key: it belongs to another file. */
  | { readonly code: 'CEREMONY_TRANSCRIPT_DIFFERS'; readonly part: string }
  /** Too few people contributed: go on before the beacon. */
  | { readonly code: 'CEREMONY_CONTRIBUTIONS_FEW'; readonly count: number; readonly least: number }
  /** After the beacon nobody contributes: take the file before it. */
  | { readonly code: 'CEREMONY_CLOSED' }
  /** There is no beacon yet: run `ceremony beacon` first. */
  | { readonly code: 'CEREMONY_BEACON_MISSING' }
  /** A beacon has 32 to 255 bytes in hex, and 10 to 32 as exponent of its iterations. */
  | { readonly code: 'CEREMONY_BEACON_VALUE'; readonly part: 'hash' | 'iterations' }
  /** A name has 1 to 64 letters, without control characters. */
  | { readonly code: 'CEREMONY_NAME' }

type Code = CeremonyError['code']
type Of<C extends Code> = Extract<CeremonyError, { readonly code: C }>

/** One sentence on what is wrong and one on what to do. */
export function explain(error: CeremonyError): string {
  const sentence = sentences[error.code] as (error: CeremonyError) => string
  return sentence(error)
}

const sentences: { readonly [C in Code]: (error: Of<C>) => string } = {
  CEREMONY_FILE_UNREADABLE: ({ file, reason }) =>
    `${file} cannot be used (${reason}). Check its path and its permissions.`,
  CEREMONY_FILE_MALFORMED: ({ file, part }) =>
    `${file} is cut off, changed or of another kind (${part}). Get it again and compare its hash.`,
  CEREMONY_FILE_EXISTS: ({ file }) =>
    `${file} is there already, and nothing is overwritten. Name another file.`,
  CEREMONY_PTAU_UNKNOWN: ({ blake2b }) =>
    `These are no published powers of tau (BLAKE2b ${blake2b}). Download one of the files of ` +
    'docs/guides/ceremony.md again, or say --rehearsal to try the commands out.',
  CEREMONY_PTAU_UNPREPARED: () =>
    'These powers of tau are not prepared for phase 2. Take a file whose name has "final".',
  CEREMONY_PTAU_SMALL: ({ power, needed }) =>
    `The file has 2^${String(power)} powers and the circuit needs 2^${String(needed)}. ` +
    'Take a larger one.',
  CEREMONY_PTAU_FOREIGN: () =>
    'The key was made from other powers of tau. Take the file that the ceremony announced.',
  CEREMONY_CIRCUIT_FOREIGN: () =>
    'The key is of another circuit, or of other sources of it. Check out the announced commit.',
  CEREMONY_CIRCUIT_UNKNOWN: ({ names }) => `Name a circuit: ${names.join(', ')}.`,
  CEREMONY_COMPILER: ({ reason }) =>
    `circom refused the source: ${reason}. Run npm ci, then npm run circuits.`,
  CEREMONY_CHAIN_INVALID: ({ reason }) =>
    `The key does not follow from its contributions: ${reason}. ` +
    'Refuse this file, and let its contributor start again from the one before.',
  CEREMONY_ATTESTATION_MISSING: ({ name, hash }) =>
    `The contribution of ${name} is not in its place (${hash.slice(0, 16)}…). Somebody left it ` +
    'out: let the next contributor start again from the file that has it.',
  CEREMONY_TRANSCRIPT_DIFFERS: ({ part }) =>
    `The transcript tells of another ceremony (${part}). Take the transcript of this key.`,
  CEREMONY_CONTRIBUTIONS_FEW: ({ count, least }) =>
    `${String(count)} contributed and at least ${String(least)} must. Go on from the last file ` +
    'before the beacon.',
  CEREMONY_CLOSED: () => 'The beacon has closed this ceremony. Contribute to the file before it.',
  CEREMONY_BEACON_MISSING: () => 'There is no beacon yet. Run ceremony beacon first.',
  CEREMONY_BEACON_VALUE: ({ part }) =>
    part === 'hash'
      ? '--hash takes 32 to 255 bytes in hex: the value that was announced beforehand.'
      : '--iterations takes the exponent of 2, from 10 to 32.',
  CEREMONY_NAME: () => '--name takes 1 to 64 letters without control characters.',
}
