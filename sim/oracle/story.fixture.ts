/**
 * What four nodes say, byte by byte, for tests of the oracle: a chain of three views in which
 * nothing is wrong, and the pieces to go on with what is.
 */
import {
  Certificate,
  Header,
  Proposal,
  SafetyRecord,
  Vote,
  VoteKind,
} from '../../src/core/codec/chain.ts'
import { protocol } from '../../src/core/params.ts'
import { Oracle } from './oracle.ts'

const none = new Uint8Array(0)
const seats = [0, 1, 2, 3]
const quorum = [0, 1, 2]

/** A block is known by one byte here; 0 stands for no block. */
const hashOf = (block: number): Uint8Array => (block === 0 ? none : new Uint8Array(32).fill(block))

interface Place {
  readonly view: number
  readonly block: number
  readonly epoch?: number
}

export interface Block extends Place {
  readonly height: number
  readonly parent: number
  readonly timeMs: number
}

export function headerOf({ view, height, parent, timeMs, epoch = 0 }: Omit<Block, 'block'>) {
  return Header.encode({
    version: protocol.version,
    chainId: 'sim',
    epoch,
    height,
    view,
    timeMs,
    seat: (view - 1) % seats.length,
    parent: hashOf(parent),
    parentStateRoot: none,
    parentReceiptsRoot: none,
    transactionsRoot: none,
    justification: none,
    committeeRoot: none,
    nextCommitteeRoot: none,
    enrolmentRoot: none,
  })
}

export function voteOf(kind: VoteKind, seat: number, place: Place): Vote {
  const { view, block, epoch = 0 } = place
  const signed = { kind, epoch, view, block: hashOf(block), seat }
  return { ...signed, signature: none, leaderSignature: none }
}

export function certificateOf(kind: VoteKind, place: Place, signers = quorum): Certificate {
  const { view, block, epoch = 0 } = place
  const bits = signers.reduce((sum, seat) => sum | (1 << seat), 0)
  const signed = { kind, epoch, view, block: hashOf(block) }
  return { ...signed, signers: Uint8Array.of(bits), signature: none }
}

export class Story {
  readonly oracle: Oracle

  constructor(byzantine: readonly number[] = []) {
    this.oracle = new Oracle(byzantine)
    for (const epoch of [0, 1]) {
      this.oracle.committee({ epoch, validators: seats, powers: seats.map(() => 1) })
    }
  }

  durable(node: number, ...votes: Vote[]): this {
    const empty = { epochKey: none, floorView: 0, certificates: [], sequence: 1, attempt: 0 }
    this.oracle.durable(node, SafetyRecord.encode({ ...empty, epoch: 0, view: 1, votes }))
    return this
  }

  /** Without a record before. */
  sends(node: number, vote: Vote): this {
    this.oracle.sentVote(node, Vote.encode(vote))
    return this
  }

  votes(kind: VoteKind, place: Place, by: readonly number[] = seats): this {
    for (const seat of by) {
      const vote = voteOf(kind, seat, place)
      this.durable(seat, vote).sends(seat, vote)
    }
    return this
  }

  certifies(kind: VoteKind, place: Place, options: { by?: number; signers?: number[] } = {}): this {
    const certificate = certificateOf(kind, place, options.signers)
    this.oracle.sentCertificate(options.by ?? 3, Certificate.encode(certificate))
    return this
  }

  /** Without a record before. */
  shows(node: number, header: Uint8Array): this {
    const proposal = { header, body: none, signature: none, path: [], skips: [] }
    this.oracle.sentProposal(node, Proposal.encode(proposal))
    return this
  }

  proposes(node: number, block: Block): this {
    this.durable(node, voteOf(VoteKind.PROPOSE, node, block))
    return this.shows(node, headerOf(block))
  }

  /** A view that leaves its block out. */
  skips(view: number, epoch = 0): this {
    const place = { view, block: 0, epoch }
    return this.votes(VoteKind.SKIP, place).certifies(VoteKind.SKIP, place)
  }

  /** VOTEs, QC, COMMITs and FC of a block. */
  commits(place: Place): this {
    return this.votes(VoteKind.VOTE, place)
      .certifies(VoteKind.VOTE, place)
      .votes(VoteKind.COMMIT, place)
      .certifies(VoteKind.COMMIT, place)
  }

  /** `shown`: another certificate than the block's own FC. */
  finalises(block: Block, by: readonly number[] = seats, shown?: Certificate): this {
    const certificate = Certificate.encode(shown ?? certificateOf(VoteKind.COMMIT, block))
    const node = { hash: hashOf(block.block), header: headerOf(block) }
    for (const id of by) this.oracle.final({ id, validator: id }, node, certificate)
    return this
  }

  agrees(block: Block): this {
    return this.proposes((block.view - 1) % seats.length, block)
      .commits(block)
      .finalises(block)
  }

  /** What the oracle says at the end of the run. */
  violations(): readonly string[] {
    this.oracle.finish()
    return this.oracle.violations
  }
}

/** The two blocks of a quiet chain, with a view between them that was skipped. */
export const first: Block = { view: 1, block: 1, height: 1, parent: 9, timeMs: 1000 }
export const second: Block = { view: 3, block: 2, height: 2, parent: 1, timeMs: 2000 }
/** What a right third block would be. */
export const third: Block = { view: 4, block: 3, height: 3, parent: 2, timeMs: 3000 }

export function quiet(byzantine: readonly number[] = []): Story {
  return new Story(byzantine).agrees(first).skips(2).agrees(second)
}
