/**
 * Whether two threads make this worker's proofs, and why not (ZK-12).
 *
 * Never before it was measured, which is done in idle time, once for a device and a browser. A
 * fault ends the second thread for this worker; wrong sums end it for good.
 */

import { err, ok } from '../../../src/core/base/result.ts'
import type { Acceleration, AccelerationFault, ThreadFault } from '../../../src/ports/prover.ts'
import type { Random } from '../../../src/ports/random.ts'
import { bytesOf, oneThread, type ProofWork, type Tried } from '../attempt.ts'
import { MeasuredChoice, type Choice, type Times } from '../files/measuredChoice.ts'
import { openOriginFiles, type OriginFiles } from '../files/originFiles.ts'
import type { ThreadMode } from '../protocol.ts'
import { coreCount } from './cores.ts'
import { measureThreads } from './measure.ts'
import { hasSharedMemory, openThread } from './openThread.ts'
import type { OpenThread, ThreadResult } from './protocol.ts'
import { proveDivided } from './proveDivided.ts'
import { SecondThread, type KeyInKernel } from './secondThread.ts'

/** To fetch a script of some kilobytes, to compile the kernel, and to copy the tables. */
const startMsMax = 20_000

export const choiceKind = {
  file: 'prover-threads',
  version: 2,
  way: 'threads',
  slower: 'THREAD_SLOWER',
} as const

/** What it needs of the platform; given by tests. */
export interface ThreadPlatform {
  readonly open: OpenThread
  readonly isShared: boolean
  readonly cores: number
  readonly files: () => Promise<OriginFiles | undefined>
}

export class Threads {
  readonly #mode: ThreadMode
  readonly #random: Random
  readonly #platform: ThreadPlatform
  readonly #choice: MeasuredChoice<'threads', ThreadFault>
  #thread: SecondThread | undefined
  #fault: ThreadFault | undefined
  #isResting = false

  constructor(mode: ThreadMode, random: Random, platform: ThreadPlatform = browserPlatform()) {
    this.#mode = mode
    this.#random = random
    this.#platform = platform
    this.#choice = new MeasuredChoice(choiceKind, platform.files)
  }

  /** With the tables of this key; or why one thread makes the proof. */
  async threadFor(loaded: KeyInKernel): Promise<ThreadResult<SecondThread>> {
    const fault = this.#fault ?? this.#thread?.fault
    if (fault !== undefined) return this.#end(fault)
    if (this.#thread !== undefined) {
      // Of another circuit: nobody waits for the tables, which come before the witness.
      if (!this.#thread.has(loaded.key)) this.#thread.load(loaded)
      return ok(this.#thread)
    }
    if (this.#mode === 'forced') return this.#start(loaded)
    const choice = await this.#chosen()
    if (choice === undefined) return err({ code: 'THREAD_UNMEASURED' })
    return err({ code: choice.by === 'cpu' ? (choice.code ?? 'THREAD_SLOWER') : 'THREAD_STARTING' })
  }

  /** `code`: why the GPU does not make this proof. */
  async prove(
    { prover, witness, blinding, onShare, accept }: ProofWork,
    code: AccelerationFault | undefined,
  ): Promise<Tried<ThreadFault>> {
    const { kernel, key, domain } = prover.loaded
    const thread = await this.threadFor({ kernel, key })
    if (!thread.ok) return { kind: 'failed', code: thread.error.code }
    let by: Acceleration | undefined = { by: 'threads', ...(code !== undefined && { code }) }
    let fault: ThreadFault | undefined
    const made = await proveDivided(kernel, {
      key,
      domain,
      witness,
      blinding,
      thread: thread.value,
      onShare: (share) => onShare(share, by),
      onFault: (why) => {
        fault = why
        by = oneThread(code, why)
      },
    })
    if (fault !== undefined) await this.drop(fault)
    const proof = bytesOf(made)
    const outcome = await accept(proof)
    // With a fault it is already the proof of one thread.
    if (outcome.ok || fault !== undefined) return { kind: 'settled', outcome }
    return { kind: 'failed', code: 'THREAD_WRONG', refused: proof }
  }

  /** After a fault of the second thread: one thread goes on. */
  async drop(code: ThreadFault): Promise<void> {
    this.#end(code)
    if (code !== 'THREAD_WRONG' || this.#mode === 'forced') return
    await this.#choice.set({ by: 'cpu', code, device: this.#device })
  }

  /**
   * In idle time: measures where it was not, on points of a loaded key, and starts the thread where
   * it is chosen. Ends soon after the signal is aborted.
   */
  async rest(loaded: KeyInKernel, signal: AbortSignal): Promise<void> {
    if (this.#mode === 'forced' || this.#fault !== undefined || this.#isResting) return
    this.#isResting = true
    try {
      const known = await this.#chosen()
      if (signal.aborted || known?.by === 'cpu') return
      if (known === undefined) await this.#measure(loaded, signal)
      else if (this.#thread === undefined) await this.#start(loaded)
    } finally {
      this.#isResting = false
    }
  }

  /** Gives its memory back; a later rest starts it again where it is chosen. */
  release(): void {
    this.#thread?.close()
    this.#thread = undefined
  }

  /** Chooses nothing when it is stopped, or when the thread does not serve: that may pass. */
  async #measure(loaded: KeyInKernel, signal: AbortSignal): Promise<void> {
    // Stands if the second thread takes the tab with it: then it is not tried again.
    await this.#choice.guard('THREAD_FAILED', this.#device)
    const started = await this.#open(loaded)
    const times = started.ok ? await this.#times(started.value, loaded, signal) : started
    const choice =
      times !== 'ABORTED' && times.ok ? this.#choice.of(times.value, this.#device) : undefined
    if (started.ok && choice?.by === 'threads') this.#thread = started.value
    else if (started.ok) started.value.close()
    if (times === 'ABORTED' || times.ok) await this.#choice.set(choice)
    else {
      await this.#choice.set(undefined)
      await this.drop(times.error.code)
    }
  }

  async #times(
    thread: SecondThread,
    loaded: KeyInKernel,
    signal: AbortSignal,
  ): Promise<ThreadResult<Times> | 'ABORTED'> {
    try {
      return await measureThreads(thread, loaded, { random: this.#random, signal })
    } catch {
      // Memory gave out: that of the second thread is worth more to a proof by one.
      return err({ code: 'THREAD_FAILED' })
    }
  }

  async #start(loaded: KeyInKernel): Promise<ThreadResult<SecondThread>> {
    const started = await this.#open(loaded)
    if (!started.ok) return this.#end(started.error.code)
    this.#thread = started.value
    return started
  }

  async #open(loaded: KeyInKernel): Promise<ThreadResult<SecondThread>> {
    const started = SecondThread.start(this.#platform.open, this.#platform.isShared)
    if (!started.ok) return started
    const ready = await started.value.load(loaded)(startMsMax)
    return ready.ok ? started : ready
  }

  /** Undefined when nothing was measured on a device of so many cores. */
  async #chosen(): Promise<Choice<'threads', ThreadFault> | undefined> {
    const choice = await this.#choice.get()
    return choice?.device === this.#device ? choice : undefined
  }

  get #device(): string {
    return `${String(this.#platform.cores)} cores`
  }

  #end(code: ThreadFault): ThreadResult<never> {
    this.#fault = code
    this.release()
    return err({ code })
  }
}

function browserPlatform(): ThreadPlatform {
  return {
    open: openThread,
    isShared: hasSharedMemory(),
    cores: coreCount(),
    files: openOriginFiles,
  }
}
