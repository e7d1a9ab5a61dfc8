/** Hand-made messages of a committee of four, for tests of single steps. */
import {
  Body,
  Header,
  VoteKind,
  type Certificate,
  type Proposal,
  type Vote,
} from '../../src/core/codec/chain.ts'
import { aggregate } from '../../src/core/bft/certificate.ts'
import { createAgreement } from '../../src/core/bft/init.ts'
import { messageOf, signVote } from '../../src/core/bft/signing.ts'
import { step } from '../../src/core/bft/step.ts'
import type { Agreement, AgreementEnv, Effect, Input } from '../../src/core/bft/types.ts'
import { Justification } from '../../src/core/codec/chain.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { merkleRoot, transactionTree } from '../../src/core/crypto/merkle.ts'
import { protocol } from '../../src/core/params.ts'
import { timeOf, type TimeMs } from '../../src/core/types/ids.ts'
import { unwrap } from '../support/unwrap.ts'
import { startMs, timesWith } from '../../sim/options.ts'
import { Simulation } from '../../sim/simulation.ts'

export const at = (offsetMs: number): TimeMs => timeOf(startMs + offsetMs)

const none = new Uint8Array(0)

/** One seat under test; the other three speak as the test lets them. */
export class Bench {
  readonly envs: readonly AgreementEnv[]
  readonly seat: number
  state: Agreement
  effects: readonly Effect[] = []

  constructor(seat: number, options: { readonly blockIntervalMs?: number } = {}) {
    const { blockIntervalMs = 0 } = options
    const network = new Simulation({ seats: 4, seed: 77, times: timesWith({ blockIntervalMs }) })
    this.envs = network.instances.map(({ env }) => ({ ...env, leaders: [0, 1, 2, 3] }))
    this.seat = seat
    const created = createAgreement(this.env, { nowMs: at(0), record: undefined })
    this.state = unwrap(created)
  }

  get env(): AgreementEnv {
    const env = this.envs[this.seat]
    if (env === undefined) throw new Error('four seats')
    return env
  }

  feed(input: Input): readonly Effect[] {
    const { state, effects } = step(this.env, this.state, input)
    this.state = state
    this.effects = effects
    return effects
  }

  /** Votes that the seat under test sent in the last step. */
  sent(kind?: VoteKind): readonly Vote[] {
    return this.effects
      .flatMap((effect) => (effect.type === 'sendVote' ? [effect.vote] : []))
      .filter((vote) => kind === undefined || vote.kind === kind)
  }

  vote(seat: number, kind: VoteKind, view: number, block: Uint8Array = none): Vote {
    const env = this.envs[seat]
    if (env === undefined) throw new Error('four seats')
    const leader = this.envs[(view - 1) % 4]
    const isVote = kind === VoteKind.VOTE
    const message = messageOf(env, { kind: VoteKind.PROPOSE, view, block })
    const leaderSignature = isVote ? leader?.own?.sign(message) : undefined
    return signVote(env, { kind, view, block }, leaderSignature ?? none)
  }

  certificate(
    kind: VoteKind,
    view: number,
    options: { readonly block?: Uint8Array; readonly seats?: readonly number[] } = {},
  ): Certificate {
    const { block = none, seats = [0, 1, 2] } = options
    const votes = seats.map((seat) => this.vote(seat, kind, view, block))
    const certificate = aggregate(this.env, votes)
    if (certificate === undefined) throw new Error('the backend aggregates')
    return certificate
  }

  /** A proposal of the view's leader on the root, or on `parent`. */
  proposal(
    view: number,
    options: {
      readonly timeMs?: number
      readonly parent?: {
        readonly hash: Uint8Array
        readonly height: number
        readonly qc: Certificate
      }
      readonly skips?: readonly Certificate[]
      readonly salt?: number
    } = {},
  ): { readonly proposal: Proposal; readonly hash: Uint8Array } {
    const { parent, skips = [], timeMs = at(view * 10), salt = 0 } = options
    const leader = this.envs[(view - 1) % 4]
    const { env } = this
    const path: Uint8Array[] = []
    const justification = parent
      ? { parent: parent.qc, path, skips: [...skips] }
      : { path, skips: [...skips] }
    const header = Header.encode({
      version: protocol.version,
      chainId: env.chainId,
      epoch: env.epoch,
      height: (parent?.height ?? 0) + 1,
      view,
      parent: parent?.hash ?? env.root.hash,
      timeMs,
      seat: (view - 1) % 4,
      parentStateRoot: new Uint8Array(32).fill(salt),
      parentReceiptsRoot: new Uint8Array(32),
      transactionsRoot: merkleRoot(transactionTree, []),
      justification: hash('justification', Justification.encode(justification)),
      committeeRoot: env.committeeRoot,
      nextCommitteeRoot: none,
      enrolmentRoot: none,
    })
    const block = hash('header', header)
    const message = messageOf(env, { kind: VoteKind.PROPOSE, view, block })
    const signature = leader?.own?.sign(message) ?? none
    const body = Body.encode({ transactions: [] })
    return { proposal: { header, body, signature, ...justification }, hash: block }
  }

  /** Delivers a proposal and the shell's answer that it is valid. */
  accept(made: { readonly proposal: Proposal; readonly hash: Uint8Array }, nowMs: TimeMs): void {
    this.feed({ type: 'proposal', nowMs, proposal: made.proposal })
    this.feed({ type: 'checked', nowMs, hash: made.hash, valid: true, isBoundary: false })
  }
}
