/** Whether a peer is of this chain, by what it says of itself in `status` (ENC-2). */
import { equalBytes } from '../core/base/bytes.ts'

export interface ChainClaim {
  readonly version: number
  readonly chainId: string
  /** Hash of the genesis, 32 bytes. */
  readonly genesis: Uint8Array
}

export type StrangerCode =
  /** Speaks a newer version of the protocol: this program is to be renewed. */
  | 'PEER_NEWER'
  /** Speaks an older version: its owner has to renew it. */
  | 'PEER_OLDER'
  /** A chain of the same name that began otherwise. */
  | 'PEER_OTHER_GENESIS'

/** The version comes first: another one may hash the same genesis otherwise. */
export function strangerCode(own: ChainClaim, peer: ChainClaim): StrangerCode | undefined {
  if (peer.version > own.version) return 'PEER_NEWER'
  if (peer.version < own.version) return 'PEER_OLDER'
  const isSame = peer.chainId === own.chainId && equalBytes(peer.genesis, own.genesis)
  return isSame ? undefined : 'PEER_OTHER_GENESIS'
}
