/**
 * What one validator of a run says on its own: READY when an epoch opens, CONFIRM when it is drawn
 * (COM-6), its parts of the sharing, payments all the time, and once each the moves of stake and an
 * absence. All of it is signed as the production says it; in place of the proof of a READY stand a
 * few bytes.
 */
import { equalBytes } from '../../src/core/base/bytes.ts'
import { AbsenceReason, Provenance, type Transaction } from '../../src/core/codec/chain.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { ed25519Sign } from '../../src/core/crypto/ed25519.ts'
import { ticketMessage } from '../../src/core/crypto/vrf.ts'
import { fieldToBytes } from '../../src/core/emotion/field.ts'
import { scoreModeCodes } from '../../src/core/emotion/scoreMode.ts'
import { accountOf } from '../../src/core/ledger/accounts.ts'
import { beaconOf } from '../../src/core/ledger/epochs.ts'
import { stateMarkOf } from '../../src/core/ledger/fitnessState.ts'
import { read, readSingle, type LedgerState } from '../../src/core/ledger/state.ts'
import { draw, epochRecord, readyEntries, recentRoots, tip } from '../../src/core/ledger/tables.ts'
import { encodeTransaction } from '../../src/core/ledger/transactionBytes.ts'
import { confirmMessage } from '../../src/core/ledger/transactions/confirm.ts'
import { microPerEmo, protocol } from '../../src/core/params.ts'
import type { SeededRandom } from '../base/random.ts'
import { chainId } from '../committees.ts'
import type { LedgerCommittees } from './ledgerCommittees.ts'
import { runPeerId, runScore } from './runGenesis.ts'
import { runSharingKey, runSink, type RunKeys } from './runKeys.ts'
import { SharingAuthor } from './sharingAuthor.ts'

/** A CONFIRM that is in no final block by then is made anew, with a newer root. */
const confirmAgainMs = 3000

/** Payments of one account that wait at most. */
const waitingMax = 8

const sinks = 5

export interface AuthorOptions {
  readonly seed: number
  readonly validator: number
  readonly keys: RunKeys
  readonly bls: BlsBackend
  readonly committees: LedgerCommittees
  readonly random: SeededRandom
  /** Between two payments of this account. */
  readonly paymentEveryMs: number
  /** It announces in epoch 1 that it leaves, and is ready again in epoch 3. */
  readonly isAwayOnce: boolean
}

export class Author {
  readonly #options: AuthorOptions
  #confirmedMs = 0
  #paidMs = 0
  #nonce = 0
  readonly #done = new Set<string>()
  readonly #sharing: SharingAuthor

  constructor(options: AuthorOptions) {
    this.#options = options
    const { seed, validator, keys } = options
    this.#sharing = new SharingAuthor(seed, validator, keys.account)
  }

  /** What it has to say now that its final state is this one. */
  speak(state: LedgerState, nowMs: number): readonly Uint8Array[] {
    const ready = this.#ready(state)
    const confirm = this.#confirm(state, nowMs)
    const parts = this.#sharing.speak(state, nowMs).map((sharing) => this.#free(state, { sharing }))
    const paid = this.#paid(state, nowMs)
    return [ready, this.#absence(state), confirm, ...parts, ...paid].filter(
      (one) => one !== undefined,
    )
  }

