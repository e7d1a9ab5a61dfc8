/**
 * API-1: GET /health says in words which part works: 200 all, 206 some, 503 the relay is no use
 * now.
 */

import { Type } from '@sinclair/typebox'
import type { ApiContext } from '../context.ts'
import { ErrorBody } from '../schemas.ts'
import type { Api } from '../typebox.ts'

const Part = Type.Object(
  {
    name: Type.String(),
    state: Type.Union([Type.Literal('ok'), Type.Literal('degraded'), Type.Literal('down')]),
    message: Type.String(),
    failure: Type.Union([ErrorBody, Type.Null()]),
  },
  { additionalProperties: false },
)

const Health = Type.Object(
  { status: Part.properties.state, parts: Type.Array(Part) },
  { additionalProperties: false },
)

type HealthPart = typeof Part.static

/** Blocks behind the network from which on the archive says that it is catching up. */
const lagBlocks = 20

export function addHealthRoute(api: Api, context: ApiContext): void {
  api.get(
    '/health',
    { schema: { tags: ['relay'], response: { 200: Health, 206: Health, 503: Health } } },
    async (_request, reply) => {
      const parts = [networkPart(context), archivePart(context)]
      const status = overall(parts)
      const code = { ok: 200, degraded: 206, down: 503 } as const
      return await reply.code(code[status]).send({ status, parts })
    },
  )
}

function overall(parts: readonly HealthPart[]): HealthPart['state'] {
  if (parts.some((part) => part.state === 'down')) return 'down'
  return parts.some((part) => part.state === 'degraded') ? 'degraded' : 'ok'
}

function networkPart(context: ApiContext): HealthPart {
  const peers = context.network.peers().length
  return peers > 0
    ? { name: 'network', state: 'ok', message: `${String(peers)} peers`, failure: null }
    : {
        name: 'network',
        state: 'degraded',
        message: 'No tab or node is connected to this relay yet.',
        failure: null,
      }
}

function archivePart(context: ApiContext): HealthPart {
  if (context.archive === undefined) {
    return { name: 'archive', state: 'ok', message: 'Switched off.', failure: null }
  }
  const status = context.archive.status()
  const failure = status.failure ?? null
  const behind = (status.networkHeight ?? status.height) - status.height
  if (status.state !== 'following') {
    const message = failure?.message ?? 'The archive is starting.'
    return { name: 'archive', state: 'down', message, failure }
  }
  const at = `Block ${String(status.height)}`
  return behind > lagBlocks
    ? { name: 'archive', state: 'degraded', message: `${at}, ${String(behind)} behind.`, failure }
    : { name: 'archive', state: 'ok', message: `${at}.`, failure }
}
