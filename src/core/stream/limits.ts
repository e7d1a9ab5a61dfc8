/** Bounds of a sensor stream (SENS-6). */

export const streamLimits = {
  /** Every message is one block of this many bytes, so that sizes say nothing. */
  blockBytes: 256,
  /** A phone sends a frame this often, with beats or without, so that times say nothing. */
  frameEveryMs: 250,
  /** A page probes the clock of the phone this often. */
  probeEveryMs: 1000,
  beatsPerFrameMax: 6,
  /** Beats that wait for their frame: a camera gives out its first 20 s at once. */
  beatsWaitingMax: 48,
  deviceBytesMax: 48,
  /** Clause 1 of `emotional_proof`: what counts as the interval of a heart. */
  rrTicksMin: 308,
  rrTicksMax: 2048,
  /** An interval has 300 ms at least; half of that leaves room for the uncertainty of its ends. */
  beatApartUsMin: 150_000,
  uncertaintyUsMax: 1_000_000,
  framesCentiHzMax: 24_000,
  rateCentiBpmMax: 30_000,
  /** A camera reads the last 20 s anew, and looks no farther back. */
  beatAgeUsMax: 20_000_000,
  /** SENS-3: what waited or travelled for longer is stale. */
  staleUs: 3_000_000,
  /** Frames that may come at once after a pause, and a second. */
  framesBurst: 16,
  framesPerSecondMax: 5,
  /** An answer that took longer tells too little about the clock of the phone. */
  probeDelayUsMax: 1_000_000,
  /** Without a message for so long the channel is dead. */
  silentMs: 3000,
  /** A stream that is away for longer ends for good. */
  awayMs: 30_000,
  /** A phone looks for the page of its link for so long. */
  reachMs: 60_000,
  /** A link that nobody came by is void after this. */
  linkMs: 5 * 60_000,
} as const
