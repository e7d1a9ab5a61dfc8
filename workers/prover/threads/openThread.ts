/** Starts the second thread in a browser: a worker of the prover's worker. */

import type { OpenThread, ToThread } from './protocol.ts'

/** Typed here, because the prover's worker is compiled for Node too, which has none. */
interface DedicatedWorker {
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onmessageerror: (() => void) | null
  onerror: ((event: { preventDefault(): void }) => void) | null
  postMessage(message: ToThread, transfer: readonly ArrayBuffer[]): void
  terminate(): void
}

type WorkerConstructor = new (
  url: URL,
  options: { readonly type: 'module'; readonly name: string },
) => DedicatedWorker

export const openThread: OpenThread = () => {
  // Named as the platform names it: the bundler knows the script by this call.
  const { Worker } = globalThis as unknown as { readonly Worker?: WorkerConstructor }
  if (Worker === undefined) return undefined
  try {
    const worker = new Worker(new URL('./sumWorker.ts', import.meta.url), {
      type: 'module',
      name: 'prover-sums',
    })
    return {
      post: (message, handedOver) => worker.postMessage(message, handedOver),
      listen(onReply, onEnd) {
        worker.onmessage = ({ data }) => onReply(data)
        worker.onmessageerror = () => onReply(undefined)
        worker.onerror = (event) => {
          // Said by a code: nothing that the page has to handle.
          event.preventDefault()
          onEnd()
        }
      },
      terminate: () => worker.terminate(),
    }
  } catch {
    // A policy that forbids it.
    return undefined
  }
}

/** Whether threads of this platform can have memory in common. */
export function hasSharedMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean }
  return crossOriginIsolated === true
}
