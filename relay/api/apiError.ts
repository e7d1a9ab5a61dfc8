/** API-4: every refusal is `{code, message, fix}` with a 4xx or 503, and never a stack trace. */

import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Failure } from '../failure.ts'
import { isConnectionLoss } from '../archive/pool.ts'
import type { ApiContext } from './context.ts'

/** Thrown by a handler, answered by `makeErrorHandler`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly failure: Failure

  constructor(status: number, failure: Failure) {
    super(failure.message)
    this.status = status
    this.failure = failure
  }
}

export function notFound(what: string, fix: string): ApiError {
  return new ApiError(404, { code: 'NOT_FOUND', message: `There is no ${what} here.`, fix })
}

export function makeErrorHandler(context: ApiContext) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, failure } = describe(thrown, context)
    if (status === 500) {
      context.log.error({ err: thrown, requestId: request.id }, 'a request failed')
    }
    void reply.code(status).send(failure)
  }
}

function describe(
  thrown: unknown,
  context: ApiContext,
): { readonly status: number; readonly failure: Failure } {
  if (thrown instanceof ApiError) return { status: thrown.status, failure: thrown.failure }
  if (isConnectionLoss(thrown)) {
    context.archive?.report(thrown)
    return {
      status: 503,
      failure: {
        code: 'ARCHIVE_DATABASE_UNAVAILABLE',
        message: 'The archive has lost its database and is connecting again.',
        fix: 'Ask again in a few seconds; /health says when it is back.',
      },
    }
  }
  const known = fromFastify(thrown)
  if (known !== undefined) return known
  return {
    status: 500,
    failure: {
      code: 'INTERNAL',
      message: 'The relay made a mistake while answering.',
      fix: 'Try again; if it stays, tell the operator the request id from the response header.',
    },
  }
}

function fromFastify(
  thrown: unknown,
): { readonly status: number; readonly failure: Failure } | undefined {
  const error = thrown as Partial<FastifyError>
  const status = error.statusCode
  if (status === undefined || status < 400 || status >= 500) return undefined
  if (error.validation !== undefined) {
    return {
      status: 400,
      failure: {
        code: 'REQUEST_INVALID',
        message: `${error.message ?? 'The request does not fit'}.`,
        fix: 'Correct that field; /docs shows what this route takes.',
      },
    }
  }
  const texts: Readonly<Record<number, readonly [string, string, string]>> = {
    413: ['REQUEST_TOO_LARGE', 'The body is over 1 MiB.', 'Send less at once.'],
    415: ['MEDIA_TYPE_UNKNOWN', 'The body is not JSON.', 'Send application/json.'],
  }
  const [code, message, fix] = texts[status] ?? [
    'REQUEST_INVALID',
    'The request cannot be read.',
    'Send well-formed JSON; /docs shows what this route takes.',
  ]
  return { status, failure: { code, message, fix } }
}
