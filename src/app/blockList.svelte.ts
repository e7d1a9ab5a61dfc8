/**
 * A list of blocks that grows backwards, from this tab's store when it runs, else from the relay.
 *
 * New blocks come in at its head, unless the person looks at a row: then the rows stay where they
 * are, and what came since waits to be asked for (UX-6).
 */

import type { BlockSummary } from '../node/api.ts'
import type { Page } from './page.svelte.ts'

const pageSize = 25
const shownAtFirst = 25

/** What keeps the rows where they are: each begins and ends by itself. */
export type Hold = 'pointer' | 'focus' | 'scroll'

export class BlockList {
  readonly #page: Page
  #older = $state.raw<readonly BlockSummary[]>([])
  /** The head of the list as it was when it was held. */
  #held = $state.raw<readonly BlockSummary[] | undefined>()
  readonly #holds: Record<Hold, boolean> = { pointer: false, focus: false, scroll: false }
  #loading = $state(false)
  #problem = $state.raw<string | undefined>()
  #ended = $state(false)

  constructor(page: Page) {
    this.#page = page
  }

  readonly #head = $derived.by((): readonly BlockSummary[] => {
    if (this.#held === undefined || this.#held.length === 0) return this.#newest()
    // What is known of them may grow all the same.
    const known = this.#page.blocks
    return this.#held.map((block) => known.find(({ hash }) => hash === block.hash) ?? block)
  })
  /** Once the head has moved on past them there would be a gap. */
  readonly #isJoined = $derived(
    (this.#older[0]?.height ?? 0) >= (this.#head.at(-1)?.height ?? 0) - 1,
  )
  readonly blocks = $derived.by((): readonly BlockSummary[] => {
    return [...this.#head, ...(this.#isJoined ? this.#older : [])]
      .sort((left, right) => right.height - left.height)
      .filter((block, index, sorted) => block.height !== sorted[index - 1]?.height)
  })
  /** How many came since the list was held. */
  readonly waiting = $derived.by((): number => {
    const [newest] = this.#page.blocks
    const [shown] = this.#head
    if (newest === undefined || shown === undefined) return 0
    return Math.max(0, newest.height - shown.height)
  })
  readonly source = $derived.by(() => {
    if (this.#page.fromNode) return 'from this tab’s own store'
    return this.#page.stale ? 'last known state' : 'from the relay'
  })
  readonly atGenesis = $derived(
    (this.#ended && this.#isJoined) || (this.blocks.at(-1)?.height ?? 0) <= 1,
  )

  get loading(): boolean {
    return this.#loading
  }

  get problem(): string | undefined {
    return this.#problem
  }

  /** The rows stay as long as anything holds them. */
  hold(by: Hold, isHeld: boolean): void {
    this.#holds[by] = isHeld
    if (Object.values(this.#holds).includes(true)) this.#held ??= this.#newest()
    else this.#held = undefined
  }

  /** Shows what waits; the list is held as before. */
  show(): void {
    if (this.#held !== undefined) this.#held = this.#newest()
  }

  async more(): Promise<void> {
    const before = this.blocks.at(-1)?.height
    if (before === undefined || this.#loading) return
    this.#loading = true
    this.#problem = undefined
    try {
      const found = await blocksBefore(this.#page, before)
      // With those in sight, which the head may leave behind.
      this.#older = [...this.blocks, ...found]
      this.#ended = found.length === 0
    } catch {
      this.#problem = 'The relay does not answer. Try again in a moment.'
    }
    this.#loading = false
  }

  #newest(): readonly BlockSummary[] {
    return this.#page.blocks.slice(0, Math.max(shownAtFirst, this.#older.length))
  }
}

/** Own store first; a new node holds little, so the relay fills in. */
async function blocksBefore(page: Page, before: number): Promise<readonly BlockSummary[]> {
  const own = (await page.client?.blocks(before, pageSize)) ?? []
  return own.length > 0 ? own : page.services.explorer.blocks(before, pageSize)
}

export async function findBlock(page: Page, height: number): Promise<BlockSummary | undefined> {
  const shown = page.blocks.find((block) => block.height === height)
  if (shown !== undefined) return shown
  const own = await page.client?.blocks(height + 1, 1)
  if (own?.[0]?.height === height) return own[0]
  return page.services.explorer.block(height)
}
