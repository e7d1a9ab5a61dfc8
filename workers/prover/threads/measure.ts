/**
 * The same sums by one thread and by two at once: whether both give the same, and how long each way
 * takes (ZK-12). On a part of the loaded key's points, whose memory is free again after each step.
 */

import { equalBytes } from '../../../src/core/base/bytes.ts'
import { err, ok } from '../../../src/core/base/result.ts'
import type { Random } from '../../../src/ports/random.ts'
import type { Times } from '../files/measuredChoice.ts'
import { plainWords } from '../kernel/limbs.ts'
import type { ThreadResult } from './protocol.ts'
import type { KeyInKernel, SecondThread } from './secondThread.ts'
import { answerSums } from './witnessSums.ts'

/** Of each table: some tens of milliseconds for a thread, a sixth of a proof for both. */
const pointsMax = 2048

/** The first of them is on cold code and with memory that has to grow. */
const runCount = 4

/** No answer to so little for so long is as good as none. */
const silentMs = 10_000

/**
 * Whoever wants to stop it aborts the signal: it stops before the next step, none of which is long,
 * with 'ABORTED'. `thread` has the key.
 */
export async function measureThreads(
  thread: SecondThread,
  { kernel, key }: KeyInKernel,
  { random, signal }: { readonly random: Random; readonly signal: AbortSignal },
): Promise<ThreadResult<Times> | 'ABORTED'> {
  const half = (): Uint8Array => answerSums(kernel, key, witness, pointsMax)
  const witness = randomWitness(key.signalCount, random)
  let [cpuMs, wayMs] = [Infinity, Infinity]
  for (let run = 0; run < runCount; run += 1) {
    // So that a message which came meanwhile can abort.
    await new Promise((resolve) => setTimeout(resolve, 0))
    if (signal.aborted) return 'ABORTED'
    let startMs = performance.now()
    half()
    half()
    cpuMs = Math.min(cpuMs, performance.now() - startMs)
    startMs = performance.now()
    const answer = thread.sums(witness, pointsMax)
    const own = half()
    const other = await answer(silentMs)
    if (!other.ok) return other
    if (run > 0) wayMs = Math.min(wayMs, performance.now() - startMs)
    if (!equalBytes(own, other.value)) return err({ code: 'THREAD_WRONG' })
  }
  return ok({ wayMs, cpuMs })
}

/** Every second value is a bit, as many of a witness are; the others have 253 bits. */
function randomWitness(signalCount: number, random: Random): Uint32Array {
  const words = new Uint32Array(signalCount * plainWords)
  new Uint8Array(words.buffer).set(random.bytes(words.byteLength))
  for (let at = 0; at < words.length; at += 2 * plainWords) {
    const bit = (words[at] ?? 0) & 1
    words.fill(0, at, at + plainWords)
    words[at] = bit
    const top = at + 2 * plainWords - 1
    if (top < words.length) words[top] = (words[top] ?? 0) & 0x1fff_ffff
  }
  return words
}
