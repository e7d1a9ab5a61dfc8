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
import { inProcessSharing } from './sharing/inProcess.ts'
import { SharingDesk } from './sharing/sharingDesk.ts'
import { SignatureDesk } from './signatureDesk.ts'
import type { SharingCrypto } from './sharing/crypto.ts'

export interface Desks {
  readonly env: LedgerEnv
  readonly proofs: ProofDesk
  readonly signatures: SignatureDesk
  readonly sharing: SharingDesk
}

export interface DeskOptions {
  readonly prover: Prover
  readonly bls: BlsBackend
  /** Without it what takes long is done in one go. */
  readonly clock?: Clock
  /** Without it the core verifies every signature of an account itself, one after the other. */
  readonly signatures?: SignatureVerifier
  /** Without it the work of the sharing is done on this thread. */
  readonly sharing?: SharingCrypto | undefined
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
  const sharing = new SharingDesk(options.sharing ?? inProcessSharing(), verifier, (code) => {
    onNotice(`a part of the sharing could not be judged: ${code}`)
  })
  return { env: { verifier, verdicts: verdictsOf(proofs, sharing) }, proofs, signatures, sharing }
}

export function verdictsOf(proofs: ProofDesk, sharing: SharingDesk): LedgerEnv['verdicts'] {
  const { proofIsValid, proofIsWrong } = proofs
  const { partIsRight, partIsWrong } = sharing
  return { proofIsValid, proofIsWrong, partIsRight, partIsWrong }
}
