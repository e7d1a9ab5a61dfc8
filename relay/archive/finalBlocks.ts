/**
 * Final blocks from the network, in order and without gaps: from gossip while following, from peers
 * by `sync` while behind (SYNC-3). Nothing is queued beyond a bound: what does not fit, or was lost
 * with the database away, is asked for again.
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
import { strangerCode } from '../../src/node/sameChain.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { transportLimits, type PeerId, type Transport } from '../../src/ports/transport.ts'
import { PeerClaims } from './peerClaims.ts'

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
  /** The lowest block that peers hold, when none of them has the one of `height` (SYNC-4). */
  prunedBelow(height: number): number | undefined
}

interface Options {
  readonly transport: Pick<Transport, 'peers' | 'request' | 'penalise'>
  readonly clock: Clock
  readonly chainId: string
  readonly genesisHash: Uint8Array
}

const pendingBlocksMax = 256
const pageBlocks = 100
const requestTimeoutMs = 5_000
const idleWaitMs = 1_000
const statusEveryMs = 5_000
const statusBytesMax = 1_024

export function makeFinalBlockSource(options: Options): FinalBlockSource {
  return new NetworkSource(options)
}

class NetworkSource implements FinalBlockSource {
  readonly #options: Options
  readonly #pending = new Map<number, Candidate>()
  readonly #claims: PeerClaims
  readonly #waiters = new Set<() => void>()
  /** Of who is asked for blocks, and of who is asked for its status. */
  readonly #turns = { sync: 0, status: 0 }
  #statusAskedAtMs = 0

  constructor(options: Options) {
    this.#options = options
    this.#claims = new PeerClaims(() => this.#peers())
  }

  async next(fromHeight: number, signal: AbortSignal): Promise<readonly Candidate[]> {
    while (!signal.aborted) {
      const run = this.#takeRun(fromHeight)
      if (run.length > 0) return run
      await this.#askStatus()
      if ((this.networkHeight() ?? 0) >= fromHeight) {
        const page = await this.#sync(fromHeight)
        if (page.length > 0) return page
      }
      // A block may have come in while peers were asked.
      if (!this.#pending.has(fromHeight)) await this.#wait(signal)
    }
    return []
  }

  prunedBelow(height: number): number | undefined {
    return this.#claims.prunedBelow(height)
  }

  refuse(candidate: Candidate, reason: string): void {
    if (this.#pending.get(candidate.height) === candidate) this.#pending.delete(candidate.height)
    if (candidate.from !== undefined) this.#options.transport.penalise(candidate.from, reason)
  }

  offer(candidate: Candidate): void {
    if (candidate.from !== undefined) this.#claims.claims(candidate.from, candidate.height)
    if (!isOf(this.#claims.members(), candidate)) return
    if (this.#pending.size < pendingBlocksMax && !this.#pending.has(candidate.height)) {
      this.#pending.set(candidate.height, candidate)
    }
    for (const wake of this.#waiters) wake()
  }

  networkHeight(): number | undefined {
    return this.#claims.highest()
  }

  #peers(): readonly PeerId[] {
    return this.#options.transport.peers().map((entry) => entry.peer)
  }

  /** One after the other, so that no peer carries the whole load and none is passed over. */
  #pick(kind: 'sync' | 'status', peers: readonly PeerId[]): PeerId | undefined {
    this.#turns[kind] += 1
    return peers[this.#turns[kind] % Math.max(1, peers.length)]
  }

  #takeRun(fromHeight: number): readonly Candidate[] {
    const members = this.#claims.members()
    for (const [height, candidate] of this.#pending) {
      if (height < fromHeight || !isOf(members, candidate)) this.#pending.delete(height)
    }
    const run: Candidate[] = []
    for (let height = fromHeight; ; height += 1) {
      const candidate = this.#pending.get(height)
      if (candidate === undefined) return run
      run.push(candidate)
    }
  }

  async #sync(fromHeight: number): Promise<readonly Candidate[]> {
    const { transport } = this.#options
    const peer = this.#pick('sync', this.#claims.having(fromHeight))
    if (peer === undefined) return []
    const request = SyncRequest.encode({ fromHeight, countMax: pageBlocks, boundariesOnly: false })
    const answer = await transport.request(peer, 'sync', request, { timeoutMs: requestTimeoutMs })
    if (!answer.ok) {
      this.#claims.didNotAnswer(peer)
      return []
    }
    const page = decodeStrict(SyncResponse, answer.value, transportLimits.responseBytesMax)
    const run = page.ok ? candidatesOf(page.value.blocks, fromHeight, peer) : undefined
    if (run === undefined || !page.ok) {
      this.#claims.gaveNone(peer, fromHeight, 0)
      transport.penalise(peer, 'SYNC_PAGE_INVALID')
      return []
    }
    const { lowestHeight, tipHeight } = page.value
    if (run.length > 0) this.#claims.gave(peer, tipHeight)
    else this.#claims.gaveNone(peer, fromHeight, lowestHeight)
    return run
  }

  async #askStatus(): Promise<void> {
    const { transport, clock, chainId, genesisHash } = this.#options
    if (clock.nowMs() - this.#statusAskedAtMs < statusEveryMs) return
    const peer = this.#pick('status', this.#peers())
    if (peer === undefined) return
    this.#statusAskedAtMs = clock.nowMs()
    const ask = StatusRequest.encode({ version: protocol.version, chainId, genesis: genesisHash })
    const answer = await transport.request(peer, 'status', ask, { timeoutMs: requestTimeoutMs })
    if (!answer.ok) {
      this.#claims.didNotAnswer(peer)
      return
    }
    const status = decodeStrict(StatusResponse, answer.value, statusBytesMax)
    const own = { version: protocol.version, chainId, genesis: genesisHash }
    const code = status.ok ? strangerCode(own, status.value) : status.error.code
    if (status.ok && code === undefined) {
      this.#claims.noteStranger(peer, false)
      this.#claims.claims(peer, status.value.height)
      return
    }
    if (status.ok) this.#claims.noteStranger(peer, true)
    if (code !== undefined) transport.penalise(peer, code)
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        this.#waiters.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = this.#options.clock.after(idleWaitMs, done)
      this.#waiters.add(done)
      signal.addEventListener('abort', done, { once: true })
      if (signal.aborted) done()
    })
  }
}

/** What one brought who is gone, or of another chain, would only take room. */
function isOf(members: readonly PeerId[], { from }: Candidate): boolean {
  return from === undefined || members.includes(from)
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
