/**
 * The root view model: what is known (feed, node, vault, tab) and the sentences derived from it.
 *
 * Data flows one way: services call in, components read, and only the methods here act.
 */

import { untrack } from 'svelte'
import type { ScoreMode } from '../core/emotion/scoreMode.ts'
import type {
  BlockSummary,
  NodeClient,
  NodeCommand,
  NodeSnapshot,
  UnlockedKeys,
} from '../node/api.ts'
import { claimOf } from './claim.ts'
import { Clock } from './clock.svelte.ts'
import { feedFromText, feedToText } from './feedText.ts'
import { phaseParts } from './phaseParts.ts'
import { routeOf, type Route } from './router.ts'
import { mySeatIn } from './seatMarks.ts'
import { Recorder } from './recorder.svelte.ts'
import { SensorSession } from './sensorSession.svelte.ts'
import type {
  Capabilities,
  FeedState,
  NodeStartOptions,
  Services,
  Vault,
  VaultLock,
} from './services.ts'
import { statementOf } from './statement.ts'
import { Theme } from './theme.svelte.ts'
import { nodeStartWords, type Words } from './words.ts'

/** Why the node of this tab does not run. */
export interface NodeProblem extends Words {
  /** The chain can be fetched again; keys and votes stay. */
  readonly isCorrupt: boolean
}

export type VaultState = 'unknown' | 'none' | 'locked' | 'unlocked'

const remindedStates: readonly NodeSnapshot['duty']['state'][] = [
  'measuring',
  'confirmed',
  'absent',
  'abstaining',
]

/** Duties that a dark screen would end. */
const awakeStates: readonly (NodeSnapshot['duty']['state'] | undefined)[] = [
  'measuring',
  'proving',
  'confirmed',
  'seated',
]

/** How often the last known state is written, at most. */
const rememberEveryMs = 5000

export class Page {
  readonly services: Services
  readonly clock = new Clock()
  readonly theme: Theme
  readonly sensor: SensorSession
  readonly recorder: Recorder
  #feed = $state.raw<FeedState | undefined>()
  #snapshot = $state.raw<NodeSnapshot | undefined>()
  #client = $state.raw<NodeClient | undefined>()
  #nodeProblem = $state.raw<NodeProblem | undefined>()
  #route = $state.raw<Route>({ view: 'now' })
  #vaultState = $state.raw<VaultState>('unknown')
  #lock = $state.raw<VaultLock | undefined>()
  #tab = $state.raw<'first' | 'second'>('first')
  #updateWaiting = $state.raw(false)
  #capabilities = $state.raw<Capabilities | undefined>()
  #notice = $state.raw<string | undefined>()
  #claim = $state.raw<ScoreMode>('threshold')
  #rememberedMs = 0
  #isGuiding = false
  #starting: Promise<NodeClient | undefined> | undefined

  constructor(services: Services) {
    this.services = services
    this.theme = new Theme(services.memory)
    this.sensor = new SensorSession(services)
    this.recorder = new Recorder(services, this.sensor)
    this.#claim = claimOf(services.memory.get('claim'))
    this.#feed = feedFromText(services.memory.get('feed'))
  }

  get feed(): FeedState | undefined {
    return this.#feed
  }

  get snapshot(): NodeSnapshot | undefined {
    return this.#snapshot
  }

  get client(): NodeClient | undefined {
    return this.#client
  }

  get nodeProblem(): NodeProblem | undefined {
    return this.#nodeProblem
  }

  get route(): Route {
    return this.#route
  }

  get vaultState(): VaultState {
    return this.#vaultState
  }

  get lock(): VaultLock | undefined {
    return this.#lock
  }

  /** What proofs say of the score. */
  get claimed(): ScoreMode {
    return this.#claim
  }

  get tab(): 'first' | 'second' {
    return this.#tab
  }

  get updateWaiting(): boolean {
    return this.#updateWaiting
  }

