/**
 * E11 (EVID-1, CKPT-1): registered checkpoint keys signed two contents for one number, each by
 * itself or in two aggregates, of which all who are in both are convicted. Unsigned and free, and
 * counted once a validator and number, also with keys that it has replaced since.
 */
import { equalBytes, mapKey } from '../../base/bytes.ts'
import { err, ok } from '../../base/result.ts'
import { readDoubleSigners } from '../../checkpoint/doubleSigners.ts'
import { contradicting, isDoubleVote, type SignedContent } from '../../checkpoint/doubleVote.ts'
import type { DoubleCheckpoint } from '../../codec/chain.ts'
import { SignedCheckpoint } from '../../codec/checkpoint.ts'
import { decodeStrict } from '../../codec/strict.ts'
import type { BlockContext } from '../blockContext.ts'
import { convictDoubleVote } from '../doubleVotes.ts'
import { read, type LedgerState } from '../state.ts'
import { checkpointKeyOwners, doubleVoteMarks } from '../tables.ts'
import type { Execute } from './outcome.ts'

const signedBytesMax = 512

interface Offence {
  readonly account: Uint8Array
  readonly number: number
}

export const doubleCheckpoint: Execute<DoubleCheckpoint> = (state, _sender, payload, context) => {
  const offences = offencesOf(state, payload)
  const open = offences.filter((offence) => read(state, doubleVoteMarks, offence) === undefined)
  if (offences.length === 0) return err({ code: 'EVIDENCE_INVALID' })
  if (open.length === 0) return err({ code: 'EVIDENCE_KNOWN' })
  if (!isSigned(state, payload, context)) return err({ code: 'EVIDENCE_INVALID' })
  let after = { state, amountMicro: 0n }
  for (const { account, number } of open) {
    const now = { timeMs: context.timeMs, epochNow: context.derived.epoch }
    const next = convictDoubleVote(after.state, { account, number, ...now }, context.params)
    after = { state: next.state, amountMicro: after.amountMicro + next.amountMicro }
  }
  return ok(after)
}

/** One offence waits once, however it is worded. */
export function doubleVoteKey({ key, first }: DoubleCheckpoint): string {
  const number = readSigned(first)?.content.number ?? 0
  return `e11:${String(number)}:${mapKey(key)}`
}

/** Whom it accuses of which number, as it says itself: none where a key is nobody's. */
export function offencesOf(state: LedgerState, payload: DoubleCheckpoint): readonly Offence[] {
  const number = readSigned(payload.first)?.content.number
  if (number === undefined) return []
  const offences: Offence[] = []
  for (const key of accusedKeys(payload)) {
    const owner = read(state, checkpointKeyOwners, key)
    if (owner === undefined) return []
    const isListed = offences.some(({ account }) => equalBytes(account, owner.account))
    if (!isListed) offences.push({ account: owner.account, number })
  }
  return offences
}

function accusedKeys(payload: DoubleCheckpoint): readonly Uint8Array[] {
  if (payload.keys.length === 0) return [payload.key]
  const signers = readDoubleSigners(payload)
  return signers.ok ? signers.value.both : []
}

function isSigned(
  state: LedgerState,
  payload: DoubleCheckpoint,
  { chain: { chainId }, env: { verifier } }: BlockContext,
): boolean {
  const first = readSigned(payload.first)
  const second = readSigned(payload.second)
  if (first === undefined || second === undefined) return false
  const { key, keys, firstVoters, secondVoters } = payload
  if (keys.length === 0) {
    if (firstVoters.length > 0 || secondVoters.length > 0) return false
    return isDoubleVote({ chainId, key, bls: { verify: verifier.blsSigned } }, first, second)
  }
  const messages = contradicting(chainId, first, second)
  const signers = readDoubleSigners(payload)
  if (messages === undefined || !signers.ok) return false
  // With one key whose possession nobody proved, an aggregate says nothing of the others.
  const isRegistered = (one: Uint8Array): boolean =>
    read(state, checkpointKeyOwners, one) !== undefined
  if (!signers.value.all.every(isRegistered)) return false
  const [one, other] = messages
  return (
    verifier.aggregateSigned(signers.value.first, one, first.signature) &&
    verifier.aggregateSigned(signers.value.second, other, second.signature)
  )
}

function readSigned(bytes: Uint8Array): SignedContent | undefined {
  const decoded = decodeStrict(SignedCheckpoint, bytes, signedBytesMax)
  if (!decoded.ok) return undefined
  const { votersRoot, content, signature } = decoded.value
  return content === undefined ? undefined : { votersRoot, content, signature }
}
