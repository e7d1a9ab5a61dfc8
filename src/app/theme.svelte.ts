/**
 * Light, dark, or as the system says; `public/theme.js` sets the same before the first paint
 * (UX-6).
 */

import type { Memory } from './services.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

export class Theme {
  readonly #memory: Memory
  #choice = $state<ThemeChoice>('system')

  constructor(memory: Memory) {
    this.#memory = memory
    const stored = memory.get('theme')
    if (stored === 'light' || stored === 'dark') this.#choice = stored
  }

  get choice(): ThemeChoice {
    return this.#choice
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice
    this.#memory.set('theme', choice === 'system' ? undefined : choice)
    if (choice === 'system') delete document.documentElement.dataset['theme']
    else document.documentElement.dataset['theme'] = choice
  }
}
