/**
 * What an operator or client is told when something fails (API-4): a stable code, one sentence, and
 * what to do about it. Never a stack trace.
 */

import { err } from '../src/core/base/result.ts'

export interface Failure {
  /** Stable, UPPER_SNAKE: tools may depend on it. */
  readonly code: string
  readonly message: string
  /** What the reader can do about it. */
  readonly fix: string
}

export function fail(
  code: string,
  message: string,
  fix: string,
): { readonly ok: false; readonly error: Failure } {
  return err({ code, message, fix })
}

/** For the terminal: what happened, what to do, and the code. */
export function say({ message, fix, code }: Failure): void {
  process.stderr.write(`${message}\n${fix} (${code})\n`)
}

/** The text of whatever was thrown, for a message; never its stack. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** The code of a system or driver error (`ENOENT`, `57P03`), when it has one. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}
