/**
 * Where a rest that is not done outlives a reload (FIT-2, PRIV-1): one value of the store, sealed
 * under a key of the vault. In the clear stands the time alone at which it counts no more, because
 * it has to go then while the keys are locked, too.
 */
import { concat, u64be, utf8 } from '../../core/base/bytes.ts'
import { seal, sealNonceBytes, unseal } from '../../core/crypto/seal.ts'
import type { Random } from '../../ports/random.ts'
import type { Store } from '../../ports/store.ts'
import {
  decodeRest,
  encodeRest,
  restSpanMsMax,
  restUntilMs,
  type RestRecord,
} from './restRecord.ts'
import { restKey } from './secrets.ts'

export const restName = 'duty/rest'
const untilBytes = 8

export class RestShelf {
  readonly #store: Store
  readonly #random: Random
  /** Of what lies there; `undefined` for nothing, and before anybody looked. */
  #untilMs: number | undefined
  #isKnown = false

  constructor(store: Store, random: Random) {
    this.#store = store
    this.#random = random
  }

  /** What these keys sealed there. */
  async read(proofSecret: Uint8Array): Promise<RestRecord | undefined> {
    const value = await this.#look()
    if (value === undefined) return undefined
    const sealed = value.subarray(untilBytes)
    const opened = unseal(restKey(proofSecret), sealed, contextOf(value.subarray(0, untilBytes)))
    return opened && decodeRest(opened)
  }

  /** In place of what was there; on disk when this resolves. */
  async write(proofSecret: Uint8Array, rest: RestRecord): Promise<void> {
    const untilMs = restUntilMs(rest)
    const until = u64be(untilMs)
    const nonce = this.#random.bytes(sealNonceBytes)
    const sealed = seal(restKey(proofSecret), nonce, encodeRest(rest), contextOf(until))
    this.#note(untilMs)
    await this.#store.putValue(restName, concat(until, sealed))
  }

  async erase(): Promise<void> {
    if (!this.#isKnown) await this.#look()
    if (this.#untilMs === undefined) return
    this.#note(undefined)
    await this.#store.putValue(restName, undefined)
  }

  /** Erases what counts no more; needs no keys. */
  async dropOld(nowMs: number): Promise<void> {
    if (!this.#isKnown) await this.#look()
    if (this.#untilMs === undefined) return
    // A clock that was set back tells nothing of how old it is.
    const isOld = this.#untilMs <= nowMs || this.#untilMs > nowMs + restSpanMsMax
    if (isOld) await this.erase()
  }

  async #look(): Promise<Uint8Array | undefined> {
    const value = await this.#store.getValue(restName)
    this.#note(value && untilOf(value))
    return value
  }

  #note(untilMs: number | undefined): void {
    this.#untilMs = untilMs
    this.#isKnown = true
  }
}

/** What is too short to hold a time is of nobody, and goes at once. */
function untilOf(value: Uint8Array): number {
  if (value.length < untilBytes) return 0
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  return Number(view.getBigUint64(0))
}

/** The time in the clear is part of what is sealed: nobody makes a rest younger than it is. */
function contextOf(until: Uint8Array): Uint8Array {
  return concat(utf8('emo/rest'), until)
}
