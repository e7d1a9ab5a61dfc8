/**
 * Which epoch keys this device holds, and when each is erased (EPOCH-3): after a stored hand-over,
 * once no committee that may still sign or be drawn names it.
 */
import { concat, hex, unhex } from '../../core/base/bytes.ts'
import { list, readSingle, type LedgerState } from '../../core/ledger/state.ts'
import { draw, epochRecord, readyEntries } from '../../core/ledger/tables.ts'
import type { Signer } from '../../ports/signer.ts'
import type { Store } from '../../ports/store.ts'
import { committeeOf } from '../epochEnv.ts'

const listName = 'duty/epoch-keys'
const keyBytes = 48

export class EpochKeys {
  readonly #store: Store
  readonly #signer: Signer

  constructor(store: Store, signer: Signer) {
    this.#store = store
    this.#signer = signer
  }

  async add(slot: string): Promise<void> {
    await this.#write([...(await this.#slots()), slot])
  }

  async prune(state: LedgerState): Promise<void> {
    const { epoch } = readSingle(state, epochRecord)
    const seats = [epoch, epoch + 1].flatMap((one) => committeeOf(state, one)?.seats ?? [])
    const drawn = readSingle(state, draw).seats
    const ready = list(state, readyEntries)
    const needed = new Set([...seats, ...drawn, ...ready].map((entry) => hex(entry.epochKey)))
    const slots = await this.#slots()
    const kept = slots.filter((slot) => needed.has(slot))
    // A READY that is still on its way names the newest key.
    const newest = slots.at(-1)
    if (newest !== undefined && !kept.includes(newest)) kept.push(newest)
    for (const slot of slots) {
      if (!kept.includes(slot)) await this.#signer.eraseEpochKey(slot)
    }
    if (kept.length !== slots.length) await this.#write(kept)
  }

  async #slots(): Promise<readonly string[]> {
    const bytes = (await this.#store.getValue(listName)) ?? new Uint8Array(0)
    const count = Math.floor(bytes.length / keyBytes)
    return Array.from({ length: count }, (_, index) =>
      hex(bytes.subarray(index * keyBytes, (index + 1) * keyBytes)),
    )
  }

  async #write(slots: readonly string[]): Promise<void> {
    const keys = slots.map((slot) => unhex(slot)).flatMap((key) => (key.ok ? [key.value] : []))
    await this.#store.putValue(listName, concat(...keys))
  }
}
