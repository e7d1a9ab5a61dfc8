/**
 * Where a consensus message belongs: to the running epoch's engine, to the next epoch (kept for a
 * moment), to one that is over (its speaker is shown the boundary), or to finality.
 */
import { equalBytes, hex } from '../core/base/bytes.ts'
import { readHeader } from '../core/chain/certified.ts'
import { restartOpening } from '../core/chain/restartOpening.ts'
import {
  FetchRequest,
  FetchResponse,
  type CertifiedBlock,
  type Proposal,
} from '../core/codec/chain.ts'
import { decodeStrict } from '../core/codec/strict.ts'
import { hash } from '../core/crypto/hash.ts'
import {
  transportLimits,
  type GossipMessage,
  type PeerId,
  type Transport,
  type Verdict,
} from '../ports/transport.ts'
import { Allowance } from './allowance.ts'
import { Brought, type BroughtOptions, type Origin } from './brought.ts'
import type { RunningEpoch } from './epochRunner.ts'
import {
  decodeMessage,
  type AgreementMessage,
  type BatchMessage,
  type Compact,
  type Message,
} from './wire.ts'

/** Messages of the next epoch that wait for its start: in all, and of what one peer brought. */
const waitingMax = 512
const peerWaitingMax = 64
const peerWaitingBytesMax = 2 * 1024 * 1024

/** Boundaries that are shown to who is behind: each is a read of the store and a whole block. */
const shownLimits = { windowMs: 1000, peerMax: 2, totalMax: 32 }

/** Pulls of blocks that claims of a later epoch lead to; catching up goes on by itself. */
const pullLimits = { windowMs: 3000, peerMax: 4, totalMax: 16 }

const fetchTimeoutMs = 2000

type Spoken = AgreementMessage | Extract<Message, { type: 'compact' }>

interface RouterOptions extends BroughtOptions {
  readonly onBlock: (block: CertifiedBlock, from: PeerId) => void
  /** A peer is in a later epoch than this node. */
  readonly onAhead: (from: PeerId) => void
  readonly onBehind: (from: PeerId, epoch: number) => void
  /** Payments that are to come, on direct streams (BATCH-1). */
  readonly onBatch: (from: PeerId, message: BatchMessage) => void
  /** A proposal by parts (BATCH-3). */
  readonly onCompact: (origin: Origin, compact: Compact) => Verdict
  /** A block of this epoch opens with a Restart and names another committee (RECOVER-1). */
  readonly onRestart: (restart: Uint8Array) => void
}

interface Waiting {
  readonly epoch: number
  readonly message: Spoken
  readonly origin: Origin
  readonly bytes: number
}

export class Router {
  readonly #options: RouterOptions
  readonly #brought: Brought
  readonly #shown: Allowance
  readonly #pulls: Allowance
  readonly #waiting: Waiting[] = []

  constructor(options: RouterOptions) {
    this.#options = options
    this.#brought = new Brought(options)
    this.#shown = new Allowance(shownLimits, options.nowMs)
    this.#pulls = new Allowance(pullLimits, options.nowMs)
  }

  /** The agreement found that nothing of a message holds (NET-5). */
  refused(message: object): void {
    this.#brought.refused(message)
  }

  receive(from: PeerId, bytes: Uint8Array): void {
    const message = decodeMessage(bytes)
    const origin = { from, isDirect: true, author: undefined }
    // Bytes that are no message (ENC-1): their sender pays, as a forwarder of gossip does.
    if (message === undefined) this.#options.transport.penalise(from, 'MESSAGE_MALFORMED')
    else this.#route({ origin, message, bytes: bytes.length })
  }

  gossip({ from, author, bytes }: Omit<GossipMessage, 'topic'>): Verdict {
    const message = decodeMessage(bytes)
    if (message === undefined) return 'reject'
    return this.#route({ origin: { from, isDirect: false, author }, message, bytes: bytes.length })
  }

  /** Messages that came before the epoch they speak of. */
  replay(): void {
    const running = this.#options.running()
    const waiting = this.#waiting.splice(0)
    for (const { epoch, message, origin } of waiting) {
      if (epoch === running?.epoch) this.#give(running, message, origin)
    }
  }

