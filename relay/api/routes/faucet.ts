/** The faucet of a devnet: a transfer to a newcomer's account, a few for each address. */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import { ApiError } from '../apiError.ts'
import { bytesOfHex } from '../archiveOf.ts'
import type { ApiContext } from '../context.ts'
import { makeRateLimiter } from '../rateLimit.ts'
import { ErrorBody, HashText, Micro } from '../schemas.ts'
import type { Api } from '../typebox.ts'
import { refuseWhenOver } from '../limits.ts'

const strict = { additionalProperties: false } as const

export function addFaucetRoute(api: Api, context: ApiContext): void {
  const byAddress = makeRateLimiter({ requestsMax: 20, windowMs: 60 * 60_000 })
  const byAccount = makeRateLimiter({ requestsMax: 2, windowMs: 60 * 60_000 })
  api.post(
    '/faucet',
    {
      schema: {
        tags: ['devnet'],
        body: Type.Object({ account: HashText }, strict),
        querystring: Type.Object({}, strict),
        response: {
          202: Type.Object({ hash: HashText, amountMicro: Micro }, strict),
          '4xx': ErrorBody,
        },
      },
    },
    async (request, reply) => {
      const { faucet } = context
      if (faucet === undefined) {
        throw new ApiError(404, {
          code: 'FAUCET_OFF',
          message: 'This relay has no faucet.',
          fix: 'Ask the holder of an account for a transfer; only devnets give EMO away.',
        })
      }
      refuseWhenOver(byAddress, request, reply, context)
      const { account } = request.body
      refuseWhenOver(byAccount, request, reply, context, account)
      const sent = await faucet.send(bytesOfHex(account))
      if (!sent.ok) throw new ApiError(503, sent.error)
      return await reply
        .code(202)
        .send({ hash: hex(sent.value), amountMicro: String(faucet.amountMicro) })
    },
  )
}
