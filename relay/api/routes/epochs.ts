/** API-1: epochs and their committees. */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import { findEpoch, listEpochs } from '../../archive/queries/epochs.ts'
import { findRestartVoters } from '../../archive/queries/restartVoters.ts'
import { notFound } from '../apiError.ts'
import { databaseOf } from '../archiveOf.ts'
import type { ApiContext } from '../context.ts'
import { base64, presentEpoch, presentSeat } from '../present.ts'
import {
  EpochDetails,
  EpochSummary,
  ErrorBody,
  Height,
  PageSize,
  pageOf,
  RestartVotersShown,
} from '../schemas.ts'
import type { Api } from '../typebox.ts'

const strict = { additionalProperties: false } as const
const ListQuery = Type.Object(
  { before: Type.Optional(Height), limit: Type.Optional(PageSize) },
  strict,
)

export function addEpochRoutes(api: Api, context: ApiContext): void {
  api.get(
    '/epochs',
    {
      schema: {
        tags: ['chain'],
        querystring: ListQuery,
        response: { 200: pageOf(EpochSummary), '4xx': ErrorBody },
      },
    },
    async ({ query }) => {
      const countMax = query.limit ?? 20
      const rows = await listEpochs(databaseOf(context), { before: query.before, countMax })
      const last = rows.at(-1)
      const next = rows.length === countMax && last !== undefined ? String(last.epoch) : null
      return { items: rows.map(presentEpoch), next }
    },
  )
  api.get(
    '/epochs/:epoch',
    {
      schema: {
        tags: ['chain'],
        params: Type.Object({ epoch: Height }, strict),
        querystring: Type.Object({}, strict),
        response: { 200: EpochDetails, '4xx': ErrorBody },
      },
    },
    async ({ params }) => {
      const found = await findEpoch(databaseOf(context), params.epoch)
      if (found === undefined) {
        throw notFound(`epoch ${String(params.epoch)}`, 'See /epochs for those that have begun.')
      }
      return {
        ...presentEpoch(found.epoch),
        committee: base64(found.epoch.committee),
        handedOver: found.epoch.handed_over && base64(found.epoch.handed_over),
        seats: found.seats.map(presentSeat),
        ready: found.ready.map((row) => ({
          validator: hex(row.validator),
          scoreThreshold: row.score_threshold,
          provenance: row.provenance,
          height: row.height,
        })),
      }
    },
  )
  addRestartVoters(api, context)
}

/** RECOVER-1: for who walks the headers across a restart by stake (SYNC-2). */
function addRestartVoters(api: Api, context: ApiContext): void {
  api.get(
    '/epochs/:epoch/restart-voters',
    {
      schema: {
        tags: ['chain'],
        params: Type.Object({ epoch: Height }, strict),
        querystring: Type.Object({}, strict),
        response: { 200: RestartVotersShown, '4xx': ErrorBody },
      },
    },
    async ({ params: { epoch } }) => {
      const shown = await findRestartVoters(databaseOf(context), epoch)
      if (shown === undefined) {
        const what = `set of voters that restarted epoch ${String(epoch)}`
        throw notFound(what, 'Only epochs that the stake restarted have it; ask another relay.')
      }
      return { epoch, shown: base64(shown) }
    },
  )
}