  /** A proposal that was made whole here (BATCH-3): who brought its parts answers for it. */
  whole(proposal: Proposal, origin: Origin): Verdict {
    const running = this.#options.running()
    if (running === undefined) return 'ignore'
    return this.#brought.give(running, { type: 'proposal', proposal }, origin)
  }

  #give(running: RunningEpoch, message: Spoken, origin: Origin): Verdict {
    if (message.type === 'compact') return this.#options.onCompact(origin, message.compact)
    return this.#brought.give(running, message, origin)
  }

  /** Asks one peer for proposals; whether any came. */
  async fetch(transport: Transport, peer: PeerId, hashes: readonly Uint8Array[]): Promise<boolean> {
    const request = FetchRequest.encode({ hashes: [...hashes], batches: [] })
    const answer = await transport.request(peer, 'fetch', request, { timeoutMs: fetchTimeoutMs })
    if (!answer.ok) return false
    const decoded = decodeStrict(FetchResponse, answer.value, transportLimits.responseBytesMax)
    if (!decoded.ok) {
      transport.penalise(peer, decoded.error.code)
      return false
    }
    // What nobody asked for may be anything: only the hashes that were asked for are taken.
    const asked = new Set(hashes.map(hex))
    const found = decoded.value.proposals.filter(({ header }) =>
      asked.delete(hex(hash('header', header))),
    )
    if (found.length < decoded.value.proposals.length) transport.penalise(peer, 'FETCH_UNASKED')
    const origin = { from: peer, isDirect: true, author: undefined }
    for (const proposal of found) this.whole(proposal, origin)
    return found.length > 0
  }

  /** Forwarded is what is of use now. */
  #route(arrived: {
    readonly origin: Origin
    readonly message: Message
    readonly bytes: number
  }): Verdict {
    const { origin, message, bytes } = arrived
    const { from, isDirect } = origin
    if (message.type === 'block') {
      this.#options.onBlock(message.block, from)
      return 'accept'
    }
    if (message.type === 'batch' || message.type === 'held' || message.type === 'handIn') {
      // Between two nodes only: nobody forwards them.
      if (isDirect) this.#options.onBatch(from, message)
      return 'ignore'
    }
    const epoch = epochOf(message)
    const running = this.#options.running()
    if (epoch === undefined || running === undefined) return 'ignore'
    if (epoch === running.epoch) {
      const restart = restartOf(message, running)
      if (restart === undefined) return this.#give(running, message, origin)
      this.#options.onRestart(restart)
      return 'accept'
    }
    if (epoch < running.epoch) {
      if (isDirect && this.#shown.take(from)) this.#options.onBehind(from, epoch)
      return 'ignore'
    }
    if (this.#pulls.take(from)) this.#options.onAhead(from)
    const isNext = epoch === running.epoch + 1
    return isNext && this.#keep({ epoch, message, origin, bytes }) ? 'accept' : 'ignore'
  }

  /** Nobody pushes out what others brought: who has brought too much waits outside. */
  #keep(one: Waiting): boolean {
    const same = this.#waiting.filter(({ origin }) => origin.from === one.origin.from)
    const bytes = same.reduce((sum, each) => sum + each.bytes, one.bytes)
    if (this.#waiting.length >= waitingMax || same.length >= peerWaitingMax) return false
    if (bytes > peerWaitingBytesMax) return false
    this.#waiting.push(one)
    return true
  }
}

/** The record in a proposal of a committee that this node does not run. */
function restartOf(message: Spoken, running: RunningEpoch): Uint8Array | undefined {
  if (message.type !== 'proposal') return undefined
  const read = readHeader(message.proposal.header)
  const { committeeRoot } = running.engine.env
  if (!read.ok || equalBytes(read.value.header.committeeRoot, committeeRoot)) return undefined
  return restartOpening(message.proposal.body)?.bytes
}

function epochOf(message: Spoken): number | undefined {
  if (message.type === 'vote') return message.vote.epoch
  if (message.type === 'certificate') return message.certificate.epoch
  const { header } = message.type === 'compact' ? message.compact.proposal : message.proposal
  const read = readHeader(header)
  return read.ok ? read.value.header.epoch : undefined
}
