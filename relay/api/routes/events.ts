/** API-1: the route of the event stream. */

import { Type } from '@sinclair/typebox'
import { ApiError } from '../apiError.ts'
import { archiveOf } from '../archiveOf.ts'
import type { ApiContext } from '../context.ts'
import { makeEventStream } from '../eventStream.ts'
import { securityHeaders } from '../headers.ts'
import { addressKey } from '../rateLimit.ts'
import { Height } from '../schemas.ts'
import type { Api } from '../typebox.ts'

const Query = Type.Object(
  { after: Type.Optional(Height) },
  {
    additionalProperties: false,
    description: '`after`: like Last-Event-ID, for a first connection',
  },
)

export function addEventRoute(api: Api, context: ApiContext): void {
  const stream =
    context.archive === undefined ? undefined : makeEventStream(context, context.archive)
  api.addHook('preClose', () => {
    stream?.close()
  })
  api.get(
    '/events',
    {
      schema: {
        tags: ['chain'],
        querystring: Query,
        description:
          'text/event-stream. `block`: height, hash, header, certificate and path as base64; ' +
          '`epoch`: a new epoch has begun; `behind`: read /blocks up to `height` first.',
      },
    },
    (request, reply) => {
      archiveOf(context)
      const client = {
        response: reply.raw,
        address: addressKey(request.ip),
        afterHeight: request.query.after ?? lastEventId(request.headers['last-event-id']),
      }
      // Headers are sent before the first event, so room is asked for with them.
      reply.raw.setHeaders(
        new Map(
          Object.entries({
            ...securityHeaders,
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-cache, no-transform',
            'x-accel-buffering': 'no',
          }),
        ),
      )
      if (stream?.attach(client) !== true) {
        throw new ApiError(429, {
          code: 'TOO_MANY_EVENT_CLIENTS',
          message: 'Too many clients follow the events of this relay.',
          fix: 'Close other tabs, try later, or follow another relay.',
        })
      }
      reply.hijack()
      return reply
    },
  )
}

function lastEventId(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}
