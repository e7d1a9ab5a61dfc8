/**
 * One end of the port between window and worker: batches, credits, a bounded queue (NET-6).
 *
 * Everything said in one turn goes in one `postMessage`, with its bytes transferred. The sender may
 * have a fixed number of bytes under way; the receiver gives them back as it takes them, so a busy
 * end is never buried.
 */
import { portLimits, type Batch, type PortLike } from './portProtocol.ts'

interface Waiting<Out> {
  readonly message: Out
  readonly cost: number
}

export class PortLink<Out extends { readonly kind: string }, In> {
  readonly #port: PortLike
  readonly #onMessage: (message: In) => void
  #queue: Waiting<Out>[] = []
  #queuedBytes = 0
  #credit: number = portLimits.creditBytes
  #owed = 0
  #scheduled = false
  #dropped = 0
  #heard = 0

  constructor(port: PortLike, onMessage: (message: In) => void) {
    this.#port = port
    this.#onMessage = onMessage
    port.addEventListener('message', (event) => {
      this.#receive(event.data as Batch<In>)
    })
    port.start?.()
  }

  /** Messages that did not fit into the queue. */
  get dropped(): number {
    return this.#dropped
  }

  /** Batches received, for the heartbeat. */
  get heard(): number {
    return this.#heard
  }

  /**
   * False when the queue is full. What has no bytes always passes: it is small and bounded by its
   * cause.
   */
  post(message: Out): boolean {
    const bytes = bytesOf(message)
    const cost = bytes === undefined ? 0 : bytes.length + portLimits.messageBytes
    if (cost > 0 && this.#queuedBytes + cost > portLimits.queueBytesMax) {
      this.#dropped += 1
      return false
    }
    this.#queue.push({ message: bytes === undefined ? message : copied(message, bytes), cost })
    this.#queuedBytes += cost
    this.#schedule()
    return true
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.#flush()
    })
  }

  #flush(): void {
    let count = 0
    for (const { cost } of this.#queue) {
      if (cost > this.#credit) break
      this.#credit -= cost
      this.#queuedBytes -= cost
      count += 1
    }
    if (count === 0 && this.#owed === 0) return
    const messages = this.#queue.slice(0, count).map(({ message }) => message)
    this.#queue = this.#queue.slice(count)
    const batch: Batch<Out> = { messages, creditBytes: this.#owed }
    this.#owed = 0
    this.#port.postMessage(batch, messages.flatMap(buffersOf))
  }

  #receive(batch: Batch<In>): void {
    this.#heard += 1
    this.#credit += batch.creditBytes
    for (const message of batch.messages) {
      const bytes = bytesOf(message)
      if (bytes !== undefined) this.#owed += bytes.length + portLimits.messageBytes
      this.#onMessage(message)
    }
    if (this.#owed > 0 || this.#queue.length > 0) this.#schedule()
  }
}

function bytesOf(message: unknown): Uint8Array | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  if ('bytes' in message && message.bytes instanceof Uint8Array) return message.bytes
  if (!('result' in message)) return undefined
  const { result } = message
  const hasValue = typeof result === 'object' && result !== null && 'value' in result
  return hasValue && result.value instanceof Uint8Array ? result.value : undefined
}

/** A copy is transferred: the caller keeps what it passed in. */
function copied<Out extends { readonly kind: string }>(message: Out, bytes: Uint8Array): Out {
  const copy = bytes.slice()
  return 'bytes' in message
    ? { ...message, bytes: copy }
    : { ...message, result: { ok: true, value: copy } }
}

function buffersOf(message: unknown): ArrayBuffer[] {
  const buffer = bytesOf(message)?.buffer
  return buffer instanceof ArrayBuffer ? [buffer] : []
}
