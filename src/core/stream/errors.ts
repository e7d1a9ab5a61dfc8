/** What can be wrong with what the other device of a sensor stream sends (SENS-6). */

export type StreamError =
  /** Not a block of 256 bytes with one message and zeros behind it: end the stream. */
  | { readonly code: 'STREAM_BLOCK' }
  /** Not one message in its canonical form: end the stream. */
  | { readonly code: 'STREAM_MESSAGE' }
  /** A value outside of its bounds: end the stream. */
  | { readonly code: 'STREAM_RANGE'; readonly field: string }
  /** Not sealed by the other device of this channel, or not in its turn: end the channel. */
  | { readonly code: 'STREAM_SEAL' }
  /** A message that only the other side sends: end the stream. */
  | { readonly code: 'STREAM_DIRECTION' }
  /** A number that came before, or a smaller one: end the stream. */
  | { readonly code: 'STREAM_ORDER' }
  /** It answers a probe that was never sent: end the stream. */
  | { readonly code: 'STREAM_PROBE' }
  /** Beats that nobody here agreed to take: end the stream. */
  | { readonly code: 'STREAM_UNASKED' }
  /** More frames than a phone sends: end the stream. */
  | { readonly code: 'STREAM_FLOOD' }

export type HandshakeError =
  /** Not the bytes of a handshake by this link: close the channel, and say nothing. */
  { readonly code: 'STREAM_HANDSHAKE' }
