/**
 * Slashing (EVID-2): a conviction takes 5 % at once and locks all stake; 13 days later the rest of
 * min(100 %, 5 % · k²) is taken, k being the seats convicted for offences in that epoch. So a
 * single faulty tab loses little and a cartel everything. What harms nobody but its own view or
 * deal (E5, E6, E8) costs the 5 % and counts for no other, nor does a false review (E9), which
 * costs twice that.
 */
import { assert } from '../base/assert.ts'
import { equalBytes } from '../base/bytes.ts'
import type { Conviction, Convictions, Validator } from '../codec/state.ts'
import { protocol, type Params } from '../params.ts'
import { burn } from './accounts.ts'
import { measured, released } from './reputation.ts'
import { list, read, remove, write, type LedgerState } from './state.ts'
import { convictions } from './tables.ts'
import { stakeOf, validatorOf, writeValidator } from './validators.ts'

const basis = 10_000n
/** E5, E6, E8 and E9, which cost the same however many there are. */
const flatKinds: ReadonlySet<number> = new Set([5, 6, 8, 9])
const falseReviewKind = 9
/** EVID-3: E2 and E4, which in two epochs mean jail for good. */
const graveKinds: ReadonlySet<number> = new Set([2, 4])

/** EVID-3: jailed for good. */
const foreverEpoch = Number.MAX_SAFE_INTEGER

export interface Offence {
  readonly validator: Uint8Array
  readonly kind: number
  /** Epoch of the offence, and the time of the block that convicts. */
  readonly epoch: number
  readonly timeMs: number
  /** Running epoch. */
  readonly epochNow: number
}

/** Floored; min(100 %, base · k²). */
export function slashOf(stakeMicro: bigint, baseBasisPoints: number, convicted: number): bigint {
  const share = BigInt(baseBasisPoints) * BigInt(convicted) * BigInt(convicted)
  return (stakeMicro * (share < basis ? share : basis)) / basis
}

/**
 * Convicts once a validator and epoch, for the gravest of its offences; the amount is what was
 * taken now.
 */
export function convict(
  state: LedgerState,
  offence: Offence,
  params: Params,
): { readonly state: LedgerState; readonly amountMicro: bigint } {
  const { validator: account, kind, epoch, timeMs, epochNow } = offence
  const settleMs = timeMs + protocol.settleAfterMs
  const known: Convictions = read(state, convictions, epoch) ?? {
    epoch,
    settleMs,
    convictions: [],
  }
  const validator = validatorOf(state, account)
  assert(validator !== undefined, 'a seat belongs to a validator')
  const before = known.convictions.find((entry) => equalBytes(entry.validator, account))
  if (before !== undefined) {
    const held = stakeOf(validator)
    const more = moreFor(before, kind, params)
    const amountMicro = more < held ? more : held
    // A small offence that comes first spares nobody the price of a grave one.
    const isGraver = gravityOf(kind) > gravityOf(before.kind)
    if (!isGraver && amountMicro === 0n) return { state, amountMicro }
    const takenMicro = before.takenMicro + amountMicro
    const changed = { ...before, kind: isGraver ? kind : before.kind, takenMicro }
    const entries = known.convictions.map((entry) => (entry === before ? changed : entry))
    const listed = write(state, convictions, epoch, { ...known, convictions: entries })
    const isCounted = isGraver && graveKinds.has(kind)
    const counted = isCounted ? released(withGrave(validator), params) : validator
    return { state: take(listed, counted, amountMicro, epochNow), amountMicro }
  }
  const stakeMicro = stakeOf(validator)
  const amountMicro = slashOf(stakeMicro, baseOf(kind, params), 1)
  const conviction: Conviction = { validator: account, kind, stakeMicro, takenMicro: amountMicro }
  const listed = write(state, convictions, epoch, {
    ...known,
    settleMs: Math.max(known.settleMs, settleMs),
    convictions: [...known.convictions, conviction],
  })
  const isGrave = graveKinds.has(kind)
  const convicted = jailed(validator, { epochNow, settleMs, isGrave }, params)
  return { state: take(listed, convicted, amountMicro, epochNow), amountMicro }
}

/**
 * Validators convicted in an epoch for what makes the agreement doubtful (BFT-12): a false review
 * (E9) does not, nor does it need a seat. A graver offence takes its place in the list.
 */
