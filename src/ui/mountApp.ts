/** Puts the page into `target`. */

import { mount, unmount } from 'svelte'
import { Page } from '../app/page.svelte.ts'
import type { Services } from '../app/services.ts'
import App from './App.svelte'
import './theme.css'
import './base.css'

export interface MountedApp {
  readonly page: Page
  /** Takes the page away and stops listening. */
  stop(): void
}

export function mountApp(target: HTMLElement, services: Services): MountedApp {
  const page = new Page(services)
  const stopListening = page.run()
  const app = mount(App, { target, props: { page } })
  return {
    page,
    stop: () => {
      stopListening()
      void unmount(app)
    },
  }
}
