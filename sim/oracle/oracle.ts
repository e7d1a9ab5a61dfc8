/**
 * The invariants of docs/spec/agreement.md, checked on the bytes that nodes store and send and on
 * what they call final. It imports nothing of the core: it reads the wire, counts votes and quorums
 * and walks the chain by itself.
 */
import {
  hexOf,
  kinds,
  readCertificate,
  readHeader,
  readProposal,
  readVote,
  type SeenCertificate,
  type SeenVote,
} from './messages.ts'
import { isMalformed, type ShownBytes } from './malformed.ts'
import { Signed, name } from './signed.ts'

/** A committee as the oracle needs it. */
export interface SeenCommittee {
  readonly epoch: number
  /** Validator behind each seat, and its power. */
  readonly validators: readonly number[]
  readonly powers: readonly number[]
}

export interface FinalBlock {
  readonly height: number
  readonly epoch: number
  readonly hash: string
  readonly view: number
  readonly timeMs: number
  readonly by: Set<number>
}

export class Oracle {
  /** Validators whose misbehaviour is part of the scenario. */
  readonly byzantine: ReadonlySet<number>
  readonly violations: string[] = []
  /** Kinds of evidence found, by validator. */
  readonly convicted = new Map<number, Set<string>>()
  readonly alarms: { readonly node: number; readonly code: string; readonly view: number }[] = []
  /** Validators that two conflicting certificates name (FORK-1). */
  readonly named = new Set<number>()
  readonly chain = new Map<number, FinalBlock>()
  readonly heights = new Map<number, number>()
  readonly skippedViews = new Set<string>()
  readonly #committees = new Map<number, SeenCommittee>()
  readonly #quorums = new Map<number, number>()
  /** View → block, for QC and FC; `epoch.view` keys. */
  readonly #qcs = new Map<string, string>()
  readonly #fcs = new Map<string, string>()
  readonly #signed = new Signed((text) => {
    this.#fail(text)
  })
  /** Certificates that were looked at, and did not have to be again. */
  readonly #known = new Set<string>()
  /** Who proposes in a turn of the leaders' order: `epoch.turn` → seat (COM-4). */
  readonly #leaders = new Map<string, number>()
  /** Who showed a VOTE for a block: `epoch.view.block` → seats. */
  readonly #voters = new Map<string, Set<number>>()
  #forked = false

  constructor(byzantine: readonly number[]) {
    this.byzantine = new Set(byzantine)
  }

  get finalBlocks(): number {
    return this.chain.size
  }

  /** Two final blocks at one height. */
  get forked(): boolean {
    return this.#forked
  }

  committee(committee: SeenCommittee): void {
    if (this.#committees.has(committee.epoch)) return
    this.#committees.set(committee.epoch, committee)
    this.#quorums.set(committee.epoch, quorum(committee.powers))
  }

  durable(node: number, record: Uint8Array): void {
    this.#signed.durable(node, record)
  }

  sentVote(node: number, bytes: Uint8Array): void {
    const vote = readVote(bytes)
    const validator = this.#validatorOf(vote)
    const voters = this.#voters.get(blockKey(vote)) ?? new Set<number>()
    if (vote.kind === kinds.vote) this.#voters.set(blockKey(vote), voters.add(vote.seat))
    if (validator === undefined || this.byzantine.has(node)) return
    if (validator !== node) this.#fail(`${name(node)} sent a vote of another seat`)
    this.#signed.vote(node, vote)
  }

  sentProposal(node: number, bytes: Uint8Array): void {
    const { header, certificates } = readProposal(bytes)
    const { epoch, view, seat } = readHeader(header)
    this.#leaders.set(this.#turn(epoch, view), seat)
    if (this.byzantine.has(node)) return
    this.#signed.proposal(node, { epoch, view }, header)
    for (const certificate of certificates) this.#certificate(certificate)
  }

  sentCertificate(node: number, bytes: Uint8Array): void {
    if (!this.byzantine.has(node)) this.#certificate(readCertificate(bytes))
  }

  /** BFT-7: blocks became final at a node, oldest first. */
  final(
    by: { readonly id: number; readonly validator: number },
    block: { readonly hash: Uint8Array; readonly header: Uint8Array },
    certificate: Uint8Array,
  ): void {
    // A twin is a Byzantine validator's second node: what it believes counts for nobody.
    if (this.byzantine.has(by.validator)) return
    const node = by.id
    const shown = readCertificate(certificate)
    if (shown.kind !== kinds.commit) this.#fail(`${name(node)} finalised without FC`)
    this.#certificate(shown)
    const header = readHeader(block.header)
    const { height, epoch, view, timeMs } = header
    const before = this.heights.get(node) ?? 0
    if (height !== before + 1) {
      this.#fail(`${name(node)} finalised ${String(height)} after ${String(before)}`)
    }
    this.heights.set(node, height)
    const hash = hexOf(block.hash)
    const known = this.chain.get(height)
    if (known === undefined) {
      this.chain.set(height, { height, epoch, hash, view, timeMs, by: new Set([node]) })
      this.#linked(header, height)
    } else if (known.hash === hash) known.by.add(node)
    else {
      this.#forked = true
      this.#fail(`agreement: two final blocks at height ${String(height)}`)
    }
  }

  evidence(validator: number, kind: string): void {
    if (!this.byzantine.has(validator)) this.#fail(`${kind} against honest ${name(validator)}`)
    const known = this.convicted.get(validator) ?? new Set()
    this.convicted.set(validator, known.add(kind))
  }

  /** E5, E6: what is shown has to be wrong for the oracle too. */
  shown(kind: string, bytes: Uint8Array, shown: ShownBytes): void {
    const vote = readVote(bytes)
    const { epoch, view } = vote
    const isWrong = isMalformed(vote, shown, {
      leader: this.#leaders.get(this.#turn(epoch, view)),
      quorum: this.#quorums.get(epoch) ?? 0,
      powerOf: (seats) => this.#seatPower(epoch, seats),
    })
    if (!isWrong) this.#fail(`${kind} in view ${String(view)} shows nothing wrong`)
  }

  /** FORK-1: an honest node stopped, and names those whose signatures exclude each other. */
  alarm(
    node: number,
    alarm: { readonly code: string; readonly view: number },
    culprits: readonly number[],
  ): void {
    this.alarms.push({ node, code: alarm.code, view: alarm.view })
    for (const validator of culprits) {
      if (!this.byzantine.has(validator)) this.#fail(`an alarm names honest ${name(validator)}`)
      this.named.add(validator)
    }
  }

  /** FC ⇒ QC: at the end, what is committed or final stands on enough VOTEs of its block. */
  finish(): void {
    const final = [...this.chain.values()].map(
      ({ epoch, view, hash }) => [`${String(epoch)}.${String(view)}`, hash] as const,
    )
    for (const [key, block] of [...this.#fcs, ...final]) {
      const epoch = Number(key.split('.')[0])
      const voters = this.#voters.get(`${key}.${block}`) ?? new Set()
      const hidden = this.#powerOf(epoch, (validator) => this.byzantine.has(validator))
      const shown = this.#seatPower(epoch, [...voters])
      if (shown + hidden < (this.#quorums.get(epoch) ?? 0)) {
        this.#fail(`FC without QC in view ${key}: power ${String(shown)} voted`)
      }
    }
  }

  #certificate(certificate: SeenCertificate): void {
    const { epoch, view, kind, block, signers } = certificate
    const needed = this.#quorums.get(epoch)
    if (needed === undefined) return
    const key = `${String(epoch)}.${String(view)}`
    if (this.#seatPower(epoch, signers) < needed) {
      this.#fail(`an honest node sent a certificate without quorum at ${key}`)
      return
    }
    this.#signers(certificate)
    if (kind === kinds.skip) this.skippedViews.add(key)
    else {
      const seen = kind === kinds.vote ? this.#qcs : this.#fcs
      const known = seen.get(key)
      if (known !== undefined && known !== block) this.#fail(`two quorums at ${key}`)
      seen.set(key, block)
    }
    if (this.#fcs.has(key) && this.skippedViews.has(key)) this.#fail(`FC and NC at ${key}`)
  }

  /** Every honest seat in a certificate has signed it. */
  #signers({ kind, epoch, view, block, signers }: SeenCertificate): void {
    const id = `${String(kind)}:${String(epoch)}.${String(view)}:${block}:${signers.join()}`
    if (this.#known.has(id)) return
    this.#known.add(id)
    for (const seat of signers) {
      const validator = this.#committees.get(epoch)?.validators[seat]
      if (validator === undefined || this.byzantine.has(validator)) continue
      if (this.#signed.holds(validator, { kind, epoch, view, block })) continue
      this.#fail(`a certificate at ${String(epoch)}.${String(view)} forges ${name(validator)}`)
    }
  }

  /** Parents, times and views along the final chain; an NC for each view in between. */
  #linked(header: ReturnType<typeof readHeader>, height: number): void {
    const below = this.chain.get(height - 1)
    if (below === undefined) return
    const at = `height ${String(height)}`
    if (header.parent !== below.hash) this.#fail(`the final chain breaks at ${at}`)
    if (header.timeMs <= below.timeMs) this.#fail(`time is not monotone at ${at}`)
    if (header.epoch < below.epoch) this.#fail(`epochs run back at ${at}`)
    if (header.epoch === below.epoch && header.view <= below.view) {
      this.#fail(`views run back at ${at}`)
    }
    const first = header.epoch === below.epoch ? below.view + 1 : 1
    for (let view = first; view < header.view; view += 1) {
      if (!this.skippedViews.has(`${String(header.epoch)}.${String(view)}`)) {
        this.#fail(`view ${String(view)} was left out without NC below ${at}`)
      }
    }
  }

  #turn(epoch: number, view: number): string {
    const { length } = this.#committees.get(epoch)?.validators ?? []
    return `${String(epoch)}.${String((view - 1) % length)}`
  }

  #validatorOf(vote: SeenVote): number | undefined {
    return this.#committees.get(vote.epoch)?.validators[vote.seat]
  }

  #seatPower(epoch: number, seats: readonly number[]): number {
    const powers = this.#committees.get(epoch)?.powers ?? []
    return [...new Set(seats)].reduce((sum, seat) => sum + (powers[seat] ?? 0), 0)
  }

  #powerOf(epoch: number, wanted: (validator: number) => boolean): number {
    const committee = this.#committees.get(epoch)
    const seats = committee?.validators.map((validator, seat) => (wanted(validator) ? seat : -1))
    return this.#seatPower(epoch, seats?.filter((seat) => seat >= 0) ?? [])
  }

  #fail(text: string): void {
    if (this.violations.length < 100) this.violations.push(text)
  }
}

/** Section 4 of the protocol, counted anew. */
function quorum(powers: readonly number[]): number {
  const total = powers.reduce((sum, power) => sum + power, 0)
  const faulty = Math.floor((total - 1) / 3)
  const equal = powers.every((power) => power === 1)
  return equal && total < 21 ? Math.ceil((total + faulty + 1) / 2) : total - faulty
}

function blockKey({ epoch, view, block }: SeenVote): string {
  return `${String(epoch)}.${String(view)}.${block}`
}
