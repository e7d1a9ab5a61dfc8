/**
 * The light feed over server-sent events (UX-4): `event: status` and `event: block` of a relay.
 *
 * What a relay sends is only a claim: each block is shown as unchecked until the verifier, loaded
 * after the first view, has checked its certificate here.
 */

import type { BlockSummary } from '../../node/api.ts'
import { blockFromText, statusFromText } from '../feedText.ts'
import type { BlockVerifier, FeedBlock, FeedState, LightFeed } from '../services.ts'

export interface EventFeedOptions {
  readonly url: string
  /** Loads what checks certificates; rejects where this browser cannot. */
  loadVerifier(): Promise<BlockVerifier>
}

const blocksMax = 50
/** EventSource tries again by itself after a few seconds; until then the feed counts as lost. */
const graceMs = 4000

export class EventFeed implements LightFeed {
  readonly #options: EventFeedOptions
  readonly #handlers = new Set<(state: FeedState) => void>()
  #source: EventSource | undefined
  #lostTimer: ReturnType<typeof setTimeout> | undefined
  #verifier: Promise<BlockVerifier> | undefined
  #state: FeedState = {
    connection: 'connecting',
    chain: undefined,
    epoch: undefined,
    blocks: [],
    check: 'checking',
    receivedMs: 0,
  }

  constructor(options: EventFeedOptions) {
    this.#options = options
  }

  subscribe(handler: (state: FeedState) => void): () => void {
    this.#handlers.add(handler)
    handler(this.#state)
    if (this.#source === undefined) this.#open()
    return () => {
      this.#handlers.delete(handler)
      if (this.#handlers.size === 0) this.#close()
    }
  }

  #open(): void {
    const source = new EventSource(this.#options.url)
    this.#source = source
    this.#expectSoon()
    source.addEventListener('open', () => {
      this.#arrived({})
    })
    source.addEventListener('status', (event: MessageEvent<unknown>) => {
      const status = typeof event.data === 'string' ? statusFromText(event.data) : undefined
      if (status !== undefined) this.#arrived({ chain: status.chain, epoch: status.epoch })
    })
    source.addEventListener('block', (event: MessageEvent<unknown>) => {
      const block = typeof event.data === 'string' ? blockFromText(event.data) : undefined
      if (block !== undefined) this.#takeBlock(block)
    })
    source.addEventListener('error', () => {
      this.#expectSoon()
      // A closed source was refused for good, so it is opened anew.
      if (source.readyState === EventSource.CLOSED) this.#reopen(source)
    })
  }

  #close(): void {
    clearTimeout(this.#lostTimer)
    this.#lostTimer = undefined
    this.#source?.close()
    this.#source = undefined
  }

  #reopen(source: EventSource): void {
    setTimeout(() => {
      if (this.#source !== source) return
      this.#source = undefined
      if (this.#handlers.size > 0) this.#open()
    }, graceMs)
  }

  #expectSoon(): void {
    this.#lostTimer ??= setTimeout(() => {
      this.#lostTimer = undefined
      this.#set({ connection: 'lost' })
    }, graceMs)
  }

  #arrived(change: Partial<FeedState>): void {
    clearTimeout(this.#lostTimer)
    this.#lostTimer = undefined
    this.#set({ ...change, connection: 'live', receivedMs: Date.now() })
  }

  #takeBlock(block: FeedBlock): void {
    const { height, hash } = block.summary
    if (this.#state.blocks.some((known) => known.hash === hash)) return
    const newest = this.#state.blocks[0]
    const restarted = newest !== undefined && height + blocksMax < newest.height
    const older = restarted ? [] : this.#state.blocks
    const blocks = [...older, block.summary]
      .sort((left, right) => right.height - left.height)
      .slice(0, blocksMax)
    this.#arrived({ blocks })
    void this.#check(block)
  }

  async #check(block: FeedBlock): Promise<void> {
    try {
      this.#verifier ??= this.#options.loadVerifier()
      const verify = await this.#verifier
      this.#checked(block.summary, await verify(block))
    } catch {
      this.#verifier = undefined
      this.#set({ check: 'unavailable' })
    }
  }

  #checked({ hash }: BlockSummary, verified: boolean): void {
    const blocks = this.#state.blocks.map((block) =>
      block.hash === hash ? { ...block, verified } : block,
    )
    this.#set({ blocks, check: verified ? 'verified' : 'failed' })
  }

  #set(change: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...change }
    for (const handler of this.#handlers) handler(this.#state)
  }
}
