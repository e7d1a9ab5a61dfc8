/** API-1: blocks in pages and alone; a certified block may be handed in. */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import { findBlock, listBlocks } from '../../archive/queries/blocks.ts'
import { transactionsOf } from '../../archive/queries/transactions.ts'
import { ApiError, notFound } from '../apiError.ts'
import { archiveOf, bytesOfBase64, bytesOfHex, databaseOf } from '../archiveOf.ts'
import type { ApiContext } from '../context.ts'
import { presentBlock, presentBlockDetails } from '../present.ts'
import {
  BlockDetails,
  BlockSummary,
  ErrorBody,
  HashText,
  Height,
  PageSize,
  pageOf,
} from '../schemas.ts'
import type { Api } from '../typebox.ts'

const strict = { additionalProperties: false } as const

const ListQuery = Type.Object(
  {
    before: Type.Optional(Height),
    epoch: Type.Optional(Height),
    proposer: Type.Optional(HashText),
    limit: Type.Optional(PageSize),
  },
  strict,
)
const Key = Type.Object(
  {
    block: Type.String({
      pattern: '^(0|[1-9][0-9]{0,14}|[0-9a-f]{64})$',
      description: 'Height, or hash as hex',
    }),
  },
  strict,
)
const NoQuery = Type.Object({}, strict)
const Handed = Type.Object(
  { block: Type.String({ description: 'CertifiedBlock, base64' }) },
  strict,
)
const Taken = Type.Object({ height: Type.Integer(), hash: HashText, isNew: Type.Boolean() }, strict)

export function addBlockRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/blocks',
    {
      schema: {
        tags: ['chain'],
        querystring: ListQuery,
        response: { 200: pageOf(BlockSummary), '4xx': ErrorBody },
      },
    },
    async ({ query }) => {
      const countMax = query.limit ?? 20
      const rows = await listBlocks(databaseOf(context), {
        before: query.before,
        epoch: query.epoch,
        proposer: query.proposer === undefined ? undefined : bytesOfHex(query.proposer),
        countMax,
      })
      const last = rows.at(-1)
      const next = rows.length === countMax && last !== undefined ? String(last.height) : null
      return { items: rows.map(presentBlock), next }
    },
  )
  api.get(
    '/blocks/:block',
    {
      schema: {
        tags: ['chain'],
        params: Key,
        querystring: NoQuery,
        response: { 200: BlockDetails, '4xx': ErrorBody },
      },
    },
    async ({ params }) => {
      const database = databaseOf(context)
      const isHash = params.block.length === 64
      const row = await findBlock(
        database,
        isHash ? { hash: bytesOfHex(params.block) } : { height: Number(params.block) },
      )
      if (row === undefined) {
        throw notFound(
          `final block ${params.block}`,
          'See /blocks for the newest; it may come yet.',
        )
      }
      return presentBlockDetails(row, await transactionsOf(database, row.height))
    },
  )
  api.post(
    '/blocks',
    {
      schema: {
        tags: ['chain'],
        body: Handed,
        querystring: NoQuery,
        response: { 200: Taken, 201: Taken, '4xx': ErrorBody },
      },
    },
    async ({ body }, reply) => {
      const taken = await archiveOf(context).submit(bytesOfBase64(body.block, 'block'))
      if (!taken.ok) throw new ApiError(statusOf(taken.error.code), taken.error)
      const { height, hash, isNew } = taken.value
      return await reply.code(isNew ? 201 : 200).send({ height, hash: hex(hash), isNew })
    },
  )
}

function statusOf(code: string): number {
  if (code === 'ARCHIVE_DATABASE_UNAVAILABLE') return 503
  return code === 'ARCHIVE_GAP' || code === 'ARCHIVE_CONFLICT' ? 409 : 422
}
