/**
 * Holds the engine of the running epoch and starts the next one at the hand-over (EPOCH-2,
 * EPOCH-4): everything it needs is read from the state that the boundary left.
 */
import { hex } from '../core/base/bytes.ts'
import { readHeader } from '../core/chain/certified.ts'
import { createAgreement } from '../core/bft/init.ts'
import type { Agreement, AgreementEnv, OwnSeat } from '../core/bft/types.ts'
import { Certificate, Proposal, SafetyRecord, type Committee } from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import type { BlsBackend } from '../core/crypto/bls.ts'
import { hasRevoked } from '../core/ledger/validators.ts'
import { seatOf, timeOf } from '../core/types/ids.ts'
import type { EpochKey } from '../ports/signer.ts'
import type { Store } from '../ports/store.ts'
import type { DutyReason } from './api.ts'
import type { Chain } from './chain.ts'
import { Engine, type EngineHost } from './engine.ts'
import { committeeOf, epochEnv, runningEpoch, seatIndexOf } from './epochEnv.ts'
import type { MayAct } from './mayAct.ts'
import type { PendingRestart, RestartDesk } from './restartDesk.ts'

/** A record with its certificates is far below this. */
const recordBytesMax = 4 * 1024 * 1024

export interface RunningEpoch {
  readonly epoch: number
  readonly committee: Committee
  readonly engine: Engine
  /** Own seat, whether or not it signs. */
  readonly seat: number | undefined
  /** Why an own seat signs nothing in this epoch. */
  readonly abstains: DutyReason | undefined
  /** The record that opens this committee's first block (RECOVER-1). */
  readonly restart: PendingRestart | undefined
}

interface RunnerOptions {
  readonly chain: Chain
  readonly store: Store
  readonly bls: BlsBackend
  readonly mayAct: MayAct
  readonly restart: Pick<RestartDesk, 'pending' | 'maySign'>
  readonly nowMs: () => number
  readonly host: (epoch: {
    readonly epoch: number
    readonly committee: Committee
    readonly slot: string | undefined
  }) => EngineHost
}

interface OwnService {
  readonly key: EpochKey
  readonly seat: number
}

export class EpochRunner {
  readonly #options: RunnerOptions
  #running: RunningEpoch | undefined

  constructor(options: RunnerOptions) {
    this.#options = options
  }

  get running(): RunningEpoch | undefined {
    return this.#running
  }

  /** `restarted`: this process began after the service may have (BFT-10). */
  async start(options: { readonly restarted: boolean }): Promise<RunningEpoch | undefined> {
    // What the engine before still writes must be read back, not missed (BFT-10).
    this.#running?.engine.stop()
    await this.#running?.engine.idle()
    this.#running = undefined
    const { chain, bls, mayAct } = this.#options
    const { state } = chain.tip
    const epoch = runningEpoch(state)
    const restart = this.#options.restart.pending
    const committee = restart?.committee ?? committeeOf(state, epoch)
    const root = await (restart === undefined ? chain.epochRoot() : chain.rootAt(chain.tip.height))
    if (committee === undefined || root === undefined) return undefined
    const { identity } = mayAct
    const seat = identity && seatIndexOf(committee, identity)
    const service = seat === undefined ? undefined : await this.#openService(committee, seat)
    const own = service && ownSeat(service)
    const env = epochEnv({ state, committee, root, bls, own })
    const created = await this.#createAgreement(env, service, options.restarted)
    const host = this.#options.host({ epoch, committee, slot: service?.key.slot })
    const engine = new Engine(env, created.agreement, host)
    const isMute = seat !== undefined && service === undefined
    const abstains = created.abstains ?? (isMute ? 'EPOCH_KEY_ELSEWHERE' : undefined)
    this.#running = { epoch, committee, engine, seat, abstains, restart }
    // It was stopped meanwhile: another start is on its way, whose seat only listens.
    if (abstains === undefined && mayAct.stopped !== undefined) engine.stop()
    engine.start()
    await this.#replay(engine, epoch)
    return this.#running
  }

  stop(): void {
    this.#running?.engine.stop()
  }

