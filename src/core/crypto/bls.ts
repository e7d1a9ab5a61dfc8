/**
 * BLS12-381 multi-signatures with proof of possession (SIG-1): votes, certificates, VRF tickets.
 *
 * Public keys in G1 (48 bytes compressed), signatures in G2 (96 bytes compressed), the ciphersuites
 * of draft-irtf-cfrg-bls-signature. Which implementation runs is the choice of the composition
 * root; all of them give the same answer on the same bytes, held to `blsNoble.ts` by one test.
 */

export const blsSecretBytes = 32
export const blsPublicKeyBytes = 48
export const blsSignatureBytes = 96

/** Domain of signatures. */
export const blsSignatureDst = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

/** Domain of proofs of possession: a proof is never a signature, nor the other way round. */
export const blsPossessionDst = 'BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'

/**
 * No method throws on bytes that others sent: public keys, signatures, proofs and messages of any
 * content and length. Secrets are our own: a malformed one is an assertion.
 */
export interface BlsBackend {
  readonly name: string
  publicKey(secret: Uint8Array): Uint8Array
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean
  /**
   * `undefined` when the list is empty, a member is invalid or infinity, or the sum is infinity.
   */
  aggregateSignatures(signatures: readonly Uint8Array[]): Uint8Array | undefined
  /** All keys signed the same message. Safe only for keys whose possession was verified. */
  fastAggregateVerify(
    publicKeys: readonly Uint8Array[],
    message: Uint8Array,
    signature: Uint8Array,
  ): boolean
  provePossession(secret: Uint8Array): Uint8Array
  verifyPossession(publicKey: Uint8Array, proof: Uint8Array): boolean
  /**
   * A hint that this signature is likely to be aggregated: decoding it now, while a seat waits for
   * the others, takes nothing from the moment when the quorum is there.
   */
  prepareSignature?(signature: Uint8Array): void
  /** A canonical encoding of a point of the subgroup other than infinity. */
  isPublicKeyValid(publicKey: Uint8Array): boolean
}
