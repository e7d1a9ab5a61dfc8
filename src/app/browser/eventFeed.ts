/**
 * The light feed (UX-4): the newest blocks and the running epoch from the relay's API, then each
 * final block as the relay streams it.
 *
 * What a relay says is only a claim: a block counts as unchecked until the block reader, loaded
 * after the first view, has checked its certificate here.
 */

import type { BlockSummary, EpochSummary } from '../../node/api.ts'
import { feedBlockOf, parseText } from '../feedText.ts'
import type { BlockReader, FeedBlock, FeedState, LightFeed } from '../services.ts'
import { loadChain, loadEpoch, loadNewest, loadProof } from './feedStart.ts'

export interface EventFeedOptions {
  /** Loads what reads and checks blocks; rejects where this browser cannot. */
  loadBlockReader(): Promise<BlockReader>
}

const blocksMax = 50
/** Shorter silences of the relay are not worth a word. */
const graceMs = 4000
const retryMs = 4000
/** Without a reader the newest blocks are asked for again, this often at most. */
const refreshMs = 2000
/** A block that arrives later than this was history. */
const finalAfterMsMax = 60_000

export class EventFeed implements LightFeed {
  readonly #options: EventFeedOptions
  readonly #handlers = new Set<(state: FeedState) => void>()
  #running: AbortController | undefined
  #lostTimer: ReturnType<typeof setTimeout> | undefined
  #refreshTimer: ReturnType<typeof setTimeout> | undefined
  #reader: Promise<BlockReader> | undefined
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
    if (this.#running === undefined) {
      this.#running = new AbortController()
      void this.#run(this.#running.signal)
    }
    return () => {
      this.#handlers.delete(handler)
      if (this.#handlers.size === 0) this.#stop()
    }
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.#round(signal)
  }

  async #round(signal: AbortSignal): Promise<void> {
    try {
      await this.#load()
      await this.#follow(signal)
    } catch {
      // The relay is away: the words for it come after the grace time.
    }
    if (signal.aborted) return
    this.#expectSoon()
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }

  #stop(): void {
    this.#running?.abort()
    this.#running = undefined
    clearTimeout(this.#lostTimer)
    clearTimeout(this.#refreshTimer)
    this.#lostTimer = undefined
    this.#refreshTimer = undefined
  }

  async #load(): Promise<void> {
    const [chain, blocks, epoch] = await Promise.all([loadChain(), loadNewest(), loadEpoch()])
    this.#arrived({ chain, epoch, blocks: merge(this.#state.blocks, blocks) })
    const head = blocks[0]
    if (head !== undefined) void loadProof(head.height).then((block) => this.#check(block, false))
  }

  /** Resolves when the stream ended; the browser itself reconnects short breaks. */
  #follow(signal: AbortSignal): Promise<void> {
    // Nobody listens any more: a stream opened now would be closed by nothing, and a browser has
    // six connections to a server.
    if (signal.aborted) return Promise.resolve()
    const after = this.#state.blocks[0]?.height
    const source = new EventSource(after === undefined ? '/events' : `/events?after=${after}`)
    return new Promise((resolve) => {
      const end = (): void => {
        source.close()
        resolve()
      }
      signal.addEventListener('abort', end)
      source.addEventListener('open', () => {
        this.#arrived({})
      })
      source.addEventListener('block', (event: MessageEvent<unknown>) => {
        const text = typeof event.data === 'string' ? event.data : undefined
        void this.#check(feedBlockOf(parseText(text)), true)
      })
      source.addEventListener('epoch', () => {
        void loadEpoch().then((epoch) => {
          this.#arrived({ epoch })
        }, ignore)
      })
      source.addEventListener('behind', () => {
        this.#refreshSoon()
      })
      source.addEventListener('error', () => {
        this.#expectSoon()
        if (source.readyState === EventSource.CLOSED) end()
      })
    })
  }

  async #check(block: FeedBlock | undefined, isNew: boolean): Promise<void> {
    if (block === undefined) return
    const arrivedMs = Date.now()
    if (isNew) this.#arrived({})
    try {
      this.#reader ??= this.#options.loadBlockReader()
      const summary = await (await this.#reader)(block)
      if (summary === undefined) {
        this.#set({ check: 'failed' })
        return
      }
      const tookMs = arrivedMs - summary.timeMs
      const measured = isNew && tookMs >= 0 && tookMs < finalAfterMsMax
      this.#take(measured ? { ...summary, finalAfterMs: tookMs } : summary)
    } catch {
      this.#reader = undefined
      this.#set({ check: 'unavailable' })
      if (isNew) this.#refreshSoon()
    }
  }

  #take(block: BlockSummary): void {
    const known = this.#state.blocks.find(({ hash }) => hash === block.hash)
    const best = { ...block, finalAfterMs: block.finalAfterMs ?? known?.finalAfterMs }
    const others = this.#state.blocks.filter(({ hash }) => hash !== block.hash)
    this.#set({
      blocks: merge([best], others),
      check: block.verified ? 'verified' : 'failed',
    })
  }

  #refreshSoon(): void {
    this.#refreshTimer ??= setTimeout(() => {
      this.#refreshTimer = undefined
      void loadNewest().then((blocks) => {
        this.#arrived({ blocks: merge(this.#state.blocks, blocks) })
      }, ignore)
    }, refreshMs)
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

  #set(change: Partial<FeedState>): void {
    this.#state = withSeats({ ...this.#state, ...change })
    for (const handler of this.#handlers) handler(this.#state)
  }
}

/**
 * Newest first; the first of two with the same hash stays. A chain that began anew replaces the
 * old.
 */
function merge(
  known: readonly BlockSummary[],
  found: readonly BlockSummary[],
): readonly BlockSummary[] {
  const newest = found[0]
  const restarted =
    newest !== undefined &&
    known.some(({ height, hash }) => height === newest.height && hash !== newest.hash)
  const all = restarted ? found : [...known, ...found]
  const byHash = new Map<string, BlockSummary>()
  for (const block of all) if (!byHash.has(block.hash)) byHash.set(block.hash, block)
  return [...byHash.values()].sort((left, right) => right.height - left.height).slice(0, blocksMax)
}

/** Blocks of the running epoch have as many seats as its committee. */
function withSeats(state: FeedState): FeedState {
  const { epoch } = state
  if (epoch === undefined) return state
  return { ...state, blocks: state.blocks.map((block) => seated(block, epoch)) }
}

function seated(block: BlockSummary, epoch: EpochSummary): BlockSummary {
  const seatCount = epoch.seats.length
  if (block.epoch !== epoch.epoch || block.seatCount >= seatCount) return block
  return { ...block, seatCount }
}

function ignore(): void {
  // The next event or retry brings it.
}
