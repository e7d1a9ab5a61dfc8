/** Hands the test's questions to a worker, where the prover is; one at a time. */
import { createWorkerProver } from '../../../src/adapters/workers/prover.ts'
import type { ProveRequest } from '../../../src/ports/prover.ts'
import type { Answer, Question } from './checks.ts'

const worker = new Worker(new URL('./gpuWorker.ts', import.meta.url), { type: 'module' })

const violations: string[] = []
addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
  violations.push(violatedDirective)
})

/** By two threads, as a page has it. */
const prover = createWorkerProver({
  artifactsUrl: new URL('./circuits/', location.href).href,
  allowsDevelopmentKeys: true,
  threads: 'forced',
})

export const gpu = {
  violations,
  /** Ends a proof in the middle of its work by two threads; the code that it gets. */
  async cancel(request: ProveRequest): Promise<string> {
    const controller = new AbortController()
    const made = await prover.prove(request, {
      signal: controller.signal,
      onProgress: ({ acceleration }) => {
        if (acceleration?.by === 'threads') controller.abort()
      },
    })
    return made.ok ? 'ok' : made.error.code
  },
  /** Who made a proof, or its error. */
  async prove(request: ProveRequest): Promise<string> {
    let by = 'nothing said'
    const made = await prover.prove(request, {
      onProgress: ({ acceleration }) => {
        by = acceleration?.by ?? by
      },
    })
    return made.ok ? by : made.error.code
  },
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        resolve(data)
      }
      worker.onerror = ({ message }) => {
        reject(new Error(message))
      }
      worker.postMessage(question)
    })
  },
}

Object.assign(globalThis, { gpu })
