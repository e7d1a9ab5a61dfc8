/**
 * A heart sensor as the node and the page see it (SENS-1 to SENS-6). An interface only;
 * implementations live in `src/adapters/sensors`.
 *
 * Every event carries its own time in Unix milliseconds. Nothing here is held or repeated: what has
 * no new sample for `staleMs` is lost (SENS-3), and a break in the beats starts a new `series`.
 */

import type { Result } from '../core/base/result.ts'

/** Where beats come from (SENS-4); self-declared unless the device signs, and shown as such. */
export type Provenance = 'strap' | 'strap+ecg' | 'camera' | 'strap+camera' | 'simulated'

/** A sample older than this is stale, and its sensor lost (SENS-3). */
export const staleMs = 3000

/** One heart beat and the interval that it ends. */
export interface Beat {
  /**
   * Unix time of the beat, may be fractional. For a strap its constant lag (0.4 to 2.6 s) is
   * unknown.
   */
  readonly timeMs: number
  /** Interval since the beat before, in 1/1024 s: an integer, exactly as the sensor gave it. */
  readonly rrTicks: number
  /** One standard deviation of `timeMs` against its neighbours, where the sensor can tell. */
  readonly uncertaintyMs?: number
  /** The sensor saw a beat and not surely where: its interval is marked (HRV-1). */
  readonly isDoubtful?: boolean
}

/**
 * Beats of one `series` follow each other without a gap; a new number means that something is
 * missing.
 */
export interface BeatsEvent {
  readonly kind: 'beats'
  readonly series: number
  readonly beats: readonly Beat[]
}

/** Heart rate as the sensor states it, each second. */
export interface RateEvent {
  readonly kind: 'rate'
  readonly timeMs: number
  readonly bpm: number
}

/** Samples to draw: `values[i]` was taken at `startMs + 1000 * i / sampleRateHz`. Unit-free. */
export interface WaveEvent {
  readonly kind: 'wave'
  readonly wave: 'ecg' | 'pulse' | 'beats'
  readonly startMs: number
  readonly sampleRateHz: number
  readonly values: Float32Array
}

export type SensorState = 'searching' | 'connecting' | 'live' | 'lost' | 'reconnecting' | 'stopped'

/** Why a sensor is not live; `src/app/words.ts` says what to do about each. */
export type StatusReason =
  /** The link broke: out of reach, or switched off. */
  | 'DISCONNECTED'
  /** Connected, yet no sample for `staleMs`. */
  | 'SILENT'
  /** The strap says that it does not touch skin. */
  | 'CONTACT_LOST'
  /** The device sends a heart rate and no intervals between beats. */
  | 'NO_INTERVALS'
  /** What the device sends does not follow the Bluetooth specification. */
  | 'PACKET_INVALID'
  /** The device took the link and would not offer its heart rate service. */
  | 'SERVICE_MISSING'
  | 'NO_FACE'
  /** No finger covers the lens. */
  | 'LENS_OPEN'
  /** The camera sees skin, and no pulse that could be trusted. */
  | 'SIGNAL_WEAK'
  | 'CAMERA_ENDED'
  | 'WORKER_FAILED'
  /** The phone does not answer; it may come back by itself for 30 s (SENS-6). */
  | 'PHONE_AWAY'
  /** The phone's stream ended for good: only a new link brings a phone back. */
  | 'PHONE_ENDED'

export interface StatusEvent {
  readonly kind: 'status'
  readonly timeMs: number
  readonly state: SensorState
  readonly reason?: StatusReason
}

export interface DeviceEvent {
  readonly kind: 'device'
  readonly name?: string
  /** Percent. */
  readonly battery?: number
  readonly manufacturer?: string
  readonly model?: string
  readonly firmware?: string
}

/** Why the signal is not better (QUAL-1): something that a person can act on. */
export type QualityReason =
  | 'GOOD'
  | 'STARTING'
  | 'BEATS_MISSING'
  | 'CONTACT_LOST'
  | 'NO_FACE'
  | 'MOVE_TO_LIGHT'
  | 'TOO_BRIGHT'
  | 'HOLD_STILL'
  | 'FRAME_RATE_LOW'
  | 'PULSE_WEAK'
  /** A fingertip belongs on the lens. */
  | 'COVER_LENS'
  /** It is there, and no pulse is seen through it. */
  | 'PRESS_LIGHTLY'

export interface QualityEvent {
  readonly kind: 'quality'
  readonly timeMs: number
  /** 0..10000. */
  readonly quality: number
  readonly reason: QualityReason
  /** Of a camera. */
  readonly framesPerSecond?: number
}

export type SensorEvent =
  BeatsEvent | RateEvent | WaveEvent | StatusEvent | DeviceEvent | QualityEvent

/** Why a sensor could not start. `src/app/words.ts` says what to do about each. */
export type SensorError =
  | { readonly code: 'ALREADY_STARTED' }
  /** Another strap runs in this page: two hearts would be mixed (SENS-1). */
  | { readonly code: 'STRAP_IN_USE' }
  /** Another phone is paired with this page, or about to be: two hearts would be mixed (SENS-6). */
  | { readonly code: 'PHONE_IN_USE' }
  /** No relay introduces a phone to this page. */
  | { readonly code: 'RELAY_UNREACHABLE' }
  /** Bluetooth and camera exist only on https pages and on localhost. */
  | { readonly code: 'INSECURE_CONTEXT' }
  /** This browser has no Web Bluetooth (SENS-5): the camera works in its place. */
  | { readonly code: 'BLUETOOTH_UNSUPPORTED' }
  | { readonly code: 'BLUETOOTH_OFF' }
  /** The browser or its policy forbids Bluetooth to this page. */
  | { readonly code: 'BLUETOOTH_BLOCKED'; readonly reason: string }
  /** The chooser opens only in answer to a press of the person. */
  | { readonly code: 'GESTURE_MISSING' }
  | { readonly code: 'CHOOSER_CANCELLED' }
  | { readonly code: 'CONNECT_FAILED'; readonly reason: string }
  | { readonly code: 'SERVICE_MISSING' }
  | { readonly code: 'CAMERA_UNSUPPORTED' }
  | { readonly code: 'CAMERA_REFUSED' }
  | { readonly code: 'CAMERA_MISSING' }
  | { readonly code: 'CAMERA_BUSY' }
  | { readonly code: 'CAMERA_FAILED'; readonly reason: string }
  | { readonly code: 'WORKER_FAILED'; readonly reason: string }

export interface Sensor {
  readonly provenance: Provenance
  /** Resolves when the sensor is connected; a strap must be started by a press of the person. */
  start(): Promise<Result<void, SensorError>>
  stop(): Promise<void>
  /** Returns a function that removes the handler. */
  onEvent(handler: (event: SensorEvent) => void): () => void
}
