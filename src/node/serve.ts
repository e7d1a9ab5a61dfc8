/**
 * Answers to other nodes: status, final blocks, boundaries, proposals held, what is held of their
 * votes, and proofs (NET-3).
 */
import { pathBytes, readHeader } from '../core/chain/certified.ts'
import { certificatesAbove } from '../core/bft/draft.ts'
import { votesOfSeat } from '../core/bft/recover.ts'
import {
  FetchRequest,
  FetchResponse,
  RecoverRequest,
  RecoverResponse,
  StatusResponse,
  SyncRequest,
  SyncResponse,
  type Batch,
  type CertifiedBlock,
} from '../core/codec/chain.ts'
import { AnswerCode, ProofResponse } from '../core/codec/light.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { equalBytes } from '../core/base/bytes.ts'
import { protocol } from '../core/params.ts'
import { transportLimits, type PeerId, type Transport } from '../ports/transport.ts'
import type { Chain } from './chain.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { runningEpoch } from './epochEnv.ts'
import { boundariesMax } from './lightFollow.ts'
import type { PeerGate } from './peerGate.ts'
import { answerProof } from './serveProof.ts'
import { pageOf } from './shownBoundaries.ts'
import { syncBlocksMax } from './sync.ts'

const requestBytesMax = 4096
const fetchHashesMax = 16

interface Served {
  readonly gate: PeerGate
  readonly transport: Transport
  readonly chain: Chain
  readonly running: () => RunningEpoch | undefined
  readonly nowMs: () => number
  readonly identity: () => Uint8Array | undefined
  /** Those of the batches that are held (BATCH-3). */
  readonly batches: (digests: readonly Uint8Array[]) => readonly Batch[]
}

export function answerRequests(given: Omit<Served, 'transport'>): void {
  const { gate } = given
  const { transport } = gate
  const served = { ...given, transport }
  transport.onRequest('status', (peer, bytes) => {
    gate.asked(peer, bytes)
    return Promise.resolve(status(served))
  })
  transport.onRequest('sync', (peer, bytes) => sync(served, peer, bytes))
  transport.onRequest('fetch', (peer, bytes) => fetch(served, peer, bytes))
  transport.onRequest('recover', (peer, bytes) => recover(served, peer, bytes))
  transport.onRequest('proof', async (peer, bytes) => {
    const answer = await answerProof(served.chain, bytes)
    if (answer.code === AnswerCode.REQUEST_MALFORMED) transport.penalise(peer, 'DECODE_MALFORMED')
    return ProofResponse.encode(answer)
  })
}

function status({ chain, nowMs, identity }: Served): Uint8Array {
  return StatusResponse.encode({
    version: protocol.version,
    chainId: chain.chainId,
    genesis: chain.genesisHash,
    height: chain.tip.height,
    hash: chain.tip.hash,
    epoch: runningEpoch(chain.tip.state),
    timeMs: nowMs(),
    validator: identity() ?? new Uint8Array(0),
  })
}

async function sync(served: Served, peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = decodeStrict(SyncRequest, bytes, requestBytesMax)
  const { chain, transport } = served
  if (!decoded.ok) {
    transport.penalise(peer, decoded.error.code)
    return SyncResponse.encode({ blocks: [], tipHeight: chain.tip.height, committees: [] })
  }
  const { fromHeight, countMax, boundariesOnly } = decoded.value
  const tipHeight = chain.tip.height
  if (boundariesOnly) {
    const count = Math.min(countMax, boundariesMax)
    const page = pageOf(await chain.boundaries.from(fromHeight, count, chain.epoch - 1))
    return SyncResponse.encode({ ...page, tipHeight, lowestHeight: 0 })
  }
  const blocks = await chain.certifiedBlocks(fromHeight, Math.min(countMax, syncBlocksMax))
  const lowestHeight = lowestOf(blocks)
  // SYNC-1: a node that began with a snapshot has no block before it.
  const page =
    lowestHeight > fromHeight ? { blocks: [], lowestHeight } : { blocks: withinLimit(blocks) }
  return SyncResponse.encode({ ...page, tipHeight, committees: [] })
}

function lowestOf(blocks: readonly CertifiedBlock[]): number {
  const read = blocks[0] && readHeader(blocks[0].header)
  return read?.ok === true ? read.value.header.height : 0
}

/** With the tag and the length of each header. */
function framedPathBytes(block: CertifiedBlock): number {
  return pathBytes(block) + 4 * block.path.length
}

/** As many blocks as fit one response, at least one. */
export function withinLimit(blocks: readonly CertifiedBlock[]): CertifiedBlock[] {
  const roomBytes = transportLimits.responseBytesMax / 2
  let sizeBytes = 0
  const page: CertifiedBlock[] = []
  for (const block of blocks) {
    sizeBytes += block.header.length + block.body.length + framedPathBytes(block) + 1024
    if (page.length > 0 && sizeBytes > roomBytes) break
    page.push(block)
  }
  return page
}

async function fetch(served: Served, peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = decodeStrict(FetchRequest, bytes, requestBytesMax)
  if (!decoded.ok) served.transport.penalise(peer, decoded.error.code)
  const hashes = decoded.ok ? decoded.value.hashes.slice(0, fetchHashesMax) : []
  const state = await served.running()?.engine.shown()
  const nodes = [...(state?.blocks.values() ?? [])]
  const proposals = hashes.flatMap((hash) =>
    nodes
      .filter((node) => equalBytes(node.hash, hash) && node.proposal.signature.length > 0)
      .map((node) => node.proposal),
  )
  const batches = decoded.ok ? [...served.batches(decoded.value.batches)] : []
  return FetchResponse.encode({ proposals: proposals.slice(0, 4), batches })
}

/** "None" is an answer too, as long as it is about the same committee. */
async function recover(served: Served, peer: PeerId, bytes: Uint8Array): Promise<Uint8Array> {
  const decoded = decodeStrict(RecoverRequest, bytes, requestBytesMax)
  if (!decoded.ok) served.transport.penalise(peer, decoded.error.code)
  const running = served.running()
  const isSame = decoded.ok && running !== undefined && running.epoch === decoded.value.epoch
  if (!isSame) {
    const epoch = running?.epoch ?? 0
    const attempt = running?.committee.attempt ?? 0
    return RecoverResponse.encode({ epoch, attempt, certificates: [], votes: [] })
  }
  const { epoch, engine, committee } = running
  const state = await engine.shown()
  // A node whose store failed knows nothing that it may say: of no committee, so it does not count.
  if (state === undefined) {
    const attempt = committee.attempt + 1
    return RecoverResponse.encode({ epoch, attempt, certificates: [], votes: [] })
  }
  return RecoverResponse.encode({
    epoch,
    attempt: committee.attempt,
    certificates: certificatesAbove(state).slice(0, 64),
    votes: [...votesOfSeat(engine.env, state, decoded.value.seat)].slice(0, 256),
  })
}
