/**
 * The node of this tab, put together (loaded when it is first needed): the signer's Web Lock,
 * libp2p in the window, the node in its worker, and the sensor's beats between them.
 *
 * A validator's network identity is the one its READY names, so unlocking keys joins the network
 * anew under it; before that a fresh identity is used, for this session only (NET-11).
 */
import { webRandom } from './adapters/keys/webRandom.ts'
import { createBrowserTransport } from './adapters/network/browserTransport.ts'
import type { NetworkTransport } from './adapters/network/options.ts'
import { servePort, type PortServer } from './adapters/network/portServer.ts'
import { takeSignerLock, type SignerLock } from './adapters/storage/signerLock.ts'
import { NodeWorker, type NodeFailure } from './adapters/workers/node.ts'
import {
  nodeStartCodes,
  type NodeHost,
  type NodeStartError,
  type NodeStartOptions,
} from './app/services.ts'
import { err, ok, type Result } from './core/base/result.ts'
import type {
  BlockSummary,
  CommandResult,
  NodeClient,
  NodeCommand,
  NodeSnapshot,
  ValidatorSummary,
} from './node/api.ts'
import type { Clock } from './ports/clock.ts'
import type { Sensor } from './ports/sensor.ts'

/** What the relay that served the page says about the network. */
interface Surroundings {
  readonly genesis: Uint8Array
  readonly chainId: string
  readonly isDevnet: boolean
  readonly relays: readonly string[]
  /** The newest checkpoint: who serves the page is trusted with its code and the genesis too. */
  readonly checkpoint: string | undefined
}

interface Running {
  readonly transport: NetworkTransport
  readonly server: PortServer
  readonly worker: NodeWorker
}

export interface TabNodeOptions {
  readonly clock: Clock
  readonly onFailure: (failure: NodeFailure) => void
}

const rememberedKey = 'emo-peers'

export class TabNode implements NodeHost, NodeClient {
  readonly #options: TabNodeOptions
  readonly #handlers = new Set<(snapshot: NodeSnapshot) => void>()
  #lock: SignerLock | undefined
  #around: Surroundings | undefined
  #running: Running | undefined
  #beginsAnew = false
  #starting: Promise<Result<NodeClient, NodeStartError>> | undefined
  #sensor:
    | {
        readonly sensor: Sensor
        readonly deviceName: string | undefined
        readonly detach: () => void
      }
    | undefined

  constructor(options: TabNodeOptions) {
    this.#options = options
    document.addEventListener('visibilitychange', () => {
      void this.#running?.worker.command({ type: 'visibility', hidden: document.hidden })
    })
    // `pagehide` is the last moment in which a message still leaves.
    window.addEventListener('pagehide', () => {
      void this.#running?.worker.command({ type: 'leaving' })
    })
    window.addEventListener('online', () => {
      this.#running?.transport.networkChanged()
    })
  }

  get running(): boolean {
    return this.#lock !== undefined
  }