export function threateningConvictions(state: LedgerState, epoch: number): number {
  const { convictions: listed = [] } = read(state, convictions, epoch) ?? {}
  return listed.filter(({ kind }) => kind !== falseReviewKind).length
}

/** Whether a conviction for this kind would change nothing: it, or a graver one, was before. */
export function isConvicted(
  state: LedgerState,
  { validator, kind, epoch }: Pick<Offence, 'validator' | 'kind' | 'epoch'>,
  params: Params,
): boolean {
  const known = read(state, convictions, epoch)?.convictions
  const before = known?.find((entry) => equalBytes(entry.validator, validator))
  if (before === undefined) return false
  const isGraver = gravityOf(kind) > gravityOf(before.kind)
  return !isGraver && moreFor(before, kind, params) === 0n
}

/** What a second offence of an epoch costs at once, beyond what the first one did. */
function moreFor(before: Conviction, kind: number, params: Params): bigint {
  const due = slashOf(before.stakeMicro, baseOf(kind, params), 1)
  return due > before.takenMicro ? due - before.takenMicro : 0n
}

/** Basis points that one offence of this kind costs by itself. */
function baseOf(kind: number, { slashBasisPoints }: Params): number {
  return kind === 9 ? 2 * slashBasisPoints : slashBasisPoints
}

/** Takes the rest of every slash whose time has come. */
export function settleConvictions(
  state: LedgerState,
  now: { readonly timeMs: number; readonly epoch: number },
  params: Params,
): LedgerState {
  let next = state
  for (const entry of list(state, convictions)) {
    if (entry.settleMs > now.timeMs) continue
    const together = entry.convictions.filter(({ kind }) => !flatKinds.has(kind)).length
    for (const conviction of entry.convictions) {
      const validator = validatorOf(next, conviction.validator)
      assert(validator !== undefined, 'a convicted validator stays registered')
      const { kind, stakeMicro, takenMicro } = conviction
      const convicted = flatKinds.has(kind) ? 1 : together
      const due = slashOf(stakeMicro, baseOf(kind, params), convicted)
      const rest = due > takenMicro ? due - takenMicro : 0n
      const held = stakeOf(validator)
      next = take(next, validator, rest < held ? rest : held, now.epoch)
    }
    next = remove(next, convictions, entry.epoch)
  }
  return next
}

/**
 * EVID-2, EVID-3: another conviction, which counts as a service without performance (REP-1), and no
 * stake that leaves before it is settled.
 */
export function jailed(
  validator: Validator,
  now: { readonly epochNow: number; readonly settleMs: number; readonly isGrave: boolean },
  params: Params,
): Validator {
  const { epochNow, settleMs, isGrave } = now
  const convicted = {
    ...measured(validator, 0, epochNow, params),
    convictions: validator.convictions + 1,
    sentenceUntilEpoch: Math.max(validator.sentenceUntilEpoch, epochNow + params.jailEpochs),
    lockedUntilMs: Math.max(validator.lockedUntilMs, settleMs),
  }
  return released(isGrave ? withGrave(convicted) : convicted, params)
}

/** One more epoch with E2 or E4. */
function withGrave(validator: Validator): Validator {
  const graveConvictions = validator.graveConvictions + 1
  const isForGood = graveConvictions >= protocol.convictionsForGood
  const sentenceUntilEpoch = isForGood ? foreverEpoch : validator.sentenceUntilEpoch
  return { ...validator, graveConvictions, sentenceUntilEpoch }
}

function gravityOf(kind: number): number {
  return flatKinds.has(kind) ? 0 : graveKinds.has(kind) ? 2 : 1
}

/** Burns stake: what is bonded first, then what is unbonding, oldest first. */
export function take(
  state: LedgerState,
  validator: Validator,
  amountMicro: bigint,
  epoch: number,
): LedgerState {
  let rest = amountMicro
  const takeFrom = (heldMicro: bigint): bigint => {
    const taken = rest < heldMicro ? rest : heldMicro
    rest -= taken
    return heldMicro - taken
  }
  const bondedMicro = takeFrom(validator.bondedMicro)
  const unbonding = validator.unbonding
    .map((entry) => ({ ...entry, amountMicro: takeFrom(entry.amountMicro) }))
    .filter((entry) => entry.amountMicro > 0n)
  assert(rest === 0n, 'a slash is at most the stake')
  return burn(writeValidator(state, { ...validator, bondedMicro, unbonding }, epoch), amountMicro)
}
