/**
 * A list of blocks that grows backwards, from this tab's store when it runs, else from the relay.
 */

import type { BlockSummary } from '../node/api.ts'
import type { Page } from './page.svelte.ts'

const pageSize = 25
const shownAtFirst = 25

export class BlockList {
  readonly #page: Page
  #older = $state.raw<readonly BlockSummary[]>([])
  #loading = $state(false)
  #problem = $state.raw<string | undefined>()
  #ended = $state(false)

  constructor(page: Page) {
    this.#page = page
  }

  readonly blocks = $derived.by((): readonly BlockSummary[] => {
    const newest = this.#page.blocks.slice(0, Math.max(shownAtFirst, this.#older.length))
    return [...newest, ...this.#older]
      .sort((left, right) => right.height - left.height)
      .filter((block, index, sorted) => block.height !== sorted[index - 1]?.height)
  })
  readonly source = $derived.by(() => {
    if (this.#page.fromNode) return 'from this tab’s own store'
    return this.#page.stale ? 'last known state' : 'from the relay'
  })
  readonly atGenesis = $derived(this.#ended || (this.blocks.at(-1)?.height ?? 0) <= 1)

  get loading(): boolean {
    return this.#loading
  }

  get problem(): string | undefined {
    return this.#problem
  }

  async more(): Promise<void> {
    const before = this.blocks.at(-1)?.height
    if (before === undefined || this.#loading) return
    this.#loading = true
    this.#problem = undefined
    try {
      const found = await blocksBefore(this.#page, before)
      this.#older = [...this.#older, ...found]
      this.#ended = found.length === 0
    } catch {
      this.#problem = 'The relay does not answer. Try again in a moment.'
    }
    this.#loading = false
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