  start(options?: NodeStartOptions): Promise<Result<NodeClient, NodeStartError>> {
    this.#beginsAnew = options?.beginsAnew ?? false
    this.#starting ??= this.#start().then((result) => {
      if (!result.ok) this.#starting = undefined
      return result
    })
    return this.#starting
  }

  async #start(): Promise<Result<NodeClient, NodeStartError>> {
    const lock = await takeSignerLock()
    if (!lock.ok) return err({ code: 'SECOND_TAB' })
    this.#lock = lock.value
    try {
      this.#around = await askRelay()
      const failure = await this.#run(webRandom.bytes(32))
      if (failure === undefined) return ok(this)
      await this.#stopRunning()
      return this.#failed(failure.reason, failure.code)
    } catch (error) {
      return this.#failed(error instanceof Error ? error.message : String(error))
    }
  }

  #failed(reason: string, failure?: string): Result<NodeClient, NodeStartError> {
    this.#lock?.release()
    this.#lock = undefined
    const code = nodeStartCodes.find((known) => known === failure) ?? 'NODE_FAILED'
    return err({ code, reason })
  }

  async #run(peerSeed: Uint8Array): Promise<NodeFailure | undefined> {
    const around = this.#around
    if (around === undefined) return { code: 'NODE_FAILED', reason: 'the relay is unknown' }
    const { clock } = this.#options
    const transport = await createBrowserTransport({
      chainId: around.chainId,
      peerSeed,
      relays: around.relays,
      remembered: remembered(),
      onRemember: (addresses) => {
        localStorage.setItem(rememberedKey, JSON.stringify(addresses))
      },
      clock,
      random: webRandom,
    })
    const { port1, port2 } = new MessageChannel()
    const server = servePort(transport, port1, { clock })
    const worker = new NodeWorker(this.#options.onFailure)
    worker.onSnapshot((snapshot) => {
      for (const handler of this.#handlers) handler(snapshot)
    })
    this.#running = { transport, server, worker }
    const failure = await worker.start({
      genesis: around.genesis,
      artifactsUrl: new URL('/circuits/', location.href).href,
      faucetUrl: around.isDevnet ? new URL('/faucet', location.href).href : undefined,
      checkpoint: around.checkpoint,
      beginsAnew: this.#beginsAnew,
      transport: port2,
    })
    if (this.#sensor !== undefined) {
      worker.setSensor(this.#sensor.sensor.provenance, this.#sensor.deviceName)
    }
    // Once: what fails again is something else.
    this.#beginsAnew = false
    if (document.hidden) void worker.command({ type: 'visibility', hidden: true })
    return failure
  }

  async #stopRunning(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return
    await running.worker.stop()
    running.server.close()
    await running.transport.stop()
  }

  attachSensor(sensor: Sensor | undefined, deviceName?: string): void {
    this.#sensor?.detach()
    this.#sensor = undefined
    this.#running?.worker.setSensor(sensor?.provenance, deviceName)
    if (sensor === undefined) return
    const detach = sensor.onEvent((event) => {
      if (event.kind === 'beats') this.#running?.worker.addBeats(event)
      if (event.kind === 'status' && event.state === 'lost') this.#running?.worker.sensorLost()
    })
    this.#sensor = { sensor, deviceName, detach }
  }

  snapshot(): NodeSnapshot | undefined {
    return this.#running?.worker.snapshot()
  }

  onSnapshot(handler: (snapshot: NodeSnapshot) => void): () => void {
    this.#handlers.add(handler)
    const now = this.snapshot()
    if (now !== undefined) handler(now)
    return () => this.#handlers.delete(handler)
  }

  async command(command: NodeCommand): Promise<CommandResult> {
    if (command.type === 'unlock') {
      const failure = await this.#rejoin(command.keys.networkSeed)
      if (failure !== undefined) return { ok: false, code: failure.code, message: failure.reason }
    }
    const { worker } = this.#running ?? {}
    if (worker === undefined) {
      return { ok: false, code: 'NODE_STARTING', message: 'The node is not running yet.' }
    }
    return worker.command(command)
  }

  /** Joins the network under a validator's lasting identity. */
  async #rejoin(networkSeed: Uint8Array): Promise<NodeFailure | undefined> {
    await this.#stopRunning()
    return this.#run(networkSeed)
  }

  blocks(beforeHeight: number, countMax: number): Promise<readonly BlockSummary[]> {
    return this.#running?.worker.blocks(beforeHeight, countMax) ?? Promise.resolve([])
  }

  validators(): Promise<readonly ValidatorSummary[]> {
    return this.#running?.worker.validators() ?? Promise.resolve([])
  }
}

async function askRelay(): Promise<Surroundings> {
  const [genesis, bootstrap] = await Promise.all([fields('/genesis'), fields('/bootstrap.json')])
  const relays = Array.isArray(bootstrap['relays']) ? bootstrap['relays'] : []
  const { checkpoint } = bootstrap
  return {
    genesis: bytesOfBase64(String(genesis['genesis'])),
    chainId: String(genesis['chainId']),
    isDevnet: genesis['isDevnet'] === true,
    checkpoint: typeof checkpoint === 'string' ? checkpoint : undefined,
    relays: relays.filter((address): address is string => typeof address === 'string'),
  }
}

async function fields(path: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(path)
  if (!answer.ok) throw new Error(`the relay answered ${path} with ${String(answer.status)}`)
  return (await answer.json()) as Readonly<Record<string, unknown>>
}

function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

function remembered(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(rememberedKey) ?? '[]')
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : []
  } catch {
    return []
  }
}
