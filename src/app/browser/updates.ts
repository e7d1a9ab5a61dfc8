/** The service worker of the shell: a new version waits until the person switches (UX-5). */

import type { UpdateService } from '../services.ts'

const askEveryMs = 60 * 60 * 1000
const answerMsMax = 3000

export class ServiceWorkerUpdates implements UpdateService {
  readonly #handlers = new Set<() => void>()
  #waiting: ServiceWorker | undefined

  /** Registers the worker; where it cannot, the page works without the offline shell. */
  async start(url: string): Promise<void> {
    if (!('serviceWorker' in navigator) || !window.isSecureContext) return
    try {
      const registration = await navigator.serviceWorker.register(url, { scope: '/' })
      this.#watch(registration)
      setInterval(() => void registration.update().catch(() => undefined), askEveryMs)
    } catch {
      // No shell offline; everything else works.
    }
  }

  onWaiting(handler: () => void): () => void {
    this.#handlers.add(handler)
    if (this.#waiting !== undefined) handler()
    return () => {
      this.#handlers.delete(handler)
    }
  }

  async apply(): Promise<boolean> {
    const worker = this.#waiting
    if (worker === undefined) return false
    const accepted = await askToSwitch(worker)
    if (accepted) {
      navigator.serviceWorker.addEventListener('controllerchange', () => {
        window.location.reload()
      })
    }
    return accepted
  }

  #watch(registration: ServiceWorkerRegistration): void {
    const take = (worker: ServiceWorker | null): void => {
      // Without a controller this is the first version: there is nothing to switch from.
      if (worker === null || navigator.serviceWorker.controller === null) return
      this.#waiting = worker
      for (const handler of this.#handlers) handler()
    }
    take(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed') take(worker)
      })
    })
  }
}

/** The worker says no while a signer is on duty. */
function askToSwitch(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    const timer = setTimeout(() => {
      resolve(false)
    }, answerMsMax)
    port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      clearTimeout(timer)
      resolve(data === true)
    }
    worker.postMessage({ type: 'switch' }, [port2])
  })
}
