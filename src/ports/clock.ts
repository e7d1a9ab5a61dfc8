/** Time and timers as a node sees them; the core gets time only as an input (DET-2). */
export interface Clock {
  /** Integer milliseconds since the Unix epoch. */
  nowMs(): number
  /** Calls back once, not before `delayMs`; returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void
}
