/**
 * Slashing (EVID-2): a conviction takes 5 % at once and locks all stake; 13 days later the rest of
 * min(100 %, 5 % · k²) is taken, k being the seats convicted for offences in that epoch. So a
 * single faulty tab loses little and a cartel everything. What harms nobody but its own view or
 * deal (E5, E6, E8) costs the 5 % and counts for no other.
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
/** E5, E6 and E8, which cost the same however many there are. */
const flatKinds: ReadonlySet<number> = new Set([5, 6, 8])
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
    // A small offence that comes first spares nobody the price of a grave one.
    if (gravityOf(kind) <= gravityOf(before.kind)) return { state, amountMicro: 0n }
    const entries = known.convictions.map((entry) =>
      entry === before ? { ...entry, kind } : entry,
    )
    const changed = write(state, convictions, epoch, { ...known, convictions: entries })
    if (!graveKinds.has(kind)) return { state: changed, amountMicro: 0n }
    const counted = released(withGrave(validator), params)
    return { state: writeValidator(changed, counted, epochNow), amountMicro: 0n }
  }
  const stakeMicro = stakeOf(validator)
  const amountMicro = slashOf(stakeMicro, params.slashBasisPoints, 1)
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
      const due = slashOf(stakeMicro, params.slashBasisPoints, convicted)
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
