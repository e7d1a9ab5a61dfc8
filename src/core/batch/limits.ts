/**
 * Bounds of batches (BATCH-1): local policy, so a node with other numbers still agrees with
 * everybody on every block.
 */
export const batchLimits = {
  /** A seat sends what it collected this often, or as soon as a batch is full. */
  intervalMs: 200,
  /** Transactions in one batch, and their bytes: a frame that does not hold up votes for long. */
  transactionsMax: 512,
  bytesMax: 64 * 1024,
  /**
   * Of one author at a time, least recent out first: what it sends beyond what blocks take up is
   * its own loss.
   */
  authorBatchesMax: 64,
  authorBytesMax: 2 * 1024 * 1024,
  /** Digests in one message. */
  digestsMax: 256,
  /** Batches asked of one peer at once: 2 MiB at most. */
  fetchMax: 32,
  /** Parts of a body, each a transaction or a batch. */
  partsMax: 8192,
  /** Payments that a proposal carries outside of batches, bytes. */
  looseBytesMax: 64 * 1024,
} as const
