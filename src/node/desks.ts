/**
 * What the ledger of a node asks from outside (`LedgerEnv`), with who finds the answers ahead: the
 * prover's worker for proofs (ZK-4), those of signatures for many signatures at once (SIG-1).
 */
import type { BlsBackend } from '../core/crypto/bls.ts'
import { createVerifier, type LedgerEnv } from '../core/ledger/env.ts'
import type { Clock } from '../ports/clock.ts'
import type { Prover } from '../ports/prover.ts'
import type { SignatureVerifier } from '../ports/signatureVerifier.ts'
import { CheckpointVerdicts } from './checkpointVerdicts.ts'
import { ProofDesk } from './proofDesk.ts'
import { SignatureDesk } from './signatureDesk.ts'

export interface Desks {
  readonly env: LedgerEnv
  readonly proofs: ProofDesk
  readonly signatures: SignatureDesk
}

export interface DeskOptions {
  readonly prover: Prover
  readonly bls: BlsBackend
  /** Without it what takes long is done in one go. */
  readonly clock?: Clock
  /** Without it the core verifies every signature of an account itself, one after the other. */
  readonly signatures?: SignatureVerifier
}

/** `onNotice` hears what could not be judged. */
export function createDesks(options: DeskOptions, onNotice: (text: string) => void): Desks {
  const checkpoints = new CheckpointVerdicts(options.bls, options.clock)
  const onTrouble = (code: string): void => {
    onNotice(`a proof could not be judged: ${code}`)
  }
  const proofs = new ProofDesk(options.prover, onTrouble, checkpoints)
  const reference = createVerifier(options.bls)
  const signatures = new SignatureDesk(reference, options.signatures, (code) => {
    onNotice(`signatures were not verified ahead: ${code}`)
  })
  const verifier = { ...signatures.verifier, checkpointSigned: checkpoints.signed }
  return { env: { verifier, verdicts: proofs }, proofs, signatures }
}