  get capabilities(): Capabilities | undefined {
    return this.#capabilities
  }

  /** One short message after an action; the next one replaces it. */
  get notice(): string | undefined {
    return this.#notice
  }

  /** The node's view once it is live, the feed's before. */
  readonly fromNode = $derived(this.#snapshot?.sync.state === 'live')
  readonly blocks = $derived<readonly BlockSummary[]>(
    this.fromNode ? (this.#snapshot?.blocks ?? []) : (this.#feed?.blocks ?? []),
  )
  readonly head = $derived(this.blocks[0])
  readonly epoch = $derived(this.fromNode ? this.#snapshot?.epoch : this.#feed?.epoch)
  readonly devnet = $derived(this.#snapshot?.devnet ?? this.#feed?.chain?.devnet ?? false)
  readonly chainId = $derived(this.#snapshot?.chainId ?? this.#feed?.chain?.chainId)
  /** What is shown was known earlier and may have changed. */
  readonly stale = $derived(!this.fromNode && this.#feed?.connection !== 'live')
  readonly member = $derived(this.#vaultState === 'unlocked' && this.#snapshot !== undefined)
  /** That of the unlocked keys. */
  readonly account = $derived(this.member ? this.#snapshot?.account : undefined)
  /** A breathing challenge waits for an answer, and is not in sight. */
  readonly asked = $derived(
    this.#route.view !== 'challenge' && this.#snapshot?.liveness?.challenge?.step === 'open',
  )
  readonly phases = $derived(phaseParts(this.fromNode ? this.#snapshot : undefined))
  readonly statement = $derived(
    statementOf({
      vault: this.#vaultState,
      tab: this.#tab,
      snapshot: this.#snapshot,
      feed: this.#feed,
      nowMs: this.clock.nowMs,
    }),
  )

  mySeat(epoch: number): number | undefined {
    return mySeatIn(epoch, this.#snapshot?.epoch, this.#snapshot?.history ?? [])
  }

  /** Listens to the world until the returned function is called. */
  run(): () => void {
    const follow = (): void => {
      this.#route = routeOf(window.location.hash)
    }
    const stops = [
      this.clock.run(),
      this.#followFeed(),
      this.services.tab.onRole((role) => {
        this.#tab = role
      }),
      this.services.updates.onWaiting(() => {
        this.#updateWaiting = true
      }),
      listen(window, 'hashchange', follow),
      listen(document, 'visibilitychange', () => {
        void this.#client?.command({ type: 'visibility', hidden: document.hidden })
        if (document.hidden) void this.recorder.flush()
      }),
      listen(window, 'pagehide', () => {
        void this.#client?.command({ type: 'leaving' })
      }),
    ]
    follow()
    void this.services.probe().then((capabilities) => {
      this.#capabilities = capabilities
    })
    void this.refreshVault()
    return () => {
      for (const stop of stops) stop()
    }
  }

  /** While the own node is live it checks every block itself; the relay need not be asked. */
  #followFeed(): () => void {
    return $effect.root(() => {
      $effect(() => {
        if (this.fromNode) return undefined
        // What the feed says at once is no reason to subscribe anew.
        return untrack(() =>
          this.services.feed.subscribe((state) => {
            this.#takeFeed(state)
          }),
        )
      })
    })
  }

  async refreshVault(): Promise<void> {
    if (this.#vaultState === 'unlocked') return
    const vault = await this.services.loadVault()
    this.#lock = await vault.lock()
    this.#vaultState = this.#lock === undefined ? 'none' : 'locked'
  }

  vault(): Promise<Vault> {
    return this.services.loadVault()
  }

  /** Starts the node of this tab when it is not running; with the words for why, when it cannot. */
  startNode(options?: NodeStartOptions): Promise<NodeClient | undefined> {
    this.#starting ??= this.#startNode(options).then((client) => {
      if (client === undefined) this.#starting = undefined
      return client
    })
    return this.#starting
  }

  async useKeys(keys: UnlockedKeys, lock: VaultLock): Promise<boolean> {
    const client = await this.startNode()
    if (client === undefined) return false
    // First, so that no proof says more than its owner wants.
    await client.command({ type: 'scoreMode', mode: this.#claim })
    const result = await client.command({ type: 'unlock', keys })
    if (!result.ok) {
      this.#notice = result.message
      return false
    }
    this.#lock = lock
    this.#vaultState = 'unlocked'
    void this.recorder.unlock(keys)
    return true
  }

  async lockKeys(): Promise<void> {
    await this.recorder.lock()
    await this.command({ type: 'lock' })
    this.#vaultState = 'locked'
  }

  /** Forgets that there were keys, after they were erased. */
  forgetVault(): void {
    this.#vaultState = 'none'
    this.#lock = undefined
  }

  async command(command: NodeCommand): Promise<boolean> {
    const client = await this.startNode()
    if (client === undefined) return false
    const result = await client.command(command)
    this.#notice = result.ok ? undefined : result.message
    return result.ok
  }

  /** PRIV-5: from the next READY on, also of a proof that was made before. */
  async claim(mode: ScoreMode): Promise<void> {
    this.#claim = mode
    this.services.memory.set('claim', mode === 'threshold' ? undefined : mode)
    await this.#client?.command({ type: 'scoreMode', mode })
  }

  /** While a guide is followed, whatever the duty is. */
  keepScreenOn(wanted: boolean): void {
    this.#isGuiding = wanted
    this.#settleScreen()
  }

  say(notice: string | undefined): void {
    this.#notice = notice
  }

  async #startNode(options?: NodeStartOptions): Promise<NodeClient | undefined> {
    const started = await this.services.node.start(options)
    if (!started.ok) {
      const { code } = started.error
      this.#nodeProblem = { ...nodeStartWords[code], isCorrupt: code === 'CHAIN_STATE_CORRUPT' }
      return undefined
    }
    this.#nodeProblem = undefined
    this.#client = started.value
    this.#takeSnapshot(started.value.snapshot())
    started.value.onSnapshot((snapshot) => {
      this.#takeSnapshot(snapshot)
    })
    return started.value
  }

  #takeSnapshot(snapshot: NodeSnapshot | undefined): void {
    if (snapshot === undefined) return
    const before = this.#snapshot?.duty.state
    this.#snapshot = snapshot
    if (before !== undefined && before !== snapshot.duty.state) this.#remind(snapshot.duty.state)
    if (snapshot.sync.state === 'live') this.clock.follow(snapshot.nowMs)
    this.#settleScreen()
  }

  #settleScreen(): void {
    const isOnDuty = awakeStates.includes(this.#snapshot?.duty.state)
    this.services.wakeLock.set(isOnDuty || this.#isGuiding)
  }

  /** Said aloud only when the person looks elsewhere, and only what asks for something. */
  #remind(state: NodeSnapshot['duty']['state']): void {
    if (!document.hidden || !remindedStates.includes(state)) return
    const { title, cause, next } = this.statement
    void this.services.notifications.show(title, `${cause} ${next}`)
  }

  #takeFeed(state: FeedState): void {
    // What is remembered stays on show until the first news arrive.
    const remembered = this.#feed
    if (state.blocks.length === 0 && state.epoch === undefined && remembered !== undefined) {
      this.#feed = { ...remembered, connection: state.connection }
      return
    }
    this.#feed = state
    if (state.connection !== 'live' || Date.now() - this.#rememberedMs < rememberEveryMs) return
    this.#rememberedMs = Date.now()
    this.services.memory.set('feed', feedToText(state))
  }
}

function listen(target: EventTarget, type: string, handler: () => void): () => void {
  target.addEventListener(type, handler)
  return () => {
    target.removeEventListener(type, handler)
  }
}
