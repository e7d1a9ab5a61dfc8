/** Keeps the screen on while on duty: a dark screen hides the tab, and a hidden tab steps down. */

import type { WakeLockService } from '../services.ts'

export class ScreenWakeLock implements WakeLockService {
  readonly supported = 'wakeLock' in navigator
  #wanted = false
  #sentinel: WakeLockSentinel | undefined

  constructor() {
    // The browser releases the lock whenever the page is hidden.
    document.addEventListener('visibilitychange', () => {
      void this.#settle()
    })
  }

  set(wanted: boolean): void {
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    void this.#settle()
  }

  async #settle(): Promise<void> {
    if (!this.supported) return
    try {
      if (this.#wanted && !document.hidden && this.#sentinel?.released !== false) {
        this.#sentinel = await navigator.wakeLock.request('screen')
      } else if (!this.#wanted) {
        await this.#sentinel?.release()
        this.#sentinel = undefined
      }
    } catch {
      // Low battery or a policy: the page says in its readiness list what to do.
    }
  }
}
