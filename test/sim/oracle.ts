/**
 * The invariants of section 7 of docs/spec/agreement.md, checked on what nodes send, store and
 * finalise. Shares no code with the core but the decoders: it counts votes itself.
 */
import { SafetyRecord, VoteKind, type Certificate, type Vote } from '../../src/core/codec/chain.ts'
import type { Contradiction, Effect } from '../../src/core/bft/types.ts'
import type { Message } from './message.ts'

type Final = Extract<Effect, { type: 'final' }>

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

export class Oracle {
  readonly seatCount: number
  readonly quorum: number
  /** Seats whose misbehaviour is part of the scenario. */
  readonly byzantine: ReadonlySet<number>
  /** Blocks (hex) that the application refuses. */
  readonly invalid = new Set<string>()
  readonly violations: string[] = []
  readonly convicted = new Map<number, Set<string>>()
  readonly alarms: string[] = []
  /** Final chain by height, as first reported, and how many nodes reported it. */
  readonly chain = new Map<number, { key: string; view: number; timeMs: number; by: Set<number> }>()
  readonly heights: number[]
  readonly closed = new Set<number>()
  #finalCount = 0
  readonly #qcs = new Map<number, string>()
  readonly #fcs = new Map<number, string>()
  readonly #ncs = new Set<number>()
  readonly #signed = new Map<string, string>()
  readonly #durable: Set<string>[]

  constructor(options: { seatCount: number; quorum: number; byzantine?: readonly number[] }) {
    this.seatCount = options.seatCount
    this.quorum = options.quorum
    this.byzantine = new Set(options.byzantine ?? [])
    this.heights = Array.from({ length: options.seatCount }, () => 0)
    this.#durable = Array.from({ length: options.seatCount }, () => new Set())
  }

  get finalBlocks(): number {
    return this.#finalCount
  }

  /** Least final height among the given nodes (all honest ones by default). */
  leastHeight(nodes = this.heights.map((_height, index) => index)): number {
    return Math.min(
      ...nodes
        .filter((index) => !this.byzantine.has(index))
        .map((index) => this.heights[index] ?? 0),
    )
  }

  durable(node: number, record: Uint8Array): void {
    for (const vote of SafetyRecord.decode(record).votes) this.#durable[node]?.add(idOf(vote))
  }

  sent(node: number, message: Message): void {
    if (message.type === 'vote') this.#voteSent(node, message.vote)
    if (message.type === 'certificate') this.#certificateSeen(message.certificate)
    if (message.type === 'proposal') {
      const { parent, skips } = message.proposal
      if (parent) this.#certificateSeen(parent)
      skips.forEach((skip) => {
        this.#certificateSeen(skip)
      })
    }
  }

  #voteSent(node: number, vote: Vote): void {
    if (this.byzantine.has(node)) return
    if (vote.seat !== node) this.#fail(`node ${String(node)} sent a vote of another seat`)
    if (!this.#durable[node]?.has(idOf(vote))) {
      this.#fail(`BFT-10: seat ${String(node)} sent ${idOf(vote)} before it was durable`)
    }
    const place = `${String(node)}:${vote.kind}:${String(vote.view)}`
    const known = this.#signed.get(place)
    if (known !== undefined && known !== hexOf(vote.block)) {
      this.#fail(`seat ${String(node)} signed two ${vote.kind} in view ${String(vote.view)}`)
    }
    this.#signed.set(place, hexOf(vote.block))
    const other = vote.kind === VoteKind.COMMIT ? VoteKind.SKIP : VoteKind.COMMIT
    if (
      vote.kind !== VoteKind.VOTE &&
      this.#signed.has(`${String(node)}:${other}:${String(vote.view)}`)
    ) {
      this.#fail(`BFT-5: seat ${String(node)} sent COMMIT and SKIP in view ${String(vote.view)}`)
    }
  }

  #certificateSeen(certificate: Certificate): void {
    const { view, kind } = certificate
    const signers = certificate.signers.reduce((sum, byte) => sum + bits(byte), 0)
    if (certificate.epoch !== 0) return
    if (signers < this.quorum) return // Forged by a Byzantine seat; nobody may adopt it.
    const block = hexOf(certificate.block)
    if (kind === VoteKind.SKIP) this.#ncs.add(view)
    const seen =
      kind === VoteKind.VOTE ? this.#qcs : kind === VoteKind.COMMIT ? this.#fcs : undefined
    const known = seen?.get(view)
    if (known !== undefined && known !== block)
      this.#fail(`two ${kind} quorums in view ${String(view)}`)
    seen?.set(view, block)
    if (this.#fcs.has(view) && this.#ncs.has(view)) this.#fail(`FC and NC in view ${String(view)}`)
  }

  final(node: number, effect: Final): void {
    this.#certificateSeen(effect.certificate)
    let height = this.heights[node] ?? 0
    for (const block of effect.nodes) {
      if (block.header.height !== height + 1) {
        this.#fail(
          `node ${String(node)} finalised ${String(block.header.height)} after ${String(height)}`,
        )
      }
      height = block.header.height
      const known = this.chain.get(height)
      if (known === undefined) {
        const { view, timeMs } = block.header
        this.chain.set(height, { key: block.key, view, timeMs, by: new Set([node]) })
        this.#finalCount += 1
        this.#orderOf(height)
      } else if (known.key !== block.key) {
        this.#fail(`agreement: two final blocks at height ${String(height)}`)
      } else known.by.add(node)
    }
    this.heights[node] = height
    if (effect.closesEpoch) this.closed.add(node)
  }

  #orderOf(height: number): void {
    const [below, here] = [this.chain.get(height - 1), this.chain.get(height)]
    if (below === undefined || here === undefined) return
    if (here.timeMs <= below.timeMs) this.#fail(`time is not monotone at height ${String(height)}`)
    if (here.view <= below.view) this.#fail(`view is not monotone at height ${String(height)}`)
  }

  evidence(_node: number, contradiction: Contradiction): void {
    const { seat, kind } = contradiction
    if (!this.byzantine.has(seat)) this.#fail(`${kind} against honest seat ${String(seat)}`)
    const kinds = this.convicted.get(seat) ?? new Set()
    this.convicted.set(seat, kinds.add(kind))
  }

  alarm(node: number, effect: Extract<Effect, { type: 'alarm' }>): void {
    this.alarms.push(`${String(node)}:${effect.code}:${String(effect.view)}`)
  }

  #fail(text: string): void {
    this.violations.push(text)
  }
}

function idOf(vote: Vote): string {
  return `${vote.kind}:${String(vote.view)}:${hexOf(vote.block)}`
}

function bits(byte: number): number {
  let count = 0
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1
  return count
}
