/**
 * A relay as a source of the chain (SYNC-1, SYNC-3): answers `status`, `sync`, and who restarted an
 * epoch by stake, from its archive.
 * Who asks trusts nothing of it: every block carries its certificate.
 */

import type { Logger } from 'pino'
import { equalBytes } from '../src/core/base/bytes.ts'
import {
  Certificate,
  Committee,
  Header,
  StatusRequest,
  StatusResponse,
  SyncRequest,
  SyncResponse,
  type CertifiedBlock,
} from '../src/core/codec/chain.ts'
import { RestartRequest, RestartResponse } from '../src/core/codec/restart.ts'
import { decodeStrict } from '../src/core/codec/strict.ts'
import { committeeRoot } from '../src/core/committee/handOver.ts'
import { protocol } from '../src/core/params.ts'
import { strangerCode } from '../src/node/sameChain.ts'
import { transportLimits, type PeerId, type Transport } from '../src/ports/transport.ts'
import type { ArchiveReader, ChainIdentity } from './api/context.ts'
import { textOf } from './failure.ts'
import type { ArchiveDatabase } from './archive/pool.ts'
import {
  readBlocks,
  readBoundaries,
  readOpenings,
  type BlockRow,
} from './archive/queries/blocks.ts'
import { findRestartVoters } from './archive/queries/restartVoters.ts'
import { pathOf } from './archive/rowsOf.ts'

interface Served {
  readonly transport: Transport
  readonly archive: ArchiveReader
  readonly chain: ChainIdentity
  readonly nowMs: () => number
  readonly log: Logger
  /** Somebody of another chain asked (ENC-2). */
  readonly onStranger: (code: string) => void
}

const requestBytesMax = 4_096
const statusBytesMax = 1_024
const pageBlocksMax = 100
const pageBytes = transportLimits.responseBytesMax / 2
const none = new Uint8Array(0)
const empty = { blocks: [], committees: [], restarts: [], lowestHeight: 0 }

export function serveChain(served: Served): void {
  const { transport, archive, chain, nowMs } = served
  transport.onRequest('status', (peer, bytes) => {
    const { height, hash, epoch } = archive.status()
    const { chainId, genesisHash: genesis } = chain
    const own = { version: protocol.version, chainId, genesis }
    const asked = decodeStrict(StatusRequest, bytes, statusBytesMax)
    const code = asked.ok ? strangerCode(own, asked.value) : asked.error.code
    // A stranger is answered, so that it learns what chain this is; it is let go when it answers.
    if (!asked.ok) transport.penalise(peer, asked.error.code)
    else if (code !== undefined) served.onStranger(code)
    const status = { ...own, height, hash, epoch }
    return Promise.resolve(StatusResponse.encode({ ...status, timeMs: nowMs() }))
  })
  transport.onRequest('sync', (peer, bytes) => answerSync(served, peer, bytes))
  transport.onRequest('restart', (peer, bytes) => answerVoters(served, peer, bytes))
}

/** RECOVER-1, SYNC-2: an archive has no part in an attempt; it knows who restarted old epochs. */
async function answerVoters(served: Served, peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = decodeStrict(RestartRequest, bytes, requestBytesMax)
  if (!decoded.ok) {
    served.transport.penalise(peer, decoded.error.code)
    return RestartResponse.encode({})
  }
  const { votersOf } = decoded.value
  const database = served.archive.database()
  if (votersOf === 0 || !database.ok) return RestartResponse.encode({})
  try {
    const voters = await findRestartVoters(database.value, votersOf)
    return RestartResponse.encode(voters === undefined ? {} : { voters })
  } catch (thrown) {
    served.archive.report(thrown)
    served.log.warn({ reason: textOf(thrown) }, 'a request for restart voters was not answered')
    return RestartResponse.encode({})
  }
}

async function answerSync(served: Served, peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = decodeStrict(SyncRequest, bytes, requestBytesMax)
  if (!decoded.ok) {
    served.transport.penalise(peer, decoded.error.code)
    return SyncResponse.encode({ ...empty, tipHeight: 0 })
  }
  try {
    return SyncResponse.encode(await readPage(served, decoded.value))
  } catch (thrown) {
    // The database is away: "nothing here" makes the peer ask another one.
    served.archive.report(thrown)
    served.log.warn({ reason: textOf(thrown) }, 'a sync request was not answered')
    return SyncResponse.encode({ ...empty, tipHeight: 0 })
  }
}

async function readPage({ archive }: Served, request: SyncRequest): Promise<SyncResponse> {
  const database = archive.database()
  const tipHeight = archive.status().height
  if (!database.ok) return { ...empty, tipHeight: 0 }
  const countMax = Math.min(Math.max(1, request.countMax), pageBlocksMax)
  if (request.boundariesOnly) {
    return {
      ...empty,
      ...(await readHandOvers(database.value, request.fromHeight, countMax)),
      tipHeight,
    }
  }
  const rows = await readBlocks(database.value, request.fromHeight, countMax)
  return { ...empty, blocks: withinLimit(rows.map(certifiedOf)), tipHeight }
}

/**
 * SYNC-2: boundaries with the committees that they name. An archive from before it kept them has
 * none for an epoch that a restart went on; the page ends before that: other nodes have it.
 */
async function readHandOvers(
  database: ArchiveDatabase,
  fromHeight: number,
  countMax: number,
): Promise<Pick<SyncResponse, 'blocks' | 'committees' | 'restarts'>> {
  const rows = await readBoundaries(database, fromHeight, countMax)
  const replaced = rows.findIndex((row) => !isHandedOver(row))
  const named = rows.slice(0, replaced < 0 ? rows.length : replaced)
  const blocks = withinLimit(named.map((row) => ({ ...certifiedOf(row), body: none })))
  const shown = named.slice(0, blocks.length)
  const openings = await readOpenings(
    database,
    shown.map((row) => row.epoch),
  )
  const last = new Map(openings.map((row) => [row.epoch, certifiedOf(row)]))
  return {
    blocks,
    committees: shown.map((row) => Committee.decode(row.next_committee ?? none)),
    restarts: [...last.values()],
  }
}

function isHandedOver(row: {
  readonly header: Uint8Array
  readonly next_committee: Uint8Array | null
}): boolean {
  if (row.next_committee === null) return false
  const root = committeeRoot(Committee.decode(row.next_committee))
  return equalBytes(root, Header.decode(row.header).nextCommitteeRoot)
}

function certifiedOf(row: BlockRow): CertifiedBlock {
  return {
    header: row.header,
    body: row.body,
    certificate: Certificate.decode(row.certificate),
    path: [...pathOf(row.path)],
  }
}

/** As many as fit one response, at least one. */
function withinLimit(blocks: readonly CertifiedBlock[]): CertifiedBlock[] {
  let sizeBytes = 0
  const page: CertifiedBlock[] = []
  for (const block of blocks) {
    const pathBytes = block.path.reduce((sum, header) => sum + header.length, 0)
    sizeBytes += block.header.length + block.body.length + pathBytes + 1_024
    if (page.length > 0 && sizeBytes > pageBytes) break
    page.push(block)
  }
  return page
}
