/** API-1: validators and accounts; an account's answer carries its Merkle proof (ARC-3). */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import {
  findAccount,
  findValidator,
  listValidators,
  type ValidatorPlace,
} from '../../archive/queries/validators.ts'
import { notFound } from '../apiError.ts'
import { archiveOf, bytesOfHex, databaseOf } from '../archiveOf.ts'
import type { ApiContext, StateWitness } from '../context.ts'
import { base64, presentSeat, presentValidator } from '../present.ts'
import {
  AccountDetails,
  ErrorBody,
  HashText,
  PageSize,
  ValidatorDetails,
  ValidatorSummary,
  pageOf,
  type Shape,
} from '../schemas.ts'
import type { Api } from '../typebox.ts'

const strict = { additionalProperties: false } as const
const ListQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,9}\\.-?[0-9]{1,15}\\.[0-9a-f]{64}$',
        description: '`next` of the page before',
      }),
    ),
    status: Type.Optional(Type.String({ pattern: '^[a-z]{1,20}$' })),
    limit: Type.Optional(PageSize),
  },
  strict,
)
const ById = Type.Object({ id: HashText }, strict)
const NoQuery = Type.Object({}, strict)

export function addValidatorRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/validators',
    {
      schema: {
        tags: ['chain'],
        querystring: ListQuery,
        response: { 200: pageOf(ValidatorSummary), '4xx': ErrorBody },
      },
    },
    async ({ query }) => {
      const countMax = query.limit ?? 20
      const after = query.after === undefined ? undefined : placeOf(query.after)
      const page = { after, status: query.status, countMax }
      const rows = await listValidators(databaseOf(context), page)
      const last = rows.at(-1)
      const more = rows.length === countMax && last !== undefined
      const next = more
        ? `${String(last.score)}.${String(last.last_ready_epoch)}.${hex(last.id)}`
        : null
      return { items: rows.map(presentValidator), next }
    },
  )
  api.get(
    '/validators/:id',
    {
      schema: {
        tags: ['chain'],
        params: ById,
        querystring: NoQuery,
        response: { 200: ValidatorDetails, '4xx': ErrorBody },
      },
    },
    async ({ params }) => {
      const found = await findValidator(databaseOf(context), bytesOfHex(params.id))
      if (found === undefined) throw notFound('such validator', 'See /validators for all of them.')
      return {
        ...presentValidator(found.validator),
        services: found.services.map(presentSeat),
      }
    },
  )
  api.get(
    '/accounts/:id',
    {
      schema: {
        tags: ['chain'],
        params: ById,
        querystring: NoQuery,
        response: { 200: AccountDetails, '4xx': ErrorBody },
      },
    },
    async ({ params }) => {
      const id = bytesOfHex(params.id)
      const row = await findAccount(databaseOf(context), id)
      if (row === undefined) {
        throw notFound('such account', 'An account begins with the first transfer to it.')
      }
      return {
        id: hex(row.id),
        balanceMicro: row.balance_micro,
        nonce: row.nonce,
        updatedHeight: row.updated_height,
        proof: presentWitness(archiveOf(context).proveAccount(id)),
      }
    },
  )
}

function placeOf(cursor: string): ValidatorPlace {
  const [score, epoch, id] = cursor.split('.')
  return { score: Number(score), lastReadyEpoch: Number(epoch), id: bytesOfHex(id ?? '') }
}

function presentWitness(witness: StateWitness | undefined): Shape<typeof AccountDetails>['proof'] {
  if (witness === undefined) return null
  return {
    height: witness.height,
    stateRoot: hex(witness.stateRoot),
    key: hex(witness.key),
    value: witness.value === undefined ? '' : base64(witness.value),
    path: base64(witness.proof),
  }
}
