/**
 * What one node tells another about peers: the body of a peers answer (NET-1, NET-3).
 *
 * JSON with strict bounds: it is small, rare and never signed or hashed, so its bytes need not be
 * canonical.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { err, ok, type Result } from '../../core/base/result.ts'
import type { PeerId } from '../../ports/transport.ts'

export const recordLimits = {
  peersMax: 64,
  addressesPerPeerMax: 8,
  addressCharsMax: 400,
  peerCharsMax: 80,
  answerBytesMax: 64 * 1024,
} as const

export interface PeerRecord {
  readonly peer: PeerId
  /** Dialable multiaddrs; each may end in `/p2p/<peer>`. */
  readonly addresses: readonly string[]
}

export type RecordsError = { readonly code: 'PEER_RECORDS_INVALID'; readonly reason: string }

export function encodeRecords(records: readonly PeerRecord[]): Uint8Array {
  const kept: PeerRecord[] = []
  let size = 2
  for (const record of records.slice(0, recordLimits.peersMax)) {
    const addresses = record.addresses
      .filter((address) => address.length <= recordLimits.addressCharsMax)
      .slice(0, recordLimits.addressesPerPeerMax)
    size += JSON.stringify({ peer: record.peer, addresses }).length + 1
    if (size > recordLimits.answerBytesMax) break
    kept.push({ peer: record.peer, addresses })
  }
  return new TextEncoder().encode(JSON.stringify(kept))
}

export function decodeRecords(bytes: Uint8Array): Result<readonly PeerRecord[], RecordsError> {
  if (bytes.length > recordLimits.answerBytesMax) return invalid('too long')
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return invalid('not JSON')
  }
  if (!Array.isArray(value) || value.length > recordLimits.peersMax) return invalid('not a list')
  const records: PeerRecord[] = []
  for (const item of value) {
    const record = readRecord(item)
    if (record === undefined) return invalid('bad record')
    records.push(record)
  }
  return ok(records)
}

function readRecord(value: unknown): PeerRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { peer, addresses } = value as { peer?: unknown; addresses?: unknown }
  const name = parsePeer(peer)
  if (name === undefined || !Array.isArray(addresses)) return undefined
  if (addresses.length > recordLimits.addressesPerPeerMax) return undefined
  if (!addresses.every(isAddress)) return undefined
  return { peer: name, addresses }
}

/** A peer id in its canonical text form, or nothing. */
export function parsePeer(value: unknown): PeerId | undefined {
  if (typeof value !== 'string' || value.length > recordLimits.peerCharsMax) return undefined
  try {
    return peerIdFromString(value).toString() === value ? (value as PeerId) : undefined
  } catch {
    return undefined
  }
}

export function isAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > recordLimits.addressCharsMax) return false
  try {
    multiaddr(value)
    return true
  } catch {
    return false
  }
}

/** The peer that an address leads to: the id after its last `/p2p/`. */
export function peerOfAddress(address: string): PeerId | undefined {
  if (!isAddress(address)) return undefined
  const start = address.lastIndexOf('/p2p/')
  return start < 0 ? undefined : parsePeer(address.slice(start + 5).split('/')[0])
}

function invalid(reason: string): { readonly ok: false; readonly error: RecordsError } {
  return err({ code: 'PEER_RECORDS_INVALID', reason })
}
