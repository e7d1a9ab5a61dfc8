/** API-3: answers 429 with how long to wait. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { ApiError } from './apiError.ts'
import type { ApiContext } from './context.ts'
import { addressKey, type RateLimiter } from './rateLimit.ts'

/** What an address may do; several tabs of one household share it. */
export const requestLimits = {
  reading: { requestsMax: 600, windowMs: 10_000 },
  writing: { requestsMax: 60, windowMs: 10_000 },
} as const

export function refuseWhenOver(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
  context: ApiContext,
  key = addressKey(request.ip),
): void {
  const waitMs = limiter.take(key, context.nowMs())
  if (waitMs === 0) return
  context.metrics.limitedRequests.inc()
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1_000)))
  void reply.header('retry-after', seconds)
  throw new ApiError(429, {
    code: 'TOO_MANY_REQUESTS',
    message: 'This address has asked too often.',
    fix: `Wait ${seconds} s; follow /events instead of asking again and again.`,
  })
}
