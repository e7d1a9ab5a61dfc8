/** What the restart key signs (RECOVER-1); a light client checks it without a state (SYNC-2). */
import { concat, u32be, u64be, utf8 } from '../base/bytes.ts'
import { Committee, type Restart } from '../codec/chain.ts'
import { hash } from '../crypto/hash.ts'

export function restartMessage(
  chainId: string,
  restart: Pick<Restart, 'epoch' | 'attempt' | 'base'> & { readonly committee: Committee },
): Uint8Array {
  const chain = utf8(chainId)
  const place = concat(u32be(chain.length), chain, u64be(restart.epoch), u32be(restart.attempt))
  return hash('restart', place, restart.base, Committee.encode(restart.committee))
}
