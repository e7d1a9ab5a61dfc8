/** Argon2id in a page: a worker for each key, so that the page answers meanwhile. */

import { argon2id, type Stretch, type Stretching } from './argon2id.ts'

/** On this thread where no worker does it: slower to look at, and the same key. */
export const argon2idInWorker: Stretch = async (task) =>
  (await inWorker(task).catch(() => undefined)) ?? argon2id(task)

async function inWorker(task: Stretching): Promise<Uint8Array> {
  const worker = new Worker(new URL('../../../workers/passphrase/worker.ts', import.meta.url), {
    type: 'module',
    name: 'passphrase',
  })
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data)
      worker.onerror = (event) => {
        event.preventDefault()
        reject(new Error(event.message || 'the worker could not be started'))
      }
      worker.onmessageerror = () => reject(new Error('a message could not be read'))
      worker.postMessage(task)
    })
  } finally {
    worker.terminate()
  }
}
