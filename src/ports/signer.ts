/**
 * What the keys of a validator do (SIG-1, EPOCH-3, BFT-10). Secrets never cross this interface.
 *
 * Signing is synchronous: the node runs where the keys are, and a vote must not wait for a tick.
 * What is signed begins with its domain (SIG-2); that is the caller's part.
 */
import type { Result } from '../core/base/result.ts'

/** A key for one service: fresh, bound to this device, erased after the hand-over. */
export interface EpochKey {
  /** Lowercase hex of `publicKey`; names the safety slot of this key in the store. */
  readonly slot: string
  /** BLS, 48 bytes. */
  readonly publicKey: Uint8Array
  /** Proof of possession of the key, 96 bytes. */
  readonly possession: Uint8Array
  /** BLS, 96 bytes. The record that contains what is signed is durable first (BFT-10). */
  sign(message: Uint8Array): Uint8Array
  /** ML-DSA-87 keys from the same seed, for checkpoints alone (CKPT-1). */
  postQuantum(): PostQuantumKey
  /** From the same seed, so that what is dealt can be opened after a restart (BEACON-3). */
  sharing(): SharingSecrets
  /** A hint that `sign` will probably be asked for this message: it may be signed ahead. */
  prepare?(message: Uint8Array): void
}

export interface PostQuantumKey {
  /** 2592 bytes. */
  readonly publicKey: Uint8Array
  /** 4627 bytes. */
  sign(message: Uint8Array): Uint8Array
}

/**
 * Secrets of the beacon's sharing: the one exception to the rule above, because the work with them
 * is done in a thread of its own. They never leave the device.
 */
export interface SharingSecrets {
  /** For READY and the seat (BEACON-2), 32 bytes. */
  readonly publicKey: Uint8Array
  /** Of that key, 32 bytes. */
  readonly keySeed: Uint8Array
  /** Of the deals of this service, 32 bytes; each deal takes its place in besides (BEACON-3). */
  readonly dealSeed: Uint8Array
}

export type EpochKeyError =
  /** The key was made on another device or its record is lost: abstain for that epoch. */
  | { readonly code: 'EPOCH_KEY_ELSEWHERE'; readonly slot: string }
  /** The stored key does not open: abstain until this service ends. */
  | { readonly code: 'EPOCH_KEY_CORRUPT'; readonly slot: string }

export interface Signer {
  /** Ed25519, 32 bytes: the account and identity of this validator. */
  readonly identity: Uint8Array
  /** BLS, 48 bytes, registered for tickets (COM-1). */
  readonly vrfKey: Uint8Array
  /** Ed25519 public key of the network identity, 32 bytes. */
  readonly networkKey: Uint8Array
  /** Ed25519, 64 bytes. */
  signIdentity(message: Uint8Array): Uint8Array
  /** BLS, 96 bytes: deterministic, so that its hash is a verifiable random value (COM-1). */
  signVrf(message: Uint8Array): Uint8Array
  proveVrfPossession(): Uint8Array
  /** Makes a fresh key; it is durable in the store before this resolves. */
  createEpochKey(): Promise<EpochKey>
  /** The key of a slot that this device made before. */
  openEpochKey(slot: string): Promise<Result<EpochKey, EpochKeyError>>
  /** Erases key and record for good, after a hand-over that names a committee without it. */
  eraseEpochKey(slot: string): Promise<void>
}
