/**
 * A node with its owner: keys, sensor, duty and registration around `Node`, told as snapshots and
 * steered by commands (api.ts). Runs in the tab's worker and in a rehearsal validator alike.
 */
import { hex } from '../core/base/bytes.ts'
import type { Result } from '../core/base/result.ts'
import { enrolmentMsDefault } from '../core/emotion/measureBaseline.ts'
import type { ScoreMode } from '../core/emotion/scoreMode.ts'
import { readSingle } from '../core/ledger/state.ts'
import { chainInfo, parameters } from '../core/ledger/tables.ts'
import type { Clock } from '../ports/clock.ts'
import type { Prover } from '../ports/prover.ts'
import type { Pulse } from '../ports/pulse.ts'
import type { Random } from '../ports/random.ts'
import type { Signer } from '../ports/signer.ts'
import type {
  BlockSummary,
  CommandResult,
  DutyReason,
  NodeCommand,
  NodeSnapshot,
  UnlockedKeys,
  ValidatorSummary,
} from './api.ts'
import { BaselineRecorder } from './duty/baselineRecorder.ts'
import { Calibration } from './duty/calibration.ts'
import { changeConsent } from './duty/consentChange.ts'
import { DutyCycle } from './duty/duty.ts'
import { LivenessDuty } from './duty/livenessDuty.ts'
import { HiddenWatch } from './duty/hiddenWatch.ts'
import { provingMs } from './duty/provingTime.ts'
import { becomeValidator, type RegistrationStep } from './duty/registration.ts'
import { ScoreOutlook } from './duty/scoreOutlook.ts'
import { sensorSummary } from './sensorSummary.ts'
import { failure, resultOf } from './commandText.ts'
import type { NodeEvent } from './nodeEvents.ts'
import type { Node } from './node.ts'
import { sendOperatorLabel, sendTransfer, sendUnbond, sendWithdraw } from './ownCommands.ts'
import { decideToStartAnew } from './startAnew.ts'
import { RecentBlocks } from './recentBlocks.ts'
import { stoppedReason } from './stoppedReason.ts'
import { accountSummary, epochSummary, networkSummary, validatorSummaries } from './snapshot.ts'

export interface ServiceOptions {
  readonly node: Node
  readonly clock: Clock
  readonly random: Random
  readonly prover: Prover
  readonly createSigner: (keys: UnlockedKeys) => Promise<Signer>
  readonly faucet: ((account: Uint8Array) => Promise<Result<undefined, string>>) | undefined
  readonly storageBytes?: () => Promise<number | undefined>
}

/** A page needs no more than four snapshots a second (api.ts). */
const snapshotMs = 250

/** How often signal and baseline are looked at. */
const pulseMs = 1000

interface Unlocked {
  readonly keys: UnlockedKeys
  readonly identity: Uint8Array
  readonly duty: DutyCycle
  readonly liveness: LivenessDuty
}

export class NodeService {
  readonly #options: ServiceOptions
  readonly #handlers = new Set<(snapshot: NodeSnapshot) => void>()
  readonly #baseline: BaselineRecorder
  readonly #blocks: RecentBlocks
  #unlocked: Unlocked | undefined
  #pulse: Pulse | undefined
  #registering: RegistrationStep | undefined
  #scoreMode: ScoreMode = 'threshold'
  #storageBytes: number | undefined
  #dirty = true
  readonly #hidden: HiddenWatch
  readonly #calibration: Calibration
  readonly #outlook = new ScoreOutlook()
  /** Why the node signs nothing any more. */
  #failure: DutyReason | undefined
  #stopped = false

