/**
 * A seat's part in the sharing of its epoch (BEACON-3 to BEACON-6), as `src/node` does it: it deals
 * when the epoch begins, opens when the block that fixed the set is final, and shows its shares of
 * what others have not opened. Keys and deals are real.
 */
import { equalBytes, hex, u64be } from '../../src/core/base/bytes.ts'
import type { Committee, SharingPart } from '../../src/core/codec/chain.ts'
import { Deal, DealOpening, DealShares } from '../../src/core/codec/sharing.ts'
import type { BeaconRound } from '../../src/core/committee/beacon/round.ts'
import { roundTimesOf } from '../../src/core/committee/beacon/roundTimes.ts'
import { committeeRoot } from '../../src/core/committee/handOver.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { decryptShares } from '../../src/core/crypto/pvss/decryptShares.ts'
import { makeDeal } from '../../src/core/crypto/pvss/makeDeal.ts'
import { openDeal } from '../../src/core/crypto/pvss/openDeal.ts'
import { roundOf } from '../../src/core/ledger/sharing/roundState.ts'
import { read, readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { committees, epochRecord, parameters, tip } from '../../src/core/ledger/tables.ts'
import { runSharingKey, runSharingSeeds } from './runKeys.ts'

const none = new Uint8Array(0)
const nothing = { deal: none, opening: none, shares: none }

interface Seat {
  readonly round: BeaconRound
  readonly seat: number
  readonly seeds: ReturnType<typeof runSharingSeeds>
}

export class SharingAuthor {
  readonly #seed: number
  readonly #validator: number
  readonly #account: Uint8Array
  /** Under which committee root what was said, and until which height it was looked at. */
  #said = { root: '', parts: new Set<string>(), height: -1 }

  constructor(seed: number, validator: number, account: Uint8Array) {
    this.#seed = seed
    this.#validator = validator
    this.#account = account
  }

  /** Parts to sign and send now; the same state asks for nothing again. */
  speak(state: LedgerState, nowMs: number): readonly SharingPart[] {
    const { height } = readSingle(state, tip)
    if (height === this.#said.height) return []
    const record = readSingle(state, epochRecord)
    const committee = read(state, committees, record.epoch)
    const root = committee && committeeRoot(committee)
    if (committee === undefined || root === undefined) return []
    if (this.#said.root !== hex(root)) this.#said = { root: hex(root), parts: new Set(), height }
    this.#said.height = height
    const place = this.#placeIn(state, committee)
    if (place === undefined) return []
    const offsetMs = record.open ? nowMs - record.startMs : -1
    const { fixMs } = roundTimesOf(readSingle(state, parameters))
    const parts =
      offsetMs < fixMs ? this.#deal(place) : [...this.#open(place), ...this.#show(place)]
    return parts.map((part) => ({ ...nothing, ...part, committeeRoot: root }))
  }

  restart(): void {
    this.#said = { root: '', parts: new Set(), height: -1 }
  }

  #deal({ round, seat, seeds }: Seat): readonly Partial<SharingPart>[] {
    const { phase, deals, sharing } = round
    if (phase !== 'dealing' || deals[seat] !== undefined || !this.#once('deal')) return []
    return [{ deal: Deal.encode(makeDeal(sharing, seat, seeds.dealSeed)) }]
  }

  #open({ round, seat, seeds }: Seat): readonly Partial<SharingPart>[] {
    const { phase, deals, secrets, sharing } = round
    const isTime = phase === 'opening' || phase === 'sharing'
    if (!isTime || deals[seat] === undefined || secrets[seat] !== undefined) return []
    if (!this.#once('opening')) return []
    return [{ opening: DealOpening.encode(openDeal(sharing, seat, seeds.dealSeed)) }]
  }

  #show({ round, seat, seeds }: Seat): readonly Partial<SharingPart>[] {
    const { phase, deals, secrets, shares, sharing } = round
    if (phase !== 'sharing') return []
    return deals.flatMap((deal, dealer) => {
      const isShown = shares[dealer]?.some((one) => one.seat === seat) === true
      if (deal === undefined || secrets[dealer] !== undefined || isShown) return []
      if (!this.#once(`shares ${String(dealer)}`)) return []
      const randomness = hash('keyDerivation', seeds.keySeed, u64be(sharing.epoch))
      const made = decryptShares(sharing, deal, { seat, seed: seeds.keySeed, randomness })
      return made.ok ? [{ shares: DealShares.encode(made.value) }] : []
    })
  }

  /** Undefined for who has no seat. Who stays on has the key of an earlier epoch (COM-5). */
  #placeIn(state: LedgerState, { epoch, seats }: Committee): Seat | undefined {
    const seat = seats.findIndex(({ validator }) => equalBytes(validator, this.#account))
    const round = seat < 0 ? undefined : roundOf(state)
    if (round === undefined) return undefined
    for (let made = epoch; made >= 0; made -= 1) {
      const key = runSharingKey(this.#seed, this.#validator, made)
      if (!equalBytes(key, seats[seat]?.sharingKey ?? none)) continue
      return { round, seat, seeds: runSharingSeeds(this.#seed, this.#validator, made) }
    }
    return undefined
  }

  #once(what: string): boolean {
    const isNew = !this.#said.parts.has(what)
    this.#said.parts.add(what)
    return isNew
  }
}
