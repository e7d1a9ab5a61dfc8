/**
 * The boundaries that this node knows, with the committees that they name: what a light client
 * follows (SYNC-2). Both who executed the blocks and who only followed the headers have them.
 */
import { pathBytes, readHeader } from '../core/chain/certified.ts'
import type { ShownBoundary } from '../core/chain/lightClient.ts'
import { SyncResponse } from '../core/codec/chain.ts'
import { decodeHeight, encodeHeight } from './heightBytes.ts'
import type { Store } from '../ports/store.ts'
import { transportLimits } from '../ports/transport.ts'
import { shownOf } from './shownBoundaries.ts'

/** Bodies of opening blocks and paths in one page; without them it is far below its limit. */
const openBytesMax = transportLimits.responseBytesMax / 2

export class BoundaryIndex {
  readonly #store: Pick<Store, 'getValue' | 'putValue'>

  constructor(store: Pick<Store, 'getValue' | 'putValue'>) {
    this.#store = store
  }

  /** `boundary` was verified; its block has no body. */
  async put({ block, next, restart }: ShownBoundary): Promise<void> {
    const read = readHeader(block.header)
    if (!read.ok) return
    const { epoch, height } = read.value.header
    const restarts = restart === undefined ? [] : [restart]
    const page = {
      blocks: [block],
      tipHeight: height,
      committees: [next],
      restarts,
      lowestHeight: 0,
    }
    await this.#store.putValue(nameOf('light', epoch), SyncResponse.encode(page))
    await this.#store.putValue(nameOf('boundary', epoch), encodeHeight(height))
  }

  /**
   * The boundary was taken from a checkpoint, and its epoch was restarted by stake: who follows
   * from before it needs what opened its committee, which is not held here.
   */
  async markUnexplained(epoch: number): Promise<void> {
    await this.#store.putValue(nameOf('unexplained', epoch), Uint8Array.of(1))
  }

  async heightOf(epoch: number): Promise<number | undefined> {
    const value = await this.#store.getValue(nameOf('boundary', epoch))
    return value && decodeHeight(value)
  }

  async at(epoch: number): Promise<ShownBoundary | undefined> {
    const value = await this.#store.getValue(nameOf('light', epoch))
    return value && shownOf(SyncResponse.decode(value))?.[0]
  }

  /**
   * Boundaries from the first at or above a height that can be followed to; the newest known is of
   * `newestEpoch`.
   */
  async from(
    height: number,
    countMax: number,
    newestEpoch: number,
  ): Promise<readonly ShownBoundary[]> {
    const page: ShownBoundary[] = []
    let openBytes = 0
    for (
      let epoch = await this.#firstAbove(height, newestEpoch);
      page.length < countMax;
      epoch += 1
    ) {
      const shown = await this.at(epoch)
      if (shown === undefined) return page
      if ((await this.#store.getValue(nameOf('unexplained', epoch))) !== undefined) {
        if (page.length > 0) return page
        continue
      }
      openBytes += openBytesOf(shown)
      if (page.length > 0 && openBytes > openBytesMax) return page
      page.push(shown)
    }
    return page
  }

  /** By halving: heights rise with epochs, and what is not held is older than what is. */
  async #firstAbove(height: number, newestEpoch: number): Promise<number> {
    let from = 0
    let to = newestEpoch + 1
    while (from < to) {
      const middle = Math.floor((from + to) / 2)
      const found = await this.heightOf(middle)
      if (found === undefined || found < height) from = middle + 1
      else to = middle
    }
    return from
  }
}

function openBytesOf({ block, restart }: ShownBoundary): number {
  const opening = restart === undefined ? 0 : restart.body.length + pathBytes(restart)
  return pathBytes(block) + opening
}

function nameOf(kind: 'boundary' | 'light' | 'unexplained', epoch: number): string {
  return `${kind}/${String(epoch)}`
}
