/**
 * What E11 costs (EVID-2, CKPT-1): 5 % of the stake at once, and 13 days later the rest of what
 * `doubleVoteSlash` asks for all who were convicted of that number together. Their share is of the
 * stake that votes when the first of them is convicted: that of an old number is not known.
 */
import { assert } from '../base/assert.ts'
import { doubleVoteSlash } from '../checkpoint/doubleVoteSlash.ts'
import type { DoubleVotes } from '../codec/checkpoint.ts'
import { protocol, type Params } from '../params.ts'
import { votingSet } from './checkpoints.ts'
import { jailed, slashOf, take } from './slashing.ts'
import { list, read, remove, write, type LedgerState } from './state.ts'
import { doubleVoteMarks, doubleVotes } from './tables.ts'
import { stakeOf, validatorOf } from './validators.ts'

interface DoubleVote {
  readonly account: Uint8Array
  readonly number: number
  /** Time and epoch of the block that convicts. */
  readonly timeMs: number
  readonly epochNow: number
}

/** Nobody was convicted of that number before; the amount is what was taken now. */
export function convictDoubleVote(
  state: LedgerState,
  { account, number, timeMs, epochNow }: DoubleVote,
  params: Params,
): { readonly state: LedgerState; readonly amountMicro: bigint } {
  const validator = validatorOf(state, account)
  assert(validator !== undefined, 'whoever registered a key is a validator')
  const settleMs = timeMs + protocol.settleAfterMs
  const known: DoubleVotes = read(state, doubleVotes, number) ?? {
    number,
    settleMs,
    dutyMicro: votingSet(state)?.stakeMicro ?? 0n,
    convictions: [],
  }
  const stakeMicro = stakeOf(validator)
  const takenMicro = slashOf(stakeMicro, params.slashBasisPoints, 1)
  const listed = write(state, doubleVotes, number, {
    ...known,
    settleMs: Math.max(known.settleMs, settleMs),
    convictions: [...known.convictions, { account, stakeMicro, takenMicro }],
  })
  const marked = write(listed, doubleVoteMarks, { account, number }, { account })
  const convicted = jailed(validator, { epochNow, settleMs, isGrave: false }, params)
  return { state: take(marked, convicted, takenMicro, epochNow), amountMicro: takenMicro }
}

/** Takes the rest of every slash whose time has come. */
export function settleDoubleVotes(
  state: LedgerState,
  now: { readonly timeMs: number; readonly epoch: number },
  params: Params,
): LedgerState {
  let next = state
  for (const entry of list(state, doubleVotes)) {
    if (entry.settleMs > now.timeMs) continue
    const convictedMicro = entry.convictions.reduce((sum, { stakeMicro }) => sum + stakeMicro, 0n)
    const dutyMicro = convictedMicro > entry.dutyMicro ? convictedMicro : entry.dutyMicro
    for (const { account, stakeMicro, takenMicro } of entry.convictions) {
      const validator = validatorOf(next, account)
      assert(validator !== undefined, 'a convicted validator stays registered')
      const share = { convictedMicro, dutyMicro }
      const due = doubleVoteSlash(stakeMicro, params.slashBasisPoints, share)
      const rest = due > takenMicro ? due - takenMicro : 0n
      const held = stakeOf(validator)
      next = take(next, validator, rest < held ? rest : held, now.epoch)
    }
    next = remove(next, doubleVotes, entry.number)
  }
  return next
}
