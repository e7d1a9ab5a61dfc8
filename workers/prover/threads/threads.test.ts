/** When a second thread is started, measured and given up; on threads of Node. */

import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { artifactFile } from '../../../circuits/setup/paths.ts'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import { ok } from '../../../src/core/base/result.ts'
import { encodeProof } from '../../../src/core/emotion/proofCodec.ts'
import type { ThreadFault } from '../../../src/ports/prover.ts'
import { startSumThread, type Sabotage } from '../../../test/support/sumThread.ts'
import { MeasuredChoice } from '../files/measuredChoice.ts'
import { memoryFiles } from '../files/memoryFiles.fixture.ts'
import type { OriginFiles } from '../files/originFiles.ts'
import { Groth16Prover } from '../groth16/groth16Prover.ts'
import type { ThreadChannel } from './protocol.ts'
import { choiceKind, Threads } from './threads.ts'

vi.setConfig({ testTimeout: 180_000 })

const chosen = { by: 'threads', device: '8 cores', wayMs: 50, cpuMs: 90 } as const
const never = new AbortController().signal
let prover: Groth16Prover
let other: Groth16Prover
const released: (() => void)[] = []

beforeAll(async () => {
  await ensureArtifacts()
  prover = await load('consent_proof')
  other = await load('wellness_share')
}, ensureTimeoutMs)

afterEach(() => {
  for (const release of released.splice(0)) release()
})

async function load(circuit: 'consent_proof' | 'wellness_share'): Promise<Groth16Prover> {
  const [wasm, zkey] = (['wasm', 'zkey'] as const).map(
    (name) =>
      new Uint8Array(readFileSync(`${projectRoot}/public/circuits/${artifactFile(circuit, name)}`)),
  )
  const loaded = await Groth16Prover.load(wasm!, zkey!)
  if (!loaded.ok) throw new Error(loaded.error.code)
  return loaded.value
}

/** As the next worker reads and writes it. */
function choiceIn(files: OriginFiles): MeasuredChoice<'threads', ThreadFault> {
  return new MeasuredChoice(choiceKind, () => Promise.resolve(files))
}

interface Started {
  readonly threads: Threads
  /** How many live, of those that were opened. */
  readonly count: () => { readonly opened: number; readonly living: number }
}

function threadsOf(
  files: OriginFiles,
  options: {
    readonly mode?: 'measured' | 'forced'
    readonly cores?: number
    readonly sabotage?: Sabotage
    readonly onOpen?: (channel: ThreadChannel) => void
  } = {},
): Started {
  let [opened, living] = [0, 0]
  const open = (): ThreadChannel => {
    const channel = startSumThread(options.sabotage)
    options.onOpen?.(channel)
    opened += 1
    living += 1
    return {
      ...channel,
      terminate() {
        living -= 1
        channel.terminate()
      },
    }
  }
  const { mode = 'measured', cores = 8 } = options
  const platform = { open, isShared: true, cores, files: () => Promise.resolve(files) }
  const threads = new Threads(mode, webRandom, platform)
  released.push(() => threads.release())
  return { threads, count: () => ({ opened, living }) }
}

async function codeOf(threads: Threads, of = prover): Promise<string> {
  const thread = await threads.threadFor(of.loaded)
  return thread.ok ? 'ok' : thread.error.code
}

