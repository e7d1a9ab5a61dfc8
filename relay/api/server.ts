/**
 * API-1, API-3, API-4: the HTTP side of a relay: page, API with its document at /docs, events,
 * health, metrics. Strict: what a schema does not name is refused.
 */

import { mkdir } from 'node:fs/promises'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { LogController, type FastifyBaseLogger, type RouteOptions } from 'fastify'
import { ok, type Result } from '../../src/core/base/result.ts'
import { codeOf, fail, textOf, type Failure } from '../failure.ts'
import { ApiError, makeErrorHandler } from './apiError.ts'
import type { ApiContext } from './context.ts'
import { documentPolicy, securityHeaders } from './headers.ts'
import { refuseWhenOver, requestLimits } from './limits.ts'
import { addPage, servePlace } from './page.ts'
import { makeRateLimiter } from './rateLimit.ts'
import { addBlockRoutes } from './routes/blocks.ts'
import { addEpochRoutes } from './routes/epochs.ts'
import { addEventRoute } from './routes/events.ts'
import { addFaucetRoute } from './routes/faucet.ts'
import { addHealthRoute } from './routes/health.ts'
import { addRelayRoutes } from './routes/relay.ts'
import { addTransactionRoutes } from './routes/transactions.ts'
import { addValidatorRoutes } from './routes/validators.ts'
import type { Api } from './typebox.ts'

const bodyBytesMax = 1024 * 1024

export async function makeApi(context: ApiContext): Promise<Api> {
  const logger: FastifyBaseLogger = context.log
  const api: Api = fastify({
    loggerInstance: logger,
    // Fastify's own lines name the client's address; ours do not.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    trustProxy: context.trustProxy,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 128 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: true, allErrors: false } },
  })
  api.setErrorHandler(makeErrorHandler(context))
  addCommonHooks(api, context)
  if (context.webDirectory !== undefined) {
    await mkdir(context.webDirectory, { recursive: true })
    await addPage(api, context.webDirectory)
  }
  api.setNotFoundHandler(async (request, reply) => {
    if (await servePlace(request, reply, context.webDirectory)) return reply
    const path = request.url.split('?')[0] ?? ''
    return await reply.code(404).send({
      code: 'NOT_FOUND',
      message: `${request.method} ${path.slice(0, 200)} is not here.`,
      fix: 'See /docs for what there is.',
    })
  })
  if (context.webDirectory !== undefined) await addDocument(api, context)
  await addOperatorRoutes(api, context)
  if (context.webDirectory !== undefined) await addApiRoutes(api, context)
  await api.ready()
  return api
}

/** The address it listens on, or why it cannot. */
export async function listen(
  api: Api,
  host: string,
  port: number,
): Promise<Result<{ readonly port: number }, Failure>> {
  try {
    await api.listen({ host, port })
    const address = api.server.address()
    return ok({ port: typeof address === 'object' ? (address?.port ?? port) : port })
  } catch (thrown) {
    return listenFailure(thrown, host, port, '--port')
  }
}

export function listenFailure(
  thrown: unknown,
  host: string,
  port: number,
  flag: string,
): { readonly ok: false; readonly error: Failure } {
  const place = `${host}:${String(port)}`
  const code = codeOf(thrown)
  if (code === 'EADDRINUSE') {
    return fail(
      'PORT_IN_USE',
      `Port ${String(port)} is used by another program on this machine.`,
      `Stop that program (\`ss -lntup\` names it), or take another port with ${flag}.`,
    )
  }
  if (code === 'EACCES') {
    return fail(
      'PORT_NOT_ALLOWED',
      `This user may not listen on ${place}.`,
      `Give a port above 1023 with ${flag}.`,
    )
  }
  return fail(
    'LISTEN_FAILED',
    `The relay cannot listen on ${place}: ${textOf(thrown)}`,
    `Check --host and ${flag}.`,
  )
}

function addCommonHooks(api: Api, context: ApiContext): void {
  api.addHook('onRoute', refuseUnknownQuery)
  api.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders).header('x-request-id', request.id)
    done()
  })
  api.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    context.metrics.requestSeconds
      .labels(request.method, route, String(reply.statusCode))
      .observe(reply.elapsedTime / 1_000)
    done()
  })
}

/** A route without a query takes none. */
function refuseUnknownQuery(route: RouteOptions): void {
  const { schema } = route
  if (schema === undefined || schema.querystring !== undefined) return
  schema.querystring = { type: 'object', properties: {}, additionalProperties: false }
}

async function addOperatorRoutes(api: Api, context: ApiContext): Promise<void> {
  await api.register((scope: Api, _options, done) => {
    addHealthRoute(scope, context)
    scope.get('/metrics', { schema: { hide: true } }, async (_request, reply) => {
      const isUp = context.archive?.database().ok === true
      context.metrics.archiveDatabaseUp.set(isUp ? 1 : 0)
      void reply.header('content-type', context.metrics.registry.contentType)
      return await context.metrics.registry.metrics()
    })
    done()
  })
}

async function addDocument(api: Api, context: ApiContext): Promise<void> {
  await api.register(swagger, {
    openapi: {
      info: {
        title: 'EmotionalChain relay',
        description:
          'The chain as the archive of this relay keeps it. No answer has to be trusted.',
        version: context.version,
      },
    },
  })
  await api.register(swaggerUi, {
    routePrefix: '/docs',
    logLevel: 'silent',
    uiHooks: {
      onRequest(_request, reply, done) {
        void reply.header('content-security-policy', documentPolicy)
        done()
      },
    },
  })
}

async function addApiRoutes(api: Api, context: ApiContext): Promise<void> {
  await api.register((scope: Api, _options, done) => {
    limitRequests(scope, context)
    addRelayRoutes(scope, context)
    addBlockRoutes(scope, context)
    addEpochRoutes(scope, context)
    addValidatorRoutes(scope, context)
    addTransactionRoutes(scope, context)
    addFaucetRoute(scope, context)
    addEventRoute(scope, context)
    done()
  })
}

function limitRequests(scope: Api, context: ApiContext): void {
  const reading = makeRateLimiter(requestLimits.reading)
  const writing = makeRateLimiter(requestLimits.writing)
  scope.addHook('onRequest', (request, reply, done) => {
    try {
      const limiter = request.method === 'GET' ? reading : writing
      refuseWhenOver(limiter, request, reply, context)
      done()
    } catch (thrown) {
      done(thrown instanceof ApiError ? thrown : new Error('the rate limit failed'))
    }
  })
}
