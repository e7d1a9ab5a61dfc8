/** Hands the test's questions to a worker, where the prover is; one at a time. */
import type { Answer, Question } from './checks.ts'

const worker = new Worker(new URL('./gpuWorker.ts', import.meta.url), { type: 'module' })

const violations: string[] = []
addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
  violations.push(violatedDirective)
})

export const gpu = {
  violations,
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
