/**
 * What a person sees of a phone that measures for a page (SENS-6): the page's side and the phone's.
 * Interfaces only; implementations live in `src/adapters/sensors/phone`.
 */

import type { DeviceLinkError } from './deviceLink.ts'
import type { SensorEvent } from './sensor.ts'

/** Why a stream ended for good. `src/app/phoneWords.ts` says what to do about each. */
export type PhoneEnd =
  | 'STOPPED_HERE'
  | 'STOPPED_THERE'
  /** The other page was closed, or measures otherwise now. */
  | 'CLOSED_THERE'
  /** The connection was gone for more than 30 s. */
  | 'AWAY_TOO_LONG'
  /** What came broke the rules of the stream. */
  | 'VIOLATION'
  /** Nobody came by the link in five minutes. */
  | 'LINK_EXPIRED'
  /** The page of the link could not be reached in a minute. */
  | 'NOT_REACHED'
  /** Another phone came by the link before. */
  | 'LINK_USED'
  /** The text behind the address is no link. */
  | 'LINK_INVALID'
  /** Who answered does not have the key that the link names. */
  | 'NOT_THE_PAGE'

export type PagePairing =
  /** `link` goes into the fragment of an address, never into a request. */
  | { readonly stage: 'waiting'; readonly link: string; readonly untilMs: number }
  /** A phone is there: both screens show the number, and this person has not agreed yet. */
  | { readonly stage: 'asked'; readonly number: string }
  /** Agreed here; `isSending`: there, too. */
  | { readonly stage: 'agreed'; readonly number: string; readonly isSending: boolean }
  | { readonly stage: 'away'; readonly number: string; readonly untilMs: number }
  | { readonly stage: 'ended'; readonly reason: PhoneEnd }

/** The page's side. */
export interface PhoneView {
  readonly pairing: PagePairing
  /** Beats are taken from the phone that shows the same number. */
  accept(): void
  /** Called now, and at each change. Returns a function that removes the handler. */
  onPairing(handler: (pairing: PagePairing) => void): () => void
}

export type PhonePairing =
  | { readonly stage: 'connecting'; readonly problem: DeviceLinkError['code'] | undefined }
  /** The page is there: both screens show the number, and this person has not agreed yet. */
  | { readonly stage: 'asked'; readonly number: string }
  /** Agreed here; `isTaken`: there, too. */
  | { readonly stage: 'sending'; readonly number: string; readonly isTaken: boolean }
  | { readonly stage: 'away'; readonly number: string; readonly untilMs: number }
  | { readonly stage: 'ended'; readonly reason: PhoneEnd }

export interface PhoneSource {
  onEvent(handler: (event: SensorEvent) => void): () => void
}

/** The phone's side. */
export interface PhoneSender {
  readonly pairing: PhonePairing
  /** Bytes that were given to the network so far, and beats among them. */
  readonly sent: { readonly bytes: number; readonly beats: number }
  start(link: string): Promise<void>
  /** This person agrees to send what the camera says. */
  agree(camera: PhoneSource): void
  stop(): void
  onPairing(handler: (pairing: PhonePairing) => void): () => void
}
