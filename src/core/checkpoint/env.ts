/** What votes on one number are checked against (CKPT-1). */
import type { BlsBackend } from '../crypto/bls.ts'
import type { VoterSet } from './voterSet.ts'

export interface CheckpointEnv {
  readonly chainId: string
  /** The set that votes; its keys' possession was proven at registration. */
  readonly set: VoterSet
  readonly bls: BlsBackend
}
