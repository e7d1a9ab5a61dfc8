/**
 * The service worker: the shell works offline, a new version waits (UX-5).
 *
 * It holds no key, no chain and no signature. Precached: the shell. Cached on first use: files of
 * the build whose name carries their hash, and circuit artifacts after their SHA-256 was checked.
 */

import { cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching'
import { answerFromCaches } from './sw/runtimeCache.ts'
import type { ShellWorker } from './sw/scope.ts'
import { maySwitch } from './sw/switch.ts'

declare const self: ShellWorker & {
  readonly __WB_MANIFEST: { readonly url: string; readonly revision: string | null }[]
}

precacheAndRoute(self.__WB_MANIFEST)
cleanupOutdatedCaches()

self.addEventListener('fetch', (event) => {
  const answer = answerFromCaches(event.request)
  if (answer !== undefined) event.respondWith(answer)
})

self.addEventListener('message', (event) => {
  const data: unknown = event.data
  if (typeof data !== 'object' || data === null || Reflect.get(data, 'type') !== 'switch') return
  event.waitUntil(
    maySwitch().then((allowed) => {
      event.ports[0]?.postMessage(allowed)
      return allowed ? self.skipWaiting() : undefined
    }),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim())
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((windows) => {
      const open = windows[0]
      return open === undefined ? self.clients.openWindow('/') : open.focus()
    }),
  )
})
