/**
 * API-1: GET /events, server-sent events: each final block with its certificate, and each new
 * epoch.
 *
 * The id of an event is its height, so a client that comes back with `Last-Event-ID` gets what it
 * missed. Clients are counted and bounded, in total and for each address; one that does not read is
 * dropped, and resumes.
 */

import type { ServerResponse } from 'node:http'
import { hex } from '../../src/core/base/bytes.ts'
import { readBlocks } from '../archive/queries/blocks.ts'
import type { ApiContext, ArchiveReader, FinalBlockEvent } from './context.ts'
import { base64 } from './present.ts'

export const eventLimits = {
  clientsMax: 500,
  addressClientsMax: 100,
  /** Bytes waiting for a client that does not read. */
  waitingBytesMax: 1024 * 1024,
  heartbeatMs: 15_000,
  /** When a client that was cut off comes back. */
  retryMs: 2_000,
  /** A client that missed more is told to read /blocks first. */
  resumeBlocksMax: 500,
} as const

const resumePageBlocks = 50

export interface EventStream {
  /** `false` when there are too many clients. */
  attach(client: EventClient): boolean
  close(): void
}

export interface EventClient {
  readonly response: ServerResponse
  readonly address: string
  /** Height after which it wants to know everything; `undefined`: only what comes now. */
  readonly afterHeight: number | undefined
}

interface Attached {
  readonly client: EventClient
  /** Blocks that became final while older ones are still being read for it. */
  waiting: FinalBlockEvent[] | undefined
  sentHeight: number
}

export function makeEventStream(context: ApiContext, archive: ArchiveReader): EventStream {
  return new Stream(context, archive)
}

class Stream implements EventStream {
  readonly #context: ApiContext
  readonly #archive: ArchiveReader
  readonly #clients = new Set<Attached>()
  readonly #unsubscribe: () => void
  readonly #heartbeat: NodeJS.Timeout

  constructor(context: ApiContext, archive: ArchiveReader) {
    this.#context = context
    this.#archive = archive
    this.#unsubscribe = archive.subscribe((event) => {
      for (const attached of this.#clients) this.#deliver(attached, event)
    })
    this.#heartbeat = setInterval(() => {
      for (const attached of this.#clients) this.#put(attached, ': still here\n\n')
    }, eventLimits.heartbeatMs)
  }

  attach(client: EventClient): boolean {
    const clients = this.#clients
    const sameAddress = [...clients].filter((other) => other.client.address === client.address)
    if (clients.size >= eventLimits.clientsMax) return false
    if (sameAddress.length >= eventLimits.addressClientsMax) return false
    const sentHeight = client.afterHeight ?? this.#archive.status().height
    const attached: Attached = { client, waiting: [], sentHeight }
    clients.add(attached)
    this.#context.metrics.eventClients.set(clients.size)
    client.response.once('close', () => {
      this.#drop(attached)
    })
    this.#put(attached, `retry: ${String(eventLimits.retryMs)}\n\n`)
    void this.#resume(attached)
    return true
  }

  close(): void {
    this.#unsubscribe()
    clearInterval(this.#heartbeat)
    for (const attached of this.#clients) this.#drop(attached)
  }

  async #resume(attached: Attached): Promise<void> {
    try {
      if (attached.client.afterHeight !== undefined) await this.#sendMissed(attached)
    } catch (thrown) {
      // It comes back with the id of the last event it saw.
      this.#archive.report(thrown)
      this.#drop(attached)
      return
    }
    const waiting = attached.waiting ?? []
    attached.waiting = undefined
    for (const event of waiting) this.#deliver(attached, event)
  }

  async #sendMissed(attached: Attached): Promise<void> {
    const database = this.#archive.database()
    if (!database.ok) return
    const tip = this.#archive.status().height
    if (tip - attached.sentHeight > eventLimits.resumeBlocksMax) {
      this.#put(attached, `event: behind\ndata: ${JSON.stringify({ height: tip })}\n\n`)
      attached.sentHeight = tip
      return
    }
    while (this.#clients.has(attached)) {
      const rows = await readBlocks(database.value, attached.sentHeight + 1, resumePageBlocks)
      for (const row of rows) this.#send(attached, { ...row, isBoundary: row.is_boundary })
      if (rows.length < resumePageBlocks) return
    }
  }

  #deliver(attached: Attached, event: FinalBlockEvent): void {
    if (attached.waiting === undefined) {
      if (event.height > attached.sentHeight) this.#send(attached, event)
    } else if (attached.waiting.length < eventLimits.resumeBlocksMax) {
      attached.waiting.push(event)
    } else {
      this.#drop(attached)
    }
  }

  #send(attached: Attached, event: FinalBlockEvent): void {
    attached.sentHeight = event.height
    this.#put(attached, blockText(event))
    if (event.isBoundary) this.#put(attached, epochText(event))
  }

  #put(attached: Attached, text: string): void {
    const { response } = attached.client
    if (response.writableLength > eventLimits.waitingBytesMax) {
      this.#drop(attached)
      response.destroy()
      return
    }
    response.write(text)
  }

  #drop(attached: Attached): void {
    if (!this.#clients.delete(attached)) return
    this.#context.metrics.eventClients.set(this.#clients.size)
    attached.client.response.end()
  }
}

function blockText(event: FinalBlockEvent): string {
  const data = {
    height: event.height,
    epoch: event.epoch,
    hash: hex(event.hash),
    isBoundary: event.isBoundary,
    header: base64(event.header),
    certificate: base64(event.certificate),
    path: base64(event.path),
  }
  return `id: ${String(event.height)}\nevent: block\ndata: ${JSON.stringify(data)}\n\n`
}

/** The boundary closes its epoch. */
function epochText(event: FinalBlockEvent): string {
  const data = { epoch: event.epoch + 1, boundaryHeight: event.height }
  return `event: epoch\ndata: ${JSON.stringify(data)}\n\n`
}
