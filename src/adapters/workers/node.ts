/** The node's worker as the page uses it: a typed client over its messages (api.ts). */
import type {
  BlockSummary,
  CommandResult,
  NodeClient,
  NodeCommand,
  NodeSnapshot,
  ValidatorSummary,
} from '../../node/api.ts'
import type { BeatsEvent, Provenance } from '../../ports/sensor.ts'
import type { FromNode, NodeStart, Reply, ToNode } from '../../../workers/node/protocol.ts'

export interface NodeFailure {
  readonly code: string
  readonly reason: string
}

export class NodeWorker implements NodeClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, (reply: Reply) => void>()
  readonly #handlers = new Set<(snapshot: NodeSnapshot) => void>()
  readonly #onFailure: (failure: NodeFailure) => void
  #started: (() => void) | undefined
  #snapshot: NodeSnapshot | undefined
  #nextId = 1

  /** `onFailure`: the node signs nothing any more; the page says so. */
  constructor(onFailure: (failure: NodeFailure) => void) {
    this.#onFailure = onFailure
    this.#worker = new Worker(new URL('../../../workers/node/worker.ts', import.meta.url), {
      type: 'module',
      name: 'node',
    })
    this.#worker.onmessage = (event: MessageEvent<FromNode>) => {
      this.#receive(event.data)
    }
    this.#worker.onerror = (event) => {
      onFailure({ code: 'NODE_FAILED', reason: event.message })
    }
  }

  /** Resolves when the node runs, or with the reason why it does not. */
  start(options: Omit<NodeStart, 'kind'>): Promise<NodeFailure | undefined> {
    return new Promise((resolve) => {
      const failed = (failure: NodeFailure): void => {
        resolve(failure)
      }
      this.#failedStart = failed
      this.#started = () => {
        this.#failedStart = undefined
        resolve(undefined)
      }
      const message: ToNode = { kind: 'start', ...options }
      this.#worker.postMessage(message, [options.transport])
    })
  }

  #failedStart: ((failure: NodeFailure) => void) | undefined

  snapshot(): NodeSnapshot | undefined {
    return this.#snapshot
  }

  onSnapshot(handler: (snapshot: NodeSnapshot) => void): () => void {
    this.#handlers.add(handler)
    if (this.#snapshot !== undefined) handler(this.#snapshot)
    return () => this.#handlers.delete(handler)
  }

  async command(command: NodeCommand): Promise<CommandResult> {
    return (await this.#ask((id) => ({ kind: 'command', id, command }))) as CommandResult
  }

  async blocks(beforeHeight: number, countMax: number): Promise<readonly BlockSummary[]> {
    const reply = await this.#ask((id) => ({ kind: 'blocks', id, beforeHeight, countMax }))
    return Array.isArray(reply) ? (reply as readonly BlockSummary[]) : []
  }

  async validators(): Promise<readonly ValidatorSummary[]> {
    const reply = await this.#ask((id) => ({ kind: 'validators', id }))
    return Array.isArray(reply) ? (reply as readonly ValidatorSummary[]) : []
  }

  setSensor(provenance: Provenance | undefined, deviceName?: string): void {
    this.#post({ kind: 'sensor', provenance, deviceName })
  }

  addBeats(event: BeatsEvent): void {
    this.#post({ kind: 'beats', event })
  }

  sensorLost(): void {
    this.#post({ kind: 'sensorLost' })
  }

  async stop(): Promise<void> {
    await this.#ask((id) => ({ kind: 'stop', id }))
    this.#worker.terminate()
  }

  #ask(message: (id: number) => ToNode): Promise<Reply> {
    const id = this.#nextId
    this.#nextId += 1
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#post(message(id))
    })
  }

  #post(message: ToNode): void {
    this.#worker.postMessage(message)
  }

  #receive(message: FromNode): void {
    switch (message.kind) {
      case 'started':
        this.#started?.()
        return
      case 'failed':
        this.#failedStart?.(message)
        this.#failedStart = undefined
        this.#onFailure(message)
        return
      case 'snapshot':
        this.#snapshot = message.snapshot
        for (const handler of this.#handlers) handler(message.snapshot)
        return
      case 'reply':
        this.#waiting.get(message.id)?.(message.reply)
        this.#waiting.delete(message.id)
    }
  }
}