  constructor(options: ServiceOptions) {
    this.#options = options
    const { node, random } = options
    this.#blocks = new RecentBlocks(node)
    const { devnet } = readSingle(node.chain.tip.state, chainInfo)
    const shortMs = devnet?.baselineShortMs ?? 0
    const neededMs = shortMs > 0 ? shortMs : enrolmentMsDefault
    this.#baseline = new BaselineRecorder({ store: node.chain.store, random, neededMs })
    this.#hidden = new HiddenWatch({
      clock: options.clock,
      beatsEnded: () => this.#pulse?.freshness(options.clock.nowMs()) === 'lost',
      onAway: () => void this.#unlocked?.duty.hide(),
      onBack: () => this.#unlocked?.duty.show(),
    })
    this.#calibration = new Calibration({ ...options, onChange: () => (this.#dirty = true) })
    node.events.on((event) => {
      this.#onEvent(event)
    })
  }

  async start(): Promise<void> {
    await this.#options.node.start()
    await this.#blocks.load()
    this.#tick()
    this.#pulseTick()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#hidden.stop()
    this.#stopDuty()
    await this.#options.node.stop()
  }

  onSnapshot(handler: (snapshot: NodeSnapshot) => void): () => void {
    this.#handlers.add(handler)
    this.#dirty = true
    return () => this.#handlers.delete(handler)
  }

  /** The sensor whose beats count from now on. */
  setPulse(pulse: Pulse | undefined): void {
    this.#pulse = pulse
    this.#dirty = true
  }

  /** The sensor is gone for now: announced at once, so that it costs nothing (EVID-2). */
  async sensorLost(): Promise<void> {
    const isOnDuty = this.#options.node.running?.seat !== undefined
    if (isOnDuty) await this.#unlocked?.duty.announceAbsence('SENSOR_LOST')
    this.#dirty = true
  }

  async command(command: NodeCommand): Promise<CommandResult> {
    switch (command.type) {
      case 'unlock':
        return this.#unlock(command.keys)
      case 'lock':
        return this.#lock()
      case 'startBaseline':
        if (this.#pulse === undefined) return failure('NO_SENSOR')
        this.#baseline.start(this.#options.clock.nowMs())
        return { ok: true }
      case 'pauseBaseline':
        this.#baseline.pause()
        return { ok: true }
      case 'forgetRest':
        await this.#baseline.forget(this.#options.clock.nowMs())
        this.#dirty = true
        return { ok: true }
      case 'scoreMode':
        this.#scoreMode = command.mode
        return { ok: true }
      case 'becomeValidator':
        return this.#becomeValidator(command.consentVersion)
      case 'stepDown':
        await this.#unlocked?.duty.stepDown('STEPPED_DOWN')
        return { ok: true }
      case 'consent':
        return resultOf(await changeConsent(this.#options.node, command.version))
      case 'standReady':
        this.#unlocked?.duty.standReady()
        return { ok: true }
      case 'answerChallenge': {
        const answered = await this.#unlocked?.liveness.answer(command.epoch, command.windows)
        if (answered === undefined) return failure('LOCKED')
        return resultOf(answered)
      }
      case 'unbond':
        return sendUnbond(this.#options.node)
      case 'withdraw':
        return sendWithdraw(this.#options.node)
      case 'transfer':
        return sendTransfer(this.#options.node, command.recipient, command.amountMicro)
      case 'labelOperator':
        return sendOperatorLabel(this.#options.node, command.label)
      case 'visibility':
        this.#hidden.setHidden(command.hidden)
        return { ok: true }
      case 'startAnew':
        return resultOf(await decideToStartAnew(this.#options.node.chain.store))
      case 'leaving':
        await this.#unlocked?.duty.announceAbsence('HIDDEN')
        return { ok: true }
    }
  }

  blocks(beforeHeight: number, countMax: number): Promise<readonly BlockSummary[]> {
    return this.#blocks.before(beforeHeight, countMax)
  }

  validators(): Promise<readonly ValidatorSummary[]> {
    const { node } = this.#options
    return Promise.resolve(validatorSummaries(node.chain.tip.state, node.running))
  }

  async #unlock(keys: UnlockedKeys): Promise<CommandResult> {
    const { node, prover, clock, createSigner } = this.#options
    this.#stopDuty()
    const signer = await createSigner(keys)
    const { identity } = signer
    await this.#baseline.load(keys.proofSecret, clock.nowMs())
    const { proofSecret } = keys
    const common = {
      node,
      identity,
      prover,
      clock,
      proofSecret,
      pulse: () => this.#pulse,
      onChange: () => (this.#dirty = true),
    }
    const duty = new DutyCycle({
      ...common,
      baseline: () => this.#baseline.baseline,
      scoreMode: () => this.#scoreMode,
    })
    this.#unlocked = { keys, identity, duty, liveness: new LivenessDuty(common) }
    await node.setSigner(signer)
    duty.start()
    this.#dirty = true
    return { ok: true, value: hex(identity) }
  }

  async #lock(): Promise<CommandResult> {
    await this.#unlocked?.duty.stepDown('STEPPED_DOWN')
    this.#stopDuty()
    this.#unlocked = undefined
    this.#baseline.lock()
    await this.#options.node.setSigner(undefined)
    this.#dirty = true
    return { ok: true }
  }

  #stopDuty(): void {
    this.#unlocked?.duty.stop()
    this.#unlocked?.liveness.stop()
    this.#calibration.stop()
  }

  async #becomeValidator(consentVersion: number): Promise<CommandResult> {
    const unlocked = this.#unlocked
    if (unlocked === undefined) return failure('LOCKED')
    if (this.#registering !== undefined) return failure('BUSY')
    const { node, clock, faucet } = this.#options
    if (node.mayAct.stopped !== undefined) return failure(node.mayAct.stopped)
    this.#registering = 'fund'
    const done = await becomeValidator({
      node,
      identity: unlocked.identity,
      clock,
      proofSecret: unlocked.keys.proofSecret,
      baseline: this.#baseline.baseline,
      consentVersion,
      faucet,
      onStep: (step) => {
        this.#registering = step
        this.#dirty = true
      },
    })
    this.#registering = undefined
    this.#dirty = true
    if (done.ok) return { ok: true }
    const { error } = done
    return failure(error.code, 'reason' in error ? error.reason : undefined)
  }

  #onEvent(event: NodeEvent): void {
    this.#dirty = true
    this.#failure = stoppedReason(event) ?? this.#failure
    this.#blocks.note(event)
  }

  #tick(): void {
    if (this.#stopped) return
    if (this.#dirty && this.#handlers.size > 0) {
      this.#dirty = false
      const snapshot = this.snapshot()
      for (const handler of this.#handlers) handler(snapshot)
    }
    this.#options.clock.after(snapshotMs, () => {
      this.#tick()
    })
  }

  #pulseTick(): void {
    if (this.#stopped) return
    void this.#lookAtPulse()
    this.#options.clock.after(pulseMs, () => {
      this.#pulseTick()
    })
  }

  async #lookAtPulse(): Promise<void> {
    const { clock, storageBytes } = this.#options
    this.#storageBytes = await storageBytes?.()
    const secret = this.#unlocked?.keys.proofSecret
    await this.#baseline.look(this.#pulse, secret, clock.nowMs())
    await this.#unlocked?.liveness.look()
    if (!this.#options.node.isSyncing) void this.#calibration.look(this.#duty().state)
    if (this.#pulse !== undefined) this.#dirty = true
    this.#outlook.look(() => this.#sensor(clock.nowMs()), clock.nowMs())
  }

  snapshot(): NodeSnapshot {
    const { node, clock } = this.#options
    const { chain, running } = node
    const { state } = chain.tip
    const nowMs = clock.nowMs()
    const sensor = this.#sensor(nowMs)
    const identity = this.#unlocked?.identity
    return {
      chainId: chain.chainId,
      devnet: readSingle(state, chainInfo).devnet !== undefined,
      nowMs,
      sync: {
        state: node.isSyncing ? 'syncing' : chain.tip.height === 0 ? 'starting' : 'live',
        height: chain.tip.height,
        target: node.syncTarget,
      },
      head: this.#blocks.list[0],
      blocks: this.#blocks.list,
      epoch: epochSummary(state, { running, identity, nowMs: node.nowMs() }),
      duty: this.#duty(),
      history: this.#unlocked?.duty.history ?? [],
      account: accountSummary(state, identity),
      sensor,
      outlook: this.#outlook.describe(sensor, nowMs),
      baseline: this.#baseline.describe(this.#pulse, nowMs),
      liveness: this.#unlocked?.liveness.describe(),
      ...networkSummary(node),
      finalityMs: this.#blocks.finalityMs,
      storageBytes: this.#storageBytes,
      mempoolCount: node.mempool.count,
      lastProof: this.#unlocked?.duty.lastProof,
      proving: {
        triedMs: this.#calibration.tookMs,
        availableMs: provingMs(readSingle(state, parameters)),
      },
    }
  }

  #sensor(nowMs: number): NodeSnapshot['sensor'] {
    return sensorSummary(this.#pulse, this.#baseline.baseline, nowMs)
  }

  #duty(): NodeSnapshot['duty'] {
    if (this.#unlocked === undefined) return { state: 'following' }
    if (this.#failure !== undefined) return { state: 'abstaining', reason: this.#failure }
    if (this.#registering !== undefined) return { state: 'registering', step: this.#registering }
    return this.#unlocked.duty.describe()
  }
}