  /** EPOCH_KEY_ELSEWHERE: the seat was won with a key that this device does not hold. */
  async #openService(committee: Committee, seat: number): Promise<OwnService | undefined> {
    const epochKey = committee.seats[seat]?.epochKey
    const { signer } = this.#options.mayAct
    if (epochKey === undefined || signer === undefined) return undefined
    const opened = await signer.openEpochKey(hex(epochKey))
    return opened.ok ? { key: opened.value, seat } : undefined
  }

  async #createAgreement(
    env: AgreementEnv,
    service: OwnService | undefined,
    restarted: boolean,
  ): Promise<{ readonly agreement: Agreement; readonly abstains: DutyReason | undefined }> {
    const nowMs = timeOf(this.#options.nowMs())
    const observing = (abstains: DutyReason | undefined): ReturnType<typeof this.observe> =>
      this.observe({ ...env, own: undefined }, nowMs, abstains)
    // FORK-1, RECOVER-1: in later epochs too, until the owner starts the node again.
    const { stopped } = this.#options.mayAct
    if (service === undefined || stopped !== undefined) return observing(stopped)
    // It signed for a restart that replaces this committee (RECOVER-1).
    if (!this.#options.restart.maySign(env)) return observing('RECORD_OLD')
    if (isSeatGivenUp(this.#options)) return observing('CONSENT_REVOKED')
    const stored = await this.#options.store.readSafety(service.key.slot)
    const sequence = stored?.sequence ?? 0
    const decoded = stored && decodeStrict(SafetyRecord, stored.record, recordBytesMax)
    if (decoded?.ok === false) return observing('RECORD_CORRUPT')
    // A record of an earlier committee with the same key (COM-5, RECOVER-1) says nothing here.
    const sameEpoch = decoded?.value.epoch === env.epoch ? decoded.value : undefined
    const record = sameEpoch?.attempt === env.attempt ? sameEpoch : undefined
    // It took the place of the votes that this key cast before: the key cannot go back.
    if ((sameEpoch?.attempt ?? 0) > env.attempt) return observing('RECORD_OLD')
    const created = createAgreement(env, { nowMs, record, restarted, sequence })
    if (!created.ok) return observing('RECORD_CORRUPT')
    return { agreement: created.value, abstains: undefined }
  }

  observe(
    env: AgreementEnv,
    nowMs: ReturnType<typeof timeOf>,
    abstains: DutyReason | undefined,
  ): { readonly agreement: Agreement; readonly abstains: DutyReason | undefined } {
    const created = createAgreement(env, { nowMs, record: undefined })
    if (!created.ok) throw new Error('an agreement without a record always starts')
    return { agreement: created.value, abstains }
  }

  /** What the store knows of this epoch: its last final block, and blocks voted for above it. */
  async #replay(engine: Engine, epoch: number): Promise<void> {
    const { chain, store } = this.#options
    const stored = await store.readBlock(chain.tip.height)
    const nowMs = timeOf(this.#options.nowMs())
    if (stored?.epoch === epoch && stored.path.length === 0) {
      const { header, body } = stored
      const certificate = Certificate.decode(stored.certificate)
      engine.feed({ type: 'synced', nowMs, header, body, certificate })
    }
    const old: Uint8Array[] = []
    for (const { hash, bytes } of await store.readPending()) {
      const decoded = decodeStrict(Proposal, bytes, recordBytesMax)
      const header = decoded.ok ? readHeader(decoded.value.header) : undefined
      if (decoded.ok && header?.ok === true && header.value.header.epoch === epoch) {
        engine.feed({ type: 'proposal', nowMs, proposal: decoded.value })
      } else old.push(hash)
    }
    if (old.length > 0) await store.prunePending(old)
  }
}

function ownSeat({ key, seat }: OwnService): OwnSeat {
  return {
    seat: seatOf(seat),
    sign: (message) => key.sign(message),
    prepare: (message) => key.prepare?.(message),
  }
}

/** ZK-3: by its owner just now, or by what the chain says. */
function isSeatGivenUp({ chain, mayAct }: Pick<RunnerOptions, 'chain' | 'mayAct'>): boolean {
  const { identity, hasGivenUpSeat } = mayAct
  return hasGivenUpSeat || (identity !== undefined && hasRevoked(chain.tip.state, identity))
}
