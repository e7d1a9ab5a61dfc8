/**
 * Decodes BLS keys ahead, some at a time, so that the backend has them when a checkpoint comes
 * (CKPT-1). A key costs 0.2 ms with native code and 0.9 ms in WebAssembly, and nothing when the
 * backend still holds it.
 */
import type { BlsBackend } from '../core/crypto/bls.ts'
import type { Clock } from '../ports/clock.ts'

/** At a stretch. */
const sliceMs = 12

export async function decodeKeys(
  keys: Iterable<Uint8Array>,
  how: {
    readonly bls: Pick<BlsBackend, 'isPublicKeyValid'>
    /** Without one there is nobody to let in between. */
    readonly clock: Clock | undefined
    /** Between two slices. */
    readonly pauseMs: number
  },
): Promise<void> {
  const { bls, clock, pauseMs } = how
  let untilMs = (clock?.nowMs() ?? 0) + sliceMs
  for (const key of keys) {
    bls.isPublicKeyValid(key)
    if (clock === undefined || clock.nowMs() < untilMs) continue
    await new Promise<void>((resolve) => {
      clock.after(pauseMs, resolve)
    })
    untilMs = clock.nowMs() + sliceMs
  }
}
