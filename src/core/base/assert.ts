/**
 * Assertions of our own invariants.
 *
 * An assertion that fires is a mistake in this code. Bytes that a peer sent are never asserted on:
 * they are decoded into a `Result`, because a peer must not be able to stop a node.
 */

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new AssertionError(message)
}

/** The end of an exhaustive switch: the compiler proves that no value arrives here. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${String(value)}`)
}
