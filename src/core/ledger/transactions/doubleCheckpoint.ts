/**
 * E11 (EVID-1, CKPT-1): a registered checkpoint key signed two contents for one number. Unsigned
 * and free, and counted once a validator and number, also with keys that it has replaced since.
 */
import { mapKey } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import { isDoubleVote, type SignedContent } from '../../checkpoint/doubleVote.ts'
import type { DoubleCheckpoint } from '../../codec/chain.ts'
import { SignedCheckpoint } from '../../codec/checkpoint.ts'
import { decodeStrict } from '../../codec/strict.ts'
import { convictDoubleVote } from '../doubleVotes.ts'
import { read, type LedgerState } from '../state.ts'
import { checkpointKeyOwners, doubleVoteMarks } from '../tables.ts'
import type { Execute } from './outcome.ts'

const signedBytesMax = 512

export const doubleCheckpoint: Execute<DoubleCheckpoint> = (state, _sender, payload, context) => {
  const { key } = payload
  const first = readSigned(payload.first)
  const second = readSigned(payload.second)
  if (first === undefined || second === undefined) return err({ code: 'EVIDENCE_INVALID' })
  const owner = read(state, checkpointKeyOwners, key)
  if (owner === undefined) return err({ code: 'EVIDENCE_INVALID' })
  const mark = { account: owner.account, number: first.content.number }
  if (read(state, doubleVoteMarks, mark) !== undefined) return err({ code: 'EVIDENCE_KNOWN' })
  const { chainId } = context.chain
  const bls = { verify: context.env.verifier.blsSigned }
  if (!isDoubleVote({ chainId, key, bls }, first, second)) return err({ code: 'EVIDENCE_INVALID' })
  const offence = { ...mark, timeMs: context.timeMs, epochNow: context.derived.epoch }
  return ok(convictDoubleVote(state, offence, context.params))
}

/** One offence waits once, however it is worded. */
export function doubleVoteKey({ key, first }: DoubleCheckpoint): string {
  const number = readSigned(first)?.content.number ?? 0
  return `e11:${String(number)}:${mapKey(key)}`
}

/** Whom it convicts of which number; undefined where the key is nobody's. */
export function doubleVoteOf(
  state: LedgerState,
  { key, first }: DoubleCheckpoint,
): { readonly account: Uint8Array; readonly number: number } | undefined {
  const owner = read(state, checkpointKeyOwners, key)
  const number = readSigned(first)?.content.number
  return owner === undefined || number === undefined ? undefined : { ...owner, number }
}

function readSigned(bytes: Uint8Array): SignedContent | undefined {
  const decoded = decodeStrict(SignedCheckpoint, bytes, signedBytesMax)
  if (!decoded.ok) return undefined
  const { votersRoot, content, signature } = decoded.value
  return content === undefined ? undefined : { votersRoot, content, signature }
}
