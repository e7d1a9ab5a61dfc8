/**
 * What a header on top of a state must say (STATE-3): a function of the parent's post-state and of
 * the header's time alone. Proposers fill in from it, voters compare with it.
 */
import { assert } from '../base/assert.ts'
import type { Committee } from '../codec/chain.ts'
import type { EpochRecord } from '../codec/state.ts'
import type { RoundOutcome } from '../committee/beacon/outcome.ts'
import { committeeRoot, nextCommittee } from '../committee/handOver.ts'
import { phasesOf } from '../params.ts'
import { enrolmentRootBytes } from './enrolment.ts'
import { beaconOf } from './epochs.ts'
import { roundOutcome } from './sharing/roundBlock.ts'
import { read, readSingle, stateRoot, type LedgerState } from './state.ts'
import { chainInfo, committees, draw, epochRecord, parameters, tip } from './tables.ts'

export interface DerivedHeader {
  readonly chainId: string
  readonly epoch: number
  readonly height: number
  readonly parentTimeMs: number
  readonly parentStateRoot: Uint8Array
  readonly parentReceiptsRoot: Uint8Array
  /** committee(epoch) and its root. */
  readonly committee: Committee
  readonly committeeRoot: Uint8Array
  /** committee(epoch + 1): from X on, undefined and empty before (COM-6). */
  readonly nextCommittee: Committee | undefined
  readonly nextCommitteeRoot: Uint8Array
  /** Of the parent's post-state, in a boundary only; else empty (STATE-2). */
  readonly enrolmentRoot: Uint8Array
  /** start(epoch) if this header's time is final; offset may be negative in the first blocks. */
  readonly startMs: number
  readonly offsetMs: number
  /** First block of its epoch. */
  readonly isFirst: boolean
  readonly isFreeze: boolean
  /** The block X of COM-6. */
  readonly isSelection: boolean
  readonly isBoundary: boolean
  /** What the round gives, in a boundary only (BEACON-7). */
  readonly beaconOutcome: RoundOutcome | undefined
}

const none = new Uint8Array(0)

/** Values of a state are never modified. */
const committeeRoots = new WeakMap<Committee, Uint8Array>()

/**
 * `restarted` is the state that a verified record leaves when it opens the block (RECOVER-1): it
 * names the committees, while the header shows the roots of the parent's post-state.
 */
export function deriveHeader(
  state: LedgerState,
  timeMs: number,
  restarted: LedgerState = state,
): DerivedHeader {
  const record = readSingle(restarted, epochRecord)
  const params = readSingle(state, parameters)
  const parent = readSingle(state, tip)
  const phases = phasesOf(params)
  const isFirst = !record.open
  const startMs = isFirst ? Math.max(record.boundaryMs + phases.gapMs, timeMs) : record.startMs
  const offsetMs = timeMs - startMs
  const committee = read(restarted, committees, record.epoch)
  assert(committee !== undefined, 'the running epoch has a committee')
  const isSelection = !isFirst && !record.selected && offsetMs >= phases.selectionMs
  const mayEnd = !isFirst && offsetMs >= phases.boundaryMs
  const beaconOutcome = mayEnd ? roundOutcome(restarted, params, offsetMs) : undefined
  const isBoundary = beaconOutcome !== undefined
  const next = followers(restarted, record, { committee, isSelection })
  return {
    chainId: readSingle(state, chainInfo).chainId,
    epoch: record.epoch,
    height: parent.height + 1,
    parentTimeMs: parent.timeMs,
    parentStateRoot: stateRoot(state),
    parentReceiptsRoot: parent.receiptsRoot,
    committee,
    committeeRoot: rootOf(committee),
    nextCommittee: next,
    nextCommitteeRoot: next === undefined ? none : rootOf(next),
    enrolmentRoot: isBoundary ? enrolmentRootBytes(state) : none,
    startMs,
    offsetMs,
    isFirst,
    isFreeze: !isFirst && !record.frozen && offsetMs >= phases.freezeMs,
    isSelection,
    isBoundary,
    beaconOutcome,
  }
}

/** A committee of the state is asked for with each transaction that is checked. */
function rootOf(committee: Committee): Uint8Array {
  const known = committeeRoots.get(committee)
  if (known !== undefined) return known
  const root = committeeRoot(committee)
  committeeRoots.set(committee, root)
  return root
}

/** committee(epoch + 1) as of this header: known from X on. */
function followers(
  state: LedgerState,
  record: EpochRecord,
  options: { readonly committee: Committee; readonly isSelection: boolean },
): Committee | undefined {
  if (!options.isSelection) {
    return record.selected ? read(state, committees, record.epoch + 1) : undefined
  }
  const params = readSingle(state, parameters)
  const beacon = beaconOf(record, record.epoch + 1)
  assert(beacon !== undefined, 'the next beacon was fixed three boundaries ago')
  return nextCommittee({
    current: options.committee,
    draw: readSingle(state, draw).seats,
    active: record.active,
    beacon,
    committeeSeats: params.committeeSeats,
    scoreCap: params.scoreCap,
  })
}
