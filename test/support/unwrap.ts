/** The value of a result that the test takes for granted; the error's text otherwise. */
import type { Result } from '../../src/core/base/result.ts'

export function unwrap<T, E>(result: Result<T, E>): T {
  if (result.ok) return result.value
  throw new Error(`unexpected error: ${JSON.stringify(result.error)}`)
}
