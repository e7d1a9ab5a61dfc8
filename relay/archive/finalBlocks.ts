/**
 * Final blocks from the network, in order and without gaps: from gossip while following, from peers by
 * `sync` while behind (SYNC-3). Nothing is queued beyond a bound: what does not fit, or was lost with
 * the database away, is asked for again.
 */

import { readHeader } from '../../src/core/chain/certified.ts'
import {
  StatusRequest,
  StatusResponse,
  SyncRequest,
  SyncResponse,
  type CertifiedBlock,
} from '../../src/core/codec/chain.ts'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import { protocol } from '../../src/core/params.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { transportLimits, type PeerId, type Transport } from '../../src/ports/transport.ts'

export interface Candidate {
  readonly block: CertifiedBlock
  readonly height: number
  /** Who gave it; `undefined` when it was posted. */
  readonly from: PeerId | undefined
}

export interface FinalBlockSource {
  /** Blocks from exactly `fromHeight` on, as soon as there are some; empty when `signal` aborts. */
  next(fromHeight: number, signal: AbortSignal): Promise<readonly Candidate[]>
  /** A candidate did not verify: it is forgotten and its giver pays. */
  refuse(candidate: Candidate, reason: string): void
  /** A block from gossip or from a client; not verified. */
  offer(candidate: Candidate): void
  /** Highest height that a connected peer claims. */
  networkHeight(): number | undefined
}

interface Options {
  readonly transport: Pick<Transport, 'peers' | 'request' | 'penalise'>
  readonly clock: Clock
  readonly chainId: string
  readonly genesisHash: Uint8Array
  /** Serves blocks, so it is no help in catching up. */
  readonly isSelf?: (peer: PeerId) => boolean
}

const pendingBlocksMax = 256
const pageBlocks = 100
const requestTimeoutMs = 5_000
const idleWaitMs = 1_000
const statusEveryMs = 5_000
const statusBytesMax = 1_024

export function makeFinalBlockSource(options: Options): FinalBlockSource {
  const { transport, clock } = options
  const pending = new Map<number, Candidate>()
  const claims = new Map<PeerId, number>()
  const waiters = new Set<() => void>()
  let turn = 0
  let statusAskedAtMs = 0

  function networkHeight(): number | undefined {
    const connected = new Set(transport.peers().map((entry) => entry.peer))
    for (const peer of claims.keys()) if (!connected.has(peer)) claims.delete(peer)
    return claims.size === 0 ? undefined : Math.max(...claims.values())
  }

  function claim(peer: PeerId | undefined, height: number): void {
    if (peer !== undefined) claims.set(peer, Math.max(height, claims.get(peer) ?? 0))
  }

  function takeRun(fromHeight: number): readonly Candidate[] {
    for (const height of pending.keys()) if (height < fromHeight) pending.delete(height)
    const run: Candidate[] = []
    for (let height = fromHeight; ; height += 1) {
      const candidate = pending.get(height)
      if (candidate === undefined) return run
      run.push(candidate)
    }
  }

  async function sync(fromHeight: number): Promise<readonly Candidate[]> {
    const peers = transport.peers().map((entry) => entry.peer)
    const able = peers.filter((peer) => (claims.get(peer) ?? 0) >= fromHeight)
    const peer = able[turn % Math.max(1, able.length)]
    turn += 1
    if (peer === undefined) return []
    const request = SyncRequest.encode({ fromHeight, countMax: pageBlocks, boundariesOnly: false })
    const answer = await transport.request(peer, 'sync', request, { timeoutMs: requestTimeoutMs })
    if (!answer.ok) {
      claims.delete(peer)
      return []
    }
    const page = decodeStrict(SyncResponse, answer.value, transportLimits.responseBytesMax)
    const run = page.ok ? candidatesOf(page.value.blocks, fromHeight, peer) : undefined
    if (run === undefined) {
      claims.delete(peer)
      transport.penalise(peer, 'a sync answer that is not in order')
      return []
    }
    // What it does not give it does not have.
    claims.set(peer, page.ok ? page.value.tipHeight : 0)
    return run
  }

  async function askStatus(): Promise<void> {
    if (clock.nowMs() - statusAskedAtMs < statusEveryMs) return
    statusAskedAtMs = clock.nowMs()
    const peers = transport.peers().map((entry) => entry.peer)
    const peer = peers[turn % Math.max(1, peers.length)]
    turn += 1
    if (peer === undefined) return
    const { chainId, genesisHash } = options
    const ask = StatusRequest.encode({ version: protocol.version, chainId, genesis: genesisHash })
    const answer = await transport.request(peer, 'status', ask, { timeoutMs: requestTimeoutMs })
    if (!answer.ok) return
    const status = decodeStrict(StatusResponse, answer.value, statusBytesMax)
    if (status.ok && status.value.chainId === chainId) claim(peer, status.value.height)
  }

  function wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        waiters.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = clock.after(idleWaitMs, done)
      waiters.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }

  return {
    networkHeight,
    offer(candidate) {
      claim(candidate.from, candidate.height)
      if (pending.size < pendingBlocksMax && !pending.has(candidate.height)) {
        pending.set(candidate.height, candidate)
      }
      for (const wake of waiters) wake()
    },
    refuse(candidate, reason) {
      if (pending.get(candidate.height) === candidate) pending.delete(candidate.height)
      if (candidate.from !== undefined) transport.penalise(candidate.from, reason)
    },
    async next(fromHeight, signal) {
      while (!signal.aborted) {
        const run = takeRun(fromHeight)
        if (run.length > 0) return run
        await askStatus()
        if ((networkHeight() ?? 0) >= fromHeight) {
          const page = await sync(fromHeight)
          if (page.length > 0) return page
        }
        // A block may have come in while peers were asked.
        if (!pending.has(fromHeight)) await wait(signal)
      }
      return []
    },
  }
}

function candidatesOf(
  blocks: readonly CertifiedBlock[],
  fromHeight: number,
  from: PeerId,
): readonly Candidate[] | undefined {
  const run: Candidate[] = []
  for (const block of blocks) {
    const read = readHeader(block.header)
    const height = fromHeight + run.length
    if (!read.ok || read.value.header.height !== height) return undefined
    run.push({ block, height, from })
  }
  return run
}
