/** Published vectors as questions to the primitives, with the outcome that their authors state. */

export interface Question {
  readonly what:
    | 'ed25519'
    | 'ed25519Sign'
    | 'ed25519Key'
    | 'mlDsa87'
    | 'mlDsa87Keys'
    | 'blsSecret'
    | 'blsSign'
    | 'blsVerify'
    | 'blsFastAggregateVerify'
    | 'blsAggregate'
    | 'blsHashIn'
    | 'blsSignIn'
    | 'blsVerifyIn'
    | 'sha256'
    | 'sha512'
    | 'sha256Chain'
    | 'sha512Chain'
    | 'hmac'
    | 'hkdf'
    | 'seal'
    | 'unseal'
  /** Hexadecimal. */
  readonly values: readonly string[]
  /** Keys or signatures of an aggregate, hexadecimal. */
  readonly list?: readonly string[]
  /** Of what is derived, in bytes. */
  readonly length?: number
  /** Of hashing to the curve, where the vectors have one that is not ours. */
  readonly domain?: string
}

export interface Stated {
  readonly question: Question
  readonly outcome: string
}

export interface VectorFile {
  /** Text of the file, unpacked where it is packed. */
  readonly read: (text: string) => readonly Stated[]
  /** How many questions the file gives, so that a reader that finds none is noticed. */
  readonly questions: number
}

export type VectorFiles = Readonly<Record<string, VectorFile>>

export function stated(what: Question['what'], values: readonly string[], outcome: string): Stated {
  return { question: { what, values: values.map(lower) }, outcome }
}

export function textHex(text: string): string {
  return Buffer.from(text).toString('hex')
}

export function lower(text: string): string {
  return text.toLowerCase()
}

/** Wycheproof: groups of tests that share a key or its size. */
export interface Wycheproof<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly (T & WycheproofResult)[] })[]
}

interface WycheproofResult {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
}

/** ACVP of NIST. */
export interface Acvp<G, T> {
  readonly testGroups: readonly (G & { readonly tests: readonly T[] })[]
}
