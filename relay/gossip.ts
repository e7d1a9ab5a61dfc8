/**
 * What a relay forwards (NET-2): only what decodes, blocks only with a certificate that can be
 * true. Transactions and votes are judged by nodes, which have the state and the keys in hand.
 */

import { readHeader } from '../src/core/chain/certified.ts'
import { decodeTransaction } from '../src/core/ledger/transactionBytes.ts'
import { decodeMessage } from '../src/node/wire.ts'
import type { GossipMessage, Verdict } from '../src/ports/transport.ts'
import type { Archive } from './archive/archive.ts'
import type { FinalBlockSource } from './archive/finalBlocks.ts'

export const transactionBytesMax = 65_536

export function judgeGossip(
  message: GossipMessage,
  follower: { readonly archive: Archive; readonly source: FinalBlockSource } | undefined,
): Verdict {
  if (message.topic === 'consensus') {
    return decodeMessage(message.bytes) === undefined ? 'reject' : 'accept'
  }
  if (message.topic !== 'blocks') {
    return decodeTransaction(message.bytes, transactionBytesMax).ok ? 'accept' : 'reject'
  }
  const decoded = decodeMessage(message.bytes)
  if (decoded?.type !== 'block') return 'reject'
  const { block } = decoded
  const header = readHeader(block.header)
  if (!header.ok) return 'reject'
  if (follower === undefined) return 'accept'
  const verdict = follower.archive.judge(block)
  if (verdict === 'accept') {
    follower.source.offer({ block, height: header.value.header.height, from: message.from })
  }
  return verdict
}
