/**
 * The part of a service worker's scope that the shell uses. The page's type world has the DOM and
 * not the WebWorker library, and both cannot be loaded together.
 */

interface WorkEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface RequestEvent extends WorkEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

interface PageMessage extends WorkEvent {
  readonly data: unknown
  readonly ports: readonly MessagePort[]
}

interface NotificationClick extends WorkEvent {
  readonly notification: Notification
}

interface PageWindow {
  focus(): Promise<PageWindow>
}

interface Handlers {
  readonly fetch: (event: RequestEvent) => void
  readonly message: (event: PageMessage) => void
  readonly activate: (event: WorkEvent) => void
  readonly notificationclick: (event: NotificationClick) => void
}

export interface ShellWorker {
  addEventListener<K extends keyof Handlers>(type: K, handler: Handlers[K]): void
  skipWaiting(): Promise<void>
  readonly clients: {
    claim(): Promise<void>
    matchAll(options: { readonly type: 'window' }): Promise<readonly PageWindow[]>
    openWindow(url: string): Promise<PageWindow | null>
  }
}
