/**
 * Who answers for a message of the agreement that does not hold (NET-5, NET-2).
 *
 * Certificates and proposals are checked before they are forwarded, so whoever brings a false one
 * pays. A vote is not: the agreement checks it when it decides something, which may be much later.
 * Each seat speaks for itself, on its own stream or in an envelope that its own peer signed, so a
 * vote that comes like this is taken unchecked and that peer answers for it; a vote that somebody
 * else speaks is checked first, by every node, and is not forwarded unless it holds. No honest
 * forwarder pays for what it could not know.
 */
import { voteIsSigned } from '../core/bft/signing.ts'
import type { Agreement } from '../core/bft/types.ts'
import { equalBytes } from '../core/base/bytes.ts'
import type { Vote } from '../core/codec/chain.ts'
import type { View } from '../core/types/ids.ts'
import type { PeerId, Transport, Verdict } from '../ports/transport.ts'
import { readSingle } from '../core/ledger/state.ts'
import { parameters } from '../core/ledger/tables.ts'
import { Allowance } from './allowance.ts'
import type { Chain } from './chain.ts'
import type { RunningEpoch } from './epochRunner.ts'
import type { Message } from './wire.ts'

/** Checks of votes that somebody else than their seat brings, each a pairing, and for nothing. */
const checks = { windowMs: 10_000, peerMax: 32, totalMax: 256 }

type Spoken = Extract<Message, { type: 'proposal' | 'vote' | 'certificate' }>

export interface Origin {
  readonly from: PeerId
  readonly isDirect: boolean
  /** Who signed the envelope of a gossiped message; unknown where nobody says. */
  readonly author: PeerId | undefined
}

export interface BroughtOptions {
  readonly running: () => RunningEpoch | undefined
  readonly chain: Pick<Chain, 'tip'>
  readonly transport: Pick<Transport, 'peers' | 'penalise'>
  readonly nowMs: () => number
}

export class Brought {
  readonly #options: BroughtOptions
  readonly #checks: Allowance
  /** By the message as it was decoded; who pays, or nobody for what only the verdict punishes. */
  readonly #payers = new WeakMap<object, PeerId | undefined>()
  readonly #refused = new WeakSet()

  constructor(options: BroughtOptions) {
    this.#options = options
    this.#checks = new Allowance(checks, options.nowMs)
  }

  /** Gives it to the agreement; what becomes of it in gossip. */
  give(running: RunningEpoch, message: Spoken, origin: Origin): Verdict {
    const { engine } = running
    const told = contentOf(message)
    const isForeign =
      message.type === 'vote' && !this.#speaksForItself(running, message.vote, origin)
    if (isForeign) {
      if (holdsEqual(engine.state, message.vote) || !this.#checks.hasLeft(origin.from)) {
        return 'ignore'
      }
      if (!voteIsSigned(engine.env, message.vote)) {
        this.#checks.take(origin.from)
        return this.#forged(message, origin)
      }
    }
    this.#payers.set(told, this.#payerOf(message, origin))
    engine.receive(message)
    if (this.#refused.has(told)) return this.#verdictOf(message, origin)
    if (isHeld(engine.state, message)) return 'accept'
    if (isForeign) this.#checks.take(origin.from)
    return 'ignore'
  }

  /** The agreement found that nothing of it holds, maybe long after it came. */
  refused(message: object): void {
    if (this.#refused.has(message) || !this.#payers.has(message)) return
    this.#refused.add(message)
    this.#blame(this.#payers.get(message))
  }

  #speaksForItself({ committee }: RunningEpoch, vote: Vote, origin: Origin): boolean {
    const speaker = origin.isDirect ? origin.from : origin.author
    return speaker !== undefined && committee.seats[vote.seat]?.peerId === speaker
  }

  #forged(message: Spoken, origin: Origin): Verdict {
    this.#blame(this.#payerOf(message, origin))
    return this.#verdictOf(message, origin)
  }

  #blame(payer: PeerId | undefined): void {
    if (payer === undefined || !this.#mayBlame()) return
    this.#options.transport.penalise(payer, 'MESSAGE_FORGED')
  }

  /**
   * What another committee of the epoch signs does not hold here and is no forgery (RECOVER-1): a
   * Restart stands on a tip that is old, so none can be at work above a young one.
   */
  #mayBlame(): boolean {
    const { running, chain, nowMs } = this.#options
    const { restartAfterMs } = readSingle(chain.tip.state, parameters)
    const isYoung = nowMs() - chain.tip.timeMs < restartAfterMs / 2
    return isYoung && running()?.committee.attempt === 0
  }

  /** A relay forwards what it cannot judge. */
  #isRelay(peer: PeerId): boolean {
    return this.#options.transport.peers().some((one) => one.peer === peer && one.isRelay)
  }

  /** By a penalty; a gossip verdict of `reject` is one of its own. */
  #payerOf(message: Spoken, origin: Origin): PeerId | undefined {
    if (origin.isDirect) return origin.from
    return message.type === 'vote' || this.#isRelay(origin.from) ? origin.author : undefined
  }

  /** Of what was found false at once: the forwarder had to find that too, unless it is a relay. */
  #verdictOf(message: Spoken, origin: Origin): Verdict {
    if (origin.isDirect || !this.#mayBlame()) return 'ignore'
    // Taken unchecked elsewhere: only its author knew.
    const isUnchecked = message.type === 'vote' && this.#payers.has(message.vote)
    return isUnchecked || this.#isRelay(origin.from) ? 'ignore' : 'reject'
  }
}

function contentOf(message: Spoken): object {
  if (message.type === 'vote') return message.vote
  return message.type === 'certificate' ? message.certificate : message.proposal
}

function slotsOf(state: Agreement, view: number): readonly Vote[] {
  const here = state.views.get(view as View)
  if (here === undefined) return []
  return [here.votes, here.commits, here.skips].flatMap((slots) =>
    [...slots.values()].map(({ vote }) => vote),
  )
}

function holdsEqual(state: Agreement, vote: Vote): boolean {
  return slotsOf(state, vote.view).some(
    (one) => one.seat === vote.seat && equalBytes(one.signature, vote.signature),
  )
}

/** Whether the agreement keeps this very message: what it passed over is nobody's news. */
function isHeld(state: Agreement, message: Spoken): boolean {
  if (message.type === 'vote') return slotsOf(state, message.vote.view).includes(message.vote)
  if (message.type === 'proposal') {
    return [...state.blocks.values()].some(({ proposal }) => proposal === message.proposal)
  }
  const { certificate } = message
  const here = state.views.get(certificate.view as View)
  const held = [here?.quorum, here?.commitCertificate, here?.skipCertificate]
  return [...held, state.finalCertificate].includes(certificate)
}
