/** API-1: transactions in pages and alone; a signed one may be handed to the network. */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import { findTransaction, listTransactions } from '../../archive/queries/transactions.ts'
import { ApiError, notFound } from '../apiError.ts'
import { bytesOfBase64, bytesOfHex, databaseOf } from '../archiveOf.ts'
import type { ApiContext } from '../context.ts'
import { presentTransaction } from '../present.ts'
import { ErrorBody, HashText, PageSize, TransactionSummary, pageOf } from '../schemas.ts'
import type { Api } from '../typebox.ts'

const strict = { additionalProperties: false } as const
const ListQuery = Type.Object(
  {
    before: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,15}\\.[0-9]{1,9}$', description: 'height.position' }),
    ),
    account: Type.Optional(HashText),
    kind: Type.Optional(Type.String({ pattern: '^[a-z]{1,20}$' })),
    limit: Type.Optional(PageSize),
  },
  strict,
)
const NoQuery = Type.Object({}, strict)
const Handed = Type.Object(
  { transaction: Type.String({ description: 'SignedTransaction, base64' }) },
  strict,
)

export function addTransactionRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/transactions',
    {
      schema: {
        tags: ['chain'],
        querystring: ListQuery,
        response: { 200: pageOf(TransactionSummary), '4xx': ErrorBody },
      },
    },
    async ({ query }) => {
      const countMax = query.limit ?? 20
      const [height, position] = (query.before ?? '').split('.')
      const rows = await listTransactions(databaseOf(context), {
        before:
          query.before === undefined
            ? undefined
            : { height: Number(height), position: Number(position) },
        sender: query.account === undefined ? undefined : bytesOfHex(query.account),
        kind: query.kind,
        countMax,
      })
      const last = rows.at(-1)
      const more = rows.length === countMax && last !== undefined
      const next = more ? `${String(last.height)}.${String(last.position)}` : null
      return { items: rows.map(presentTransaction), next }
    },
  )
  api.get(
    '/transactions/:hash',
    {
      schema: {
        tags: ['chain'],
        params: Type.Object({ hash: HashText }, strict),
        querystring: NoQuery,
        response: { 200: TransactionSummary, '4xx': ErrorBody },
      },
    },
    async ({ params }) => {
      const row = await findTransaction(databaseOf(context), bytesOfHex(params.hash))
      if (row === undefined) {
        throw notFound('such final transaction', 'It may still wait for a block: ask again.')
      }
      return presentTransaction(row)
    },
  )
  api.post(
    '/transactions',
    {
      schema: {
        tags: ['chain'],
        body: Handed,
        querystring: NoQuery,
        response: { 202: Type.Object({ hash: HashText }, strict), '4xx': ErrorBody },
      },
    },
    async ({ body }, reply) => {
      const bytes = bytesOfBase64(body.transaction, 'transaction')
      const sent = context.network.publishTransaction(bytes)
      if (!sent.ok) throw new ApiError(422, sent.error)
      return await reply.code(202).send({ hash: hex(sent.value) })
    },
  )
}
