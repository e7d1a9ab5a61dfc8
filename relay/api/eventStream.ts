/**
 * API-1: GET /events, server-sent events: each final block with its certificate, and each new epoch.
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
  /** A client that missed more is told to read /blocks first. */
  resumeBlocksMax: 500,
} as const

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
  const clients = new Set<Attached>()
  const unsubscribe = archive.subscribe((event) => {
    for (const attached of clients) deliver(attached, event)
  })
  const heartbeat = setInterval(() => {
    for (const attached of clients) put(attached, ': still here\n\n')
  }, eventLimits.heartbeatMs)

  function attach(client: EventClient): boolean {
    const sameAddress = [...clients].filter((other) => other.client.address === client.address)
    if (clients.size >= eventLimits.clientsMax) return false
    if (sameAddress.length >= eventLimits.addressClientsMax) return false
    const attached: Attached = {
      client,
      waiting: [],
      sentHeight: client.afterHeight ?? archive.status().height,
    }
    clients.add(attached)
    context.metrics.eventClients.set(clients.size)
    client.response.once('close', () => {
      drop(attached)
    })
    put(attached, `retry: 2000\n\n`)
    void resume(attached)
    return true
  }

  async function resume(attached: Attached): Promise<void> {
    try {
      if (attached.client.afterHeight !== undefined) await sendMissed(attached)
    } catch (thrown) {
      // It comes back with the id of the last event it saw.
      archive.report(thrown)
      drop(attached)
      return
    }
    const waiting = attached.waiting ?? []
    attached.waiting = undefined
    for (const event of waiting) deliver(attached, event)
  }

  async function sendMissed(attached: Attached): Promise<void> {
    const database = archive.database()
    if (!database.ok) return
    const tip = archive.status().height
    if (tip - attached.sentHeight > eventLimits.resumeBlocksMax) {
      put(attached, `event: behind\ndata: ${JSON.stringify({ height: tip })}\n\n`)
      attached.sentHeight = tip
      return
    }
    while (clients.has(attached)) {
      const rows = await readBlocks(database.value, attached.sentHeight + 1, 50)
      for (const row of rows) {
        send(attached, { ...row, isBoundary: row.is_boundary })
      }
      if (rows.length < 50) return
    }
  }

  function deliver(attached: Attached, event: FinalBlockEvent): void {
    if (attached.waiting === undefined) {
      if (event.height > attached.sentHeight) send(attached, event)
    } else if (attached.waiting.length < eventLimits.resumeBlocksMax) {
      attached.waiting.push(event)
    } else {
      drop(attached)
    }
  }

  function send(attached: Attached, event: FinalBlockEvent): void {
    attached.sentHeight = event.height
    put(attached, blockText(event))
    if (event.isBoundary) put(attached, epochText(event))
  }

  function put(attached: Attached, text: string): void {
    const { response } = attached.client
    if (response.writableLength > eventLimits.waitingBytesMax) {
      drop(attached)
      response.destroy()
      return
    }
    response.write(text)
  }

  function drop(attached: Attached): void {
    if (!clients.delete(attached)) return
    context.metrics.eventClients.set(clients.size)
    attached.client.response.end()
  }

  return {
    attach,
    close() {
      unsubscribe()
      clearInterval(heartbeat)
      for (const attached of clients) drop(attached)
    },
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
