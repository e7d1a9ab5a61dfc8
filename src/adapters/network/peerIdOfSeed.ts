/** The peer id that an Ed25519 seed gives: a validator's is in its READY (NET-11). */
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { PeerId } from '../../ports/transport.ts'

export async function peerIdOfSeed(seed: Uint8Array): Promise<PeerId> {
  const privateKey = await generateKeyPairFromSeed('Ed25519', seed)
  return peerIdFromPrivateKey(privateKey).toString() as PeerId
}
