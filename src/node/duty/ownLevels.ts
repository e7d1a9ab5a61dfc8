/**
 * The levels of this validator that proofs left on the chain (FIT-3), by commitment: those that it
 * made itself since the start, and others by trying. Nothing of it is stored.
 */
import { hex } from '../../core/base/bytes.ts'
import type { Level } from '../../core/emotion/continuity.ts'
import { bytesToInteger } from '../../core/emotion/field.ts'
import { findLevel } from '../../core/emotion/findLevel.ts'
import { fitnessStateOf } from '../../core/ledger/fitnessState.ts'
import { circuitChainId } from '../../core/ledger/readyStatement.ts'
import { read, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { epochRecord, parameters, readyEntries, tip } from '../../core/ledger/tables.ts'
import { phasesOf } from '../../core/params.ts'
import type { Clock } from '../../ports/clock.ts'

/** Two are under way at most; a few more for restarts of the chain (RECOVER-1). */
const keptMax = 16

export interface StateBefore {
  readonly epoch: number
  readonly commitment: Uint8Array
}

/** What a proof for `epoch` will find, as far as the chain has it: a READY now counts already. */
export function stateBeforeOf(
  state: LedgerState,
  identity: Uint8Array,
  epoch: number,
): StateBefore | undefined {
  const next = readSingle(state, epochRecord).epoch + 1
  const entry = epoch > next ? read(state, readyEntries, identity) : undefined
  if (entry !== undefined) return { epoch: next, commitment: entry.stateAfter }
  return fitnessStateOf(state, identity, epoch)
}

/** Whether the chain asks of a proof what this one opens; if not, it is proven again. */
export function opensState(
  made: { readonly epoch: number; readonly stateBefore: bigint },
  state: LedgerState,
  identity: Uint8Array,
): boolean {
  const asked = fitnessStateOf(state, identity, made.epoch)
  return made.stateBefore === (asked === undefined ? 0n : bytesToInteger(asked.commitment))
}

/** Whether the READY for the next epoch is on the chain, or can be in no block any more. */
export function isReadyDecided(state: LedgerState, identity: Uint8Array): boolean {
  if (read(state, readyEntries, identity) !== undefined) return true
  const { startMs } = readSingle(state, epochRecord)
  const { timeMs } = readSingle(state, tip)
  return timeMs - startMs > phasesOf(readSingle(state, parameters)).readyUntilMs
}

export class OwnLevels {
  readonly #clock: Clock
  readonly #known = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  note(commitment: Uint8Array, levelBp: number): void {
    this.#known.set(hex(commitment), levelBp)
    const [oldest] = this.#known.keys()
    if (this.#known.size > keptMax && oldest !== undefined) this.#known.delete(oldest)
  }

  /** Undefined when no level of this key is behind it. */
  async levelOf(
    state: LedgerState,
    nullifierKey: bigint,
    { epoch, commitment }: StateBefore,
  ): Promise<Level | undefined> {
    const known = this.#known.get(hex(commitment))
    if (known !== undefined) return { epoch, levelBp: known }
    const chainId = circuitChainId(state)
    const wanted = bytesToInteger(commitment)
    const search = findLevel({ chainId, nullifierKey, epoch, commitment: wanted })
    let turn = search.next()
    for (; turn.done !== true; turn = search.next()) await this.#pause()
    if (turn.value === undefined) return undefined
    this.note(commitment, turn.value)
    return { epoch, levelBp: turn.value }
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => this.#clock.after(0, resolve))
  }
}
