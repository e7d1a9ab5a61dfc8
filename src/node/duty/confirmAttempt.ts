/** CONFIRM (COM-6): the fresh epoch key's signature over the state root of a final block. */
import { equalBytes, hex } from '../../core/base/bytes.ts'
import type { DrawnSeat } from '../../core/codec/state.ts'
import { committeeQuorum } from '../../core/committee/quorum.ts'
import { read, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { draw, epochRecord, recentRoots, tip } from '../../core/ledger/tables.ts'
import { confirmMessage } from '../../core/ledger/transactions/confirm.ts'
import { protocol } from '../../core/params.ts'
import type { PeerInfo } from '../../ports/transport.ts'
import type { MayAct } from '../mayAct.ts'
import { duty, type Author } from './ownTransactions.ts'

export type ConfirmState = 'not-drawn' | 'confirmed' | 'due'

/** Whether the draw names this validator and still waits for its CONFIRM. */
export function confirmState(state: LedgerState, identity: Uint8Array): ConfirmState {
  const record = readSingle(state, epochRecord)
  if (!record.frozen || record.selected) return 'not-drawn'
  const seat = drawnSeat(state, identity)
  if (seat === undefined) return 'not-drawn'
  return seat.confirmed ? 'confirmed' : 'due'
}

export function drawnSeat(state: LedgerState, identity: Uint8Array): DrawnSeat | undefined {
  return readSingle(state, draw).seats.find((seat) => equalBytes(seat.validator, identity))
}

/** COM-6: only with q - 1 live links to the others who are drawn. */
export function hasSeatLinks(state: LedgerState, peers: readonly PeerInfo[]): boolean {
  const drawn = readSingle(state, draw).seats
  if (drawn.length === 0) return false
  const quorum = committeeQuorum({
    seats: drawn.slice(0, 21).map((seat) => ({ ...seat, power: 1 })),
  })
  const connected = new Set<string>(peers.map(({ peer }) => peer))
  const links = drawn.filter((seat) => connected.has(seat.peerId)).length
  return links >= Math.min(quorum.quorumPower - 1, drawn.length - 1)
}

/** Undefined when the epoch key of the READY is not on this device, or nothing may be signed. */
export async function makeConfirm(
  { chainId, state, signer }: Author,
  mayAct: MayAct,
): Promise<Uint8Array | undefined> {
  const seat = drawnSeat(state, signer.identity)
  if (seat === undefined) return undefined
  const opened = await signer.openEpochKey(hex(seat.epochKey))
  if (!opened.ok || mayAct.signer === undefined) return undefined
  const { epoch } = readSingle(state, epochRecord)
  // The newest root that the state itself knows is that of the block before its tip.
  const height = readSingle(state, tip).height - 1
  const recent = read(state, recentRoots, height % protocol.recentRootsKept)
  if (recent?.height !== height) return undefined
  const fields = { epoch: epoch + 1, height, stateRoot: recent.stateRoot }
  const message = confirmMessage({ ...fields, chainId, validator: signer.identity })
  return duty(
    { chainId, state, signer },
    { confirm: { ...fields, signature: opened.value.sign(message) } },
  )
}
