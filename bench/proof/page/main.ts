/** The page of the bench in a browser: one prover at a time, by its name. */

import { createWorkerProver } from '../../../src/adapters/workers/prover.ts'
import type { ProveRequest } from '../../../src/ports/prover.ts'
import type { SnarkjsTask } from './snarkjsWorker.ts'

const artifactsUrl = new URL('./circuits/', location.href).href
const ours = createWorkerProver({ artifactsUrl, allowsDevelopmentKeys: true })
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
