/** API-1, NET-13: what this relay is, where it is reached, and the chain it serves. */

import { Type } from '@sinclair/typebox'
import { hex } from '../../../src/core/base/bytes.ts'
import { anchorText } from '../../../src/core/checkpoint/anchorText.ts'
import { ownAnchor } from '../../../src/node/ownAnchor.ts'
import { readCounts } from '../../archive/queries/counts.ts'
import type { ApiContext } from '../context.ts'
import { base64 } from '../present.ts'
import { HashText } from '../schemas.ts'
import type { Api } from '../typebox.ts'

const strict = { additionalProperties: false } as const

const Status = Type.Object(
  {
    version: Type.String(),
    chainId: Type.String(),
    genesisHash: HashText,
    peerId: Type.String(),
    timeMs: Type.Integer({ description: 'This relay’s clock' }),
    archive: Type.Union([
      Type.Object(
        {
          state: Type.String(),
          height: Type.Integer(),
          hash: HashText,
          epoch: Type.Integer(),
          timeMs: Type.Integer(),
          networkHeight: Type.Union([Type.Integer(), Type.Null()]),
          blocks: Type.Union([Type.Integer(), Type.Null()], { description: 'Rows kept' }),
          transactions: Type.Union([Type.Integer(), Type.Null()]),
        },
        strict,
      ),
      Type.Null(),
    ]),
    faucet: Type.Boolean(),
  },
  strict,
)

const Bootstrap = Type.Object(
  {
    chainId: Type.String(),
    genesisHash: HashText,
    relays: Type.Array(Type.String(), { description: 'Multiaddrs, this relay first' }),
    checkpoint: Type.Union([Type.String(), Type.Null()], {
      description: 'The newest checkpoint, as a node takes it to begin with; null without one',
    }),
  },
  strict,
)

const Net = Type.Object(
  {
    peerId: Type.String(),
    addresses: Type.Array(Type.String()),
    relays: Type.Array(Type.String()),
    peers: Type.Integer(),
    paths: Type.Record(Type.String(), Type.Integer()),
  },
  strict,
)

const GenesisBody = Type.Object(
  {
    chainId: Type.String(),
    hash: HashText,
    isDevnet: Type.Boolean(),
    genesis: Type.String({ description: 'Exact bytes of the Genesis, base64' }),
  },
  strict,
)

export function addRelayRoutes(api: Api, context: ApiContext): void {
  const { chain, network } = context
  api.get('/status', { schema: { tags: ['relay'], response: { 200: Status } } }, async () => ({
    version: context.version,
    chainId: chain.chainId,
    genesisHash: hex(chain.genesisHash),
    peerId: network.peerId,
    timeMs: context.nowMs(),
    archive: await archiveStatus(context),
    faucet: context.faucet !== undefined,
  }))
  api.get('/net', { schema: { tags: ['relay'], response: { 200: Net } } }, () => {
    const paths: Record<string, number> = {}
    const peers = network.peers()
    for (const peer of peers) paths[peer.path] = (paths[peer.path] ?? 0) + 1
    return {
      peerId: network.peerId,
      addresses: [...network.addresses()],
      relays: [...network.addresses(), ...network.otherRelays],
      peers: peers.length,
      paths,
    }
  })
  api.get(
    '/bootstrap.json',
    { schema: { tags: ['relay'], response: { 200: Bootstrap } } },
    (_request, reply) => {
      void reply.header('cache-control', 'no-cache')
      const state = context.archive?.ledgerState()
      const own = state && ownAnchor(chain.chainId, state)
      return {
        checkpoint: own === undefined ? null : anchorText(own.held),
        chainId: chain.chainId,
        genesisHash: hex(chain.genesisHash),
        relays: [...network.addresses(), ...network.otherRelays],
      }
    },
  )
  api.get('/genesis', { schema: { tags: ['chain'], response: { 200: GenesisBody } } }, () => ({
    chainId: chain.chainId,
    hash: hex(chain.genesisHash),
    isDevnet: chain.isDevnet,
    genesis: base64(chain.genesis),
  }))
}

async function archiveStatus(context: ApiContext): Promise<(typeof Status.static)['archive']> {
  if (context.archive === undefined) return null
  const { state, height, hash, epoch, timeMs, networkHeight } = context.archive.status()
  const database = context.archive.database()
  const counts = database.ok ? await readCounts(database.value) : undefined
  return {
    state,
    height,
    hash: hex(hash),
    epoch,
    timeMs,
    networkHeight: networkHeight ?? null,
    blocks: counts?.blocks ?? null,
    transactions: counts?.transactions ?? null,
  }
}