describe('ZK-12 the choice of a second thread', () => {
  it('is found for as many cores as it was measured on', async () => {
    const files = memoryFiles()
    await choiceIn(files).set(chosen)
    expect(await codeOf(threadsOf(files).threads)).toBe('THREAD_STARTING')
    expect(await codeOf(threadsOf(files, { cores: 4 }).threads)).toBe('THREAD_UNMEASURED')
  })

  it('is not asked for where two threads are forced', async () => {
    const forced = threadsOf(memoryFiles(), { cores: 2, mode: 'forced' })
    expect(await codeOf(forced.threads)).toBe('ok')
    expect(await codeOf(forced.threads)).toBe('ok')
    expect(forced.count()).toEqual({ opened: 1, living: 1 })
    forced.threads.release()
    expect(forced.count().living).toBe(0)
  })

  it('is measured in idle time, once', async () => {
    const files = memoryFiles()
    const { threads, count } = threadsOf(files)
    expect(await codeOf(threads)).toBe('THREAD_UNMEASURED')
    expect(count().opened).toBe(0)
    await threads.rest(prover.loaded, never)
    const choice = await choiceIn(files).get()
    // On a busy machine two are no quicker.
    expect(await codeOf(threads)).toBe(choice?.by === 'threads' ? 'ok' : 'THREAD_SLOWER')
    expect(choice?.cpuMs).toBeGreaterThan(0)
    expect(choice?.wayMs).toBeGreaterThan(0)
    expect(count()).toEqual({ opened: 1, living: choice?.by === 'threads' ? 1 : 0 })
    await threads.rest(prover.loaded, never)
    expect(count().opened).toBe(1)
  })

  it('stands on one thread while it is measured, should the tab end', async () => {
    const files = memoryFiles()
    let during: Promise<unknown> | undefined
    const { threads } = threadsOf(files, {
      onOpen: () => {
        during = choiceIn(files).get()
      },
    })
    await threads.rest(prover.loaded, never)
    expect(await during).toEqual({ by: 'cpu', code: 'THREAD_FAILED', device: '8 cores' })
  })

  it('notices a thread that ended between two proofs', async () => {
    const channels: ThreadChannel[] = []
    const onOpen = (channel: ThreadChannel): void => void channels.push(channel)
    const { threads, count } = threadsOf(memoryFiles(), { mode: 'forced', onOpen })
    expect(await codeOf(threads)).toBe('ok')
    channels[0]?.terminate()
    await expect.poll(() => codeOf(threads)).toBe('THREAD_FAILED')
    expect(count()).toEqual({ opened: 1, living: 0 })
  })

  it('is not made while a task waits', async () => {
    const files = memoryFiles()
    const { threads, count } = threadsOf(files)
    const abort = new AbortController()
    const resting = threads.rest(prover.loaded, abort.signal)
    setTimeout(() => abort.abort(), 1)
    await resting
    expect(await codeOf(threads)).toBe('THREAD_UNMEASURED')
    expect(count().living).toBe(0)
    expect(await files.names()).toEqual([])
  })

  it('starts a chosen thread in idle time, and hands it the tables of another key', async () => {
    const files = memoryFiles()
    await choiceIn(files).set(chosen)
    const { threads, count } = threadsOf(files)
    expect(await codeOf(threads)).toBe('THREAD_STARTING')
    // A proof may begin and end while the thread is started.
    await Promise.all([threads.rest(prover.loaded, never), threads.rest(prover.loaded, never)])
    expect(await codeOf(threads)).toBe('ok')
    expect(await codeOf(threads, other)).toBe('ok')
    expect(count()).toEqual({ opened: 1, living: 1 })
    for (const circuit of [prover, other, prover]) {
      const witness = new Uint32Array(8 * circuit.loaded.key.signalCount)
      for (let at = 0; at < witness.length; at += 8) witness[at] = at
      const blinding = { r: 5n, s: 6n }
      let by: unknown
      const tried = await threads.prove(
        {
          prover: circuit,
          witness,
          blinding,
          onShare: (_, now) => (by = now),
          accept: (proof) => Promise.resolve(ok(proof)),
        },
        'GPU_SLOWER',
      )
      const expected = circuit.prove(witness, blinding, () => undefined)
      expect(tried).toEqual({ kind: 'settled', outcome: ok(encodeProof(expected!)) })
      expect(by).toEqual({ by: 'threads', code: 'GPU_SLOWER' })
    }
    threads.release()
    expect(await codeOf(threads)).toBe('THREAD_STARTING')
    expect(count().living).toBe(0)
  })

  it('never starts one again that gave other sums', async () => {
    const files = memoryFiles()
    const first = threadsOf(files, { sabotage: 'wrong' })
    await first.threads.rest(prover.loaded, never)
    expect(await codeOf(first.threads)).toBe('THREAD_WRONG')
    expect(first.count()).toEqual({ opened: 1, living: 0 })
    const second = threadsOf(files)
    await second.threads.rest(prover.loaded, never)
    expect(await codeOf(second.threads)).toBe('THREAD_WRONG')
    expect(second.count().opened).toBe(0)
  })

  it.each([
    ['exit', 'THREAD_FAILED'],
    ['no reply', 'THREAD_MALFORMED'],
  ] as const)('forgets a thread with %s that may serve the next time', async (sabotage, code) => {
    const files = memoryFiles()
    const { threads, count } = threadsOf(files, { sabotage })
    await threads.rest(prover.loaded, never)
    expect(await codeOf(threads)).toBe(code)
    expect(count()).toEqual({ opened: 1, living: 0 })
    expect(await files.names()).toEqual([])
    expect(await codeOf(threadsOf(files).threads)).toBe('THREAD_UNMEASURED')
  })

  it('gives memory and thread back where memory gave out in measuring', async () => {
    const { memory } = prover.loaded.kernel
    const [before, take] = [memory.mark(), memory.take.bind(memory)]
    let left = 8
    const scarce = vi.spyOn(memory, 'take').mockImplementation((byteCount) => {
      left -= 1
      if (left < 0) throw new Error('memory gave out')
      return take(byteCount)
    })
    const { threads, count } = threadsOf(memoryFiles())
    await threads.rest(prover.loaded, never).catch(() => undefined)
    scarce.mockRestore()
    expect(left).toBe(-1)
    expect(memory.mark()).toBe(before)
    expect(count()).toEqual({ opened: 1, living: 0 })
    await threads.rest(prover.loaded, never)
    expect(count().opened).toBe(1)
    expect(await codeOf(threads)).toBe('THREAD_FAILED')
  })

  it('says that no thread can be started', async () => {
    const files = memoryFiles()
    const platform = { isShared: true, cores: 8, files: () => Promise.resolve(files) }
    const threads = new Threads('forced', webRandom, { ...platform, open: () => undefined })
    expect(await codeOf(threads)).toBe('THREAD_ABSENT')
    await choiceIn(files).set({ by: 'cpu', code: 'THREAD_SLOWER', device: '8 cores' })
    expect(await codeOf(threadsOf(files).threads)).toBe('THREAD_SLOWER')
  })
})
