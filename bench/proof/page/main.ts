/** The page of the bench in a browser: one prover at a time, by its name. */

import { createWorkerProver } from '../../../src/adapters/workers/prover.ts'
import type { Acceleration, Prover, ProveRequest } from '../../../src/ports/prover.ts'
import type { SnarkjsTask } from './snarkjsWorker.ts'

const artifactsUrl = new URL('./circuits/', location.href).href
const options = { artifactsUrl, allowsDevelopmentKeys: true } as const
/** On one thread. */
const ours = createWorkerProver({ ...options, threads: 'never' })
/** Each started when first asked: shaders take their time too. */
let onThreads: Prover | undefined
let onGpu: Prover | undefined
const theirs = new Worker(new URL('./snarkjsWorker.ts', import.meta.url), { type: 'module' })

const violations: string[] = []
addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
  violations.push(violatedDirective)
})

export const provers = {
  violations,
  /** Milliseconds of wall time from the request to the checked proof. */
  async ours(request: ProveRequest): Promise<number> {
    const startMs = performance.now()
    const made = await ours.prove(request)
    if (!made.ok) throw new Error(made.error.code)
    return performance.now() - startMs
  },
  /** Milliseconds, or why two threads did not make the proof. */
  async threads(request: ProveRequest): Promise<number | string> {
    onThreads ??= createWorkerProver({ ...options, threads: 'forced' })
    const { ms, by } = await timed(onThreads, request)
    if (by?.by === 'threads') return ms
    return by?.by === 'cpu' ? (by.thread ?? 'nothing said') : 'by the GPU'
  },
  /** Milliseconds, or why the GPU did not make the proof. */
  async gpu(request: ProveRequest): Promise<number | string> {
    onGpu ??= createWorkerProver({ ...options, acceleration: 'forced', threads: 'never' })
    const { ms, by } = await timed(onGpu, request)
    return by?.by === 'gpu' ? ms : (by?.code ?? 'nothing said')
  },
  /** How the adapter names itself. */
  async adapter(): Promise<{ readonly name: string; readonly isSoftware: boolean }> {
    const info = (await navigator.gpu.requestAdapter())?.info
    if (info === undefined) return { name: 'no adapter', isSoftware: false }
    const { vendor, architecture, description, isFallbackAdapter } = info
    const name = [vendor, architecture, description].filter((part) => part !== '').join(' ')
    return { name, isSoftware: isFallbackAdapter }
  },
  async snarkjs(circuit: string, task: Omit<SnarkjsTask, 'urls'>): Promise<number> {
    const at = (end: string): string => `${artifactsUrl}${circuit}${end}`
    const startMs = performance.now()
    const answer = await new Promise((resolve) => {
      theirs.onmessage = ({ data }: MessageEvent<unknown>) => {
        resolve(data)
      }
      theirs.postMessage({ ...task, urls: [at('.wasm'), at('.zkey'), at('.vkey.json')] })
    })
    if (answer !== 'proven') throw new Error(String(answer))
    return performance.now() - startMs
  },
}

async function timed(
  prover: Prover,
  request: ProveRequest,
): Promise<{ readonly ms: number; readonly by: Acceleration | undefined }> {
  let by: Acceleration | undefined
  const startMs = performance.now()
  const made = await prover.prove(request, {
    onProgress: ({ acceleration }) => {
      by = acceleration ?? by
    },
  })
  if (!made.ok) throw new Error(made.error.code)
  return { ms: performance.now() - startMs, by }
}

Object.assign(globalThis, { provers })