  #ready(state: LedgerState): Uint8Array | undefined {
    const { seed, validator, keys, bls, committees, isAwayOnce } = this.#options
    const record = readSingle(state, epochRecord)
    const epoch = record.epoch + 1
    if (isAwayOnce && (epoch === 2 || epoch === 3)) return undefined
    const beacon = beaconOf(record, epoch)
    if (beacon === undefined || read(state, readyEntries, keys.account) !== undefined) {
      return undefined
    }
    if (!this.#once(`ready ${String(epoch)}`)) return undefined
    const secret = committees.freshSecret(validator, epoch)
    return this.#free(state, {
      ready: {
        epoch,
        ticket: bls.sign(keys.vrfSecret, ticketMessage({ chainId, epoch, beacon })),
        epochKey: bls.publicKey(secret),
        epochKeyPossession: bls.provePossession(secret),
        proof: Uint8Array.of(1, validator),
        nullifier: fieldToBytes(BigInt(epoch * 1000 + validator)),
        scoreThreshold: runScore,
        scoreMode: scoreModeCodes.quantised,
        stateAfter: fieldToBytes(BigInt(epoch * 1000 + validator + 500)),
        stateMark: stateMarkOf(state, keys.account, epoch),
        provenance: Provenance.SIMULATED,
        peerId: runPeerId,
        sharingKey: runSharingKey(seed, validator, epoch),
      },
    })
  }

  #confirm(state: LedgerState, nowMs: number): Uint8Array | undefined {
    const { validator, keys, bls, committees } = this.#options
    const { epoch, frozen, selected } = readSingle(state, epochRecord)
    if (!frozen || selected || nowMs - this.#confirmedMs < confirmAgainMs) return undefined
    const { seats } = readSingle(state, draw)
    const seat = seats.find((one) => equalBytes(one.validator, keys.account))
    const height = readSingle(state, tip).height - 1
    const recent = read(state, recentRoots, height % protocol.recentRootsKept)
    if (seat?.confirmed !== false || recent?.height !== height) return undefined
    this.#confirmedMs = nowMs
    const fields = { epoch: epoch + 1, height, stateRoot: recent.stateRoot }
    const message = confirmMessage({ ...fields, chainId, validator: keys.account })
    const signature = bls.sign(committees.freshSecret(validator, epoch + 1), message)
    return this.#free(state, { confirm: { ...fields, signature } })
  }

  #absence(state: LedgerState): Uint8Array | undefined {
    const { epoch } = readSingle(state, epochRecord)
    if (!this.#options.isAwayOnce || epoch !== 1 || !this.#once('absence')) return undefined
    return this.#free(state, { absence: { reason: AbsenceReason.LEAVING } })
  }

  #paid(state: LedgerState, nowMs: number): readonly Uint8Array[] {
    const { seed, keys, random, paymentEveryMs } = this.#options
    const { nonce, balanceMicro } = accountOf(state, keys.account)
    if (this.#nonce < nonce) this.#nonce = nonce
    const made: Uint8Array[] = []
    const move = this.#move(state)
    if (move !== undefined) made.push(this.#payment(state, move))
    const isTime = nowMs - this.#paidMs >= paymentEveryMs && this.#nonce - nonce < waitingMax
    if (isTime && balanceMicro > microPerEmo) {
      this.#paidMs = nowMs
      const transfer = {
        recipient: runSink(seed, random.below(sinks)),
        amountMicro: BigInt(1 + random.below(1000)),
      }
      made.push(this.#payment(state, { transfer }))
    }
    return made
  }

  /** Stake: a third bonds more, a third takes some out and has it back later. */
  #move(state: LedgerState): Partial<Transaction> | undefined {
    const { epoch } = readSingle(state, epochRecord)
    const { validator } = this.#options
    const amountMicro = 7n * microPerEmo
    if (validator % 3 === 0 && epoch >= 1 && this.#once('bond')) return { bond: { amountMicro } }
    if (validator % 3 !== 1) return undefined
    if (epoch === 0 && this.#once('unbond')) return { unbond: { amountMicro } }
    return epoch >= 2 && this.#once('withdraw') ? { withdraw: {} } : undefined
  }

  /** After a crash it knows no more than its final state, and may use a nonce again. */
  restart(): void {
    this.#nonce = 0
    this.#confirmedMs = 0
    this.#done.clear()
    this.#sharing.restart()
  }

  #payment(state: LedgerState, payload: Partial<Transaction>): Uint8Array {
    const { epoch } = readSingle(state, epochRecord)
    const nonce = this.#nonce
    this.#nonce += 1
    return this.#signed({ nonce, expiryEpoch: epoch + 2, feeMaxMicro: microPerEmo, ...payload })
  }

  #free(state: LedgerState, payload: Partial<Transaction>): Uint8Array {
    const { epoch } = readSingle(state, epochRecord)
    return this.#signed({ nonce: 0, expiryEpoch: epoch, feeMaxMicro: 0n, ...payload })
  }

  #signed(
    fields: Pick<Transaction, 'nonce' | 'expiryEpoch' | 'feeMaxMicro'> & Partial<Transaction>,
  ): Uint8Array {
    const { account, seed } = this.#options.keys
    return encodeTransaction({ chainId, sender: account, ...fields }, (message) =>
      ed25519Sign(seed, message),
    )
  }

  #once(what: string): boolean {
    const isNew = !this.#done.has(what)
    this.#done.add(what)
    return isNew
  }
}
