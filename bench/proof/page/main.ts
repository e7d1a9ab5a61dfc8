/** The page of the bench in a browser: one prover at a time, by its name. */

import { createWorkerProver } from '../../../src/adapters/workers/prover.ts'
import type { Acceleration, Prover, ProveRequest } from '../../../src/ports/prover.ts'
import type { SnarkjsTask } from './snarkjsWorker.ts'

const artifactsUrl = new URL('./circuits/', location.href).href
const options = { artifactsUrl, allowsDevelopmentKeys: true } as const
const ours = createWorkerProver(options)
/** Started when first asked: its shaders take their time too. */
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
  /** Milliseconds, or why the GPU did not make the proof. */
  async gpu(request: ProveRequest): Promise<number | string> {
    onGpu ??= createWorkerProver({ ...options, acceleration: 'forced' })
    let by: Acceleration | undefined
    const startMs = performance.now()
    const made = await onGpu.prove(request, {
      onProgress: ({ acceleration }) => {
        by = acceleration ?? by
      },
    })
    if (!made.ok) throw new Error(made.error.code)
    return by?.by === 'gpu' ? performance.now() - startMs : (by?.code ?? 'nothing said')
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

Object.assign(globalThis, { provers })
