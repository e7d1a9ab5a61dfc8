/**
 * Heart Rate Measurement, Bluetooth characteristic 0x2A37 (SENS-1): little-endian, in the order
 * flags, rate, energy, intervals. Reserved flag bits are ignored, as the specification asks of
 * receivers; a packet that is shorter or longer than its flags say is refused whole.
 */

import { err, ok, type Result } from '../../core/base/result.ts'

/** The longest value that an attribute may have (Bluetooth Core, Vol 3 Part F 3.2.9). */
const packetBytesMax = 512

const flagRate16Bit = 0b0_0001
const flagContactDetected = 0b0_0010
const flagContactSupported = 0b0_0100
const flagEnergy = 0b0_1000
const flagIntervals = 0b1_0000

export interface HeartRateMeasurement {
  readonly bpm: number
  /** `unknown`: this strap does not say. */
  readonly contact: 'unknown' | 'lost' | 'present'
  readonly energyKilojoules?: number
  /** Intervals between beats in 1/1024 s, oldest first; often one or two, sometimes none. */
  readonly rrTicks: readonly number[]
}

export type HeartRateMeasurementError =
  | { readonly code: 'PACKET_TRUNCATED'; readonly bytes: number; readonly bytesNeeded: number }
  | { readonly code: 'PACKET_TRAILING'; readonly bytes: number; readonly bytesUsed: number }
  | { readonly code: 'PACKET_TOO_LONG'; readonly bytes: number }

export function parseHeartRateMeasurement(
  packet: DataView,
): Result<HeartRateMeasurement, HeartRateMeasurementError> {
  const bytes = packet.byteLength
  if (bytes > packetBytesMax) return err({ code: 'PACKET_TOO_LONG', bytes })
  if (bytes < 1) return err({ code: 'PACKET_TRUNCATED', bytes, bytesNeeded: 1 })
  const flags = packet.getUint8(0)
  const rateBytes = flags & flagRate16Bit ? 2 : 1
  const energyBytes = flags & flagEnergy ? 2 : 0
  const fixedBytes = 1 + rateBytes + energyBytes
  if (bytes < fixedBytes) return err({ code: 'PACKET_TRUNCATED', bytes, bytesNeeded: fixedBytes })
  const intervalBytes = bytes - fixedBytes
  if (!(flags & flagIntervals) && intervalBytes > 0) {
    return err({ code: 'PACKET_TRAILING', bytes, bytesUsed: fixedBytes })
  }
  if (intervalBytes % 2 !== 0) {
    return err({ code: 'PACKET_TRUNCATED', bytes, bytesNeeded: bytes + 1 })
  }
  const rrTicks: number[] = []
  for (let at = fixedBytes; at < bytes; at += 2) rrTicks.push(packet.getUint16(at, true))
  return ok({
    bpm: rateBytes === 2 ? packet.getUint16(1, true) : packet.getUint8(1),
    contact: contactOf(flags),
    ...(energyBytes > 0 && { energyKilojoules: packet.getUint16(1 + rateBytes, true) }),
    rrTicks,
  })
}

function contactOf(flags: number): HeartRateMeasurement['contact'] {
  if (!(flags & flagContactSupported)) return 'unknown'
  return flags & flagContactDetected ? 'present' : 'lost'
}
