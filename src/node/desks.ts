/**
 * What the ledger of a node asks from outside (`LedgerEnv`), with who finds the answers ahead: the
 * prover's worker for proofs (ZK-4), those of signatures for many signatures at once (SIG-1).
 */
import type { BlsBackend } from '../core/crypto/bls.ts'
import { createVerifier, type LedgerEnv } from '../core/ledger/env.ts'
import type { Prover } from '../ports/prover.ts'
import type { SignatureVerifier } from '../ports/signatureVerifier.ts'
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
  /** Without it the core verifies every signature of an account itself, one after the other. */
  readonly signatures?: SignatureVerifier
}

/** `onNotice` hears what could not be judged. */
export function createDesks(options: DeskOptions, onNotice: (text: string) => void): Desks {
  const proofs = new ProofDesk(options.prover, (code) => {
    onNotice(`a proof could not be judged: ${code}`)
  })
  const reference = createVerifier(options.bls)
  const signatures = new SignatureDesk(reference, options.signatures, (code) => {
    onNotice(`signatures were not verified ahead: ${code}`)
  })
  return { env: { verifier: signatures.verifier, verdicts: proofs }, proofs, signatures }
}
