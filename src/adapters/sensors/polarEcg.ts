/**
 * Raw ECG of Polar straps (SENS-1): packets of the Polar Measurement Data service.
 *
 * Source: "Polar Measurement Data Specification for 3rd Party", technical documentation of the
 * Polar BLE SDK. Little-endian throughout. Whatever follows no specification is refused whole.
 */

import { err, ok, type Result } from '../../core/base/result.ts'

export const polarService = 'fb005c80-02e7-f387-1cad-8acd2d8df0c8'
export const polarControl = 'fb005c81-02e7-f387-1cad-8acd2d8df0c8'
export const polarData = 'fb005c82-02e7-f387-1cad-8acd2d8df0c8'

/** As stated by the device; measured at an H10: 130.16 Hz. */
export const ecgRateHz = 130

const measurementEcg = 0
const opStart = 2
/** Settings of a start: 0 sample rate, 1 resolution; one value each, of 16 bits. */
export const ecgStart: Uint8Array<ArrayBuffer> = Uint8Array.of(
  ...[opStart, measurementEcg, 0, 1, ecgRateHz, 0, 1, 1, 14, 0],
)
const opStop = 3
export const ecgStop: Uint8Array<ArrayBuffer> = Uint8Array.of(opStop, measurementEcg)

const featuresMark = 0x0f
const responseMark = 0xf0
const statusSuccess = 0
const statusAlreadyInState = 6
const frameHeaderBytes = 10
const sampleBytes = 3
/** The longest value that an attribute may have (Bluetooth Core, Vol 3 Part F 3.2.9). */
const packetBytesMax = 512

export interface EcgFrame {
  /** Of the last sample, on the clock of the strap. */
  readonly lastSampleMs: number
  readonly microvolts: readonly number[]
}

export type EcgError =
  | { readonly code: 'ECG_LENGTH'; readonly bytes: number }
  | { readonly code: 'ECG_OTHER_MEASUREMENT'; readonly measurement: number }
  /** Compressed, or a format of a later strap. */
  | { readonly code: 'ECG_FRAME_TYPE'; readonly frameType: number }

/** A notification of the data characteristic: samples of 24 bits in µV, oldest first. */
export function parseEcgFrame(packet: DataView): Result<EcgFrame, EcgError> {
  const bytes = packet.byteLength
  const sampleArea = bytes - frameHeaderBytes
  if (bytes > packetBytesMax || sampleArea < sampleBytes || sampleArea % sampleBytes !== 0) {
    return err({ code: 'ECG_LENGTH', bytes })
  }
  const measurement = packet.getUint8(0)
  if (measurement !== measurementEcg) return err({ code: 'ECG_OTHER_MEASUREMENT', measurement })
  const frameType = packet.getUint8(9)
  if (frameType !== 0) return err({ code: 'ECG_FRAME_TYPE', frameType })
  const microvolts: number[] = []
  for (let at = frameHeaderBytes; at < bytes; at += sampleBytes) {
    microvolts.push(packet.getUint16(at, true) + packet.getInt8(at + 2) * 65_536)
  }
  // Nanoseconds since 2000 as microseconds first: exact in a number for 285 years.
  const lastSampleMs = Number(packet.getBigUint64(1, true) / 1000n) / 1000
  return ok({ lastSampleMs, microvolts })
}

/** What reading the control point says: whether this device has an ECG. */
export function offersEcg(features: DataView): boolean {
  if (features.byteLength < 2 || features.getUint8(0) !== featuresMark) return false
  return (features.getUint8(1) & 1) === 1
}

/** An indication of the control point: whether the ECG runs; undefined: about something else. */
export function ecgStarted(response: DataView): boolean | undefined {
  if (response.byteLength < 4) return undefined
  const isAboutStart =
    response.getUint8(0) === responseMark &&
    response.getUint8(1) === opStart &&
    response.getUint8(2) === measurementEcg
  if (!isAboutStart) return undefined
  const status = response.getUint8(3)
  return status === statusSuccess || status === statusAlreadyInState
}
