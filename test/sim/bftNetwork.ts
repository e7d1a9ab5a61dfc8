/**
 * The agreement of one epoch among n seats in one thread: a virtual clock, a seeded network with
 * delay, loss and cuts, and a store whose writes take time, around the production `step`.
 * The same seed gives the same run, message by message.
 */
import {
  Body,
  Header,
  Proposal,
  SafetyRecord,
  type Certificate,
} from '../../src/core/codec/chain.ts'
import { createAgreement } from '../../src/core/bft/init.ts'
import { votesOfSeat } from '../../src/core/bft/recover.ts'
import { certificatesAbove } from '../../src/core/bft/draft.ts'
import { step } from '../../src/core/bft/step.ts'
import type { Agreement, AgreementEnv, BlockNode, Effect, Input } from '../../src/core/bft/types.ts'
import { quorumOf } from '../../src/core/committee/quorum.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { merkleRoot, transactionTree } from '../../src/core/crypto/merkle.ts'
import { seatOf, timeOf, type SeatIndex, type TimeMs } from '../../src/core/types/ids.ts'
import { unwrap } from '../support/unwrap.ts'
import type { Message } from './message.ts'
import type { Oracle } from './oracle.ts'
import { seededRandom, type SeededRandom } from './random.ts'
import { stubBls } from './stubBls.ts'

export interface NetworkOptions {
  readonly seats: number
  readonly seed: number
  readonly lossShare?: number
  readonly delayMs?: readonly [number, number]
  readonly persistMs?: number
  readonly boundaryAtMs?: number
  readonly blockIntervalMs?: number
  readonly bls?: BlsBackend
}

interface SeatNode {
  state: Agreement
  /** What the shell keeps of finality, by height from 1. */
  final: { node: BlockNode; certificate: Certificate }[]
  isUp: boolean
  record: Uint8Array | undefined
  /** Blocks stored with the record. */
  pending: Map<string, Proposal>
  wakeAtMs: number
  /** Persisted effects run in order: the time at which the store is free again. */
  storeFreeAtMs: number
  generation: number
}

export const startMs = 1_800_000_000_000

export class BftNetwork {
  readonly envs: readonly AgreementEnv[]
  readonly nodes: SeatNode[] = []
  readonly random: SeededRandom
  readonly oracle: Oracle
  readonly options: Required<NetworkOptions>
  nowMs = startMs
  /** Messages for which this returns false are lost. */
  isLinked: (from: number, to: number) => boolean = () => true
  /** Byzantine seats: may replace what a seat sends to another one. */
  corrupt: (from: number, to: number, message: Message) => readonly Message[] = (_f, _t, m) => [m]
  #queue: { atMs: number; order: number; run: () => void }[] = []
  #order = 0

  constructor(options: NetworkOptions, oracle: Oracle) {
    this.options = {
      lossShare: 0,
      delayMs: [5, 40],
      persistMs: 3,
      boundaryAtMs: Number.MAX_SAFE_INTEGER,
      blockIntervalMs: 0,
      bls: stubBls,
      ...options,
    }
    this.oracle = oracle
    this.random = seededRandom(options.seed)
    this.envs = makeEnvs(this.options, this.random)
    this.envs.forEach((env, index) => {
      const state = unwrap(createAgreement(env, { nowMs: timeOf(this.nowMs), record: undefined }))
      this.nodes.push({
        state,
        final: [],
        isUp: true,
        record: undefined,
        pending: new Map(),
        wakeAtMs: 0,
        storeFreeAtMs: 0,
        generation: 0,
      })
      this.#at(this.nowMs, () => {
        this.feed(index, { type: 'start', nowMs: this.#time() })
      })
    })
  }

  /** Runs until the virtual clock has moved by `durationMs`. */
  run(durationMs: number): void {
    const endMs = this.nowMs + durationMs
    for (;;) {
      const next = this.#queue[0]
      if (next === undefined || next.atMs > endMs) break
      this.#pop()
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.run()
    }
    this.nowMs = endMs
  }

  feed(index: number, input: Input): void {
    const node = this.nodes[index]
    const env = this.envs[index]
    if (!node?.isUp || env === undefined) return
    const before = node.state
    const { state, effects } = step(env, before, input)
    node.state = state
    this.#perform(index, effects)
  }

  crash(index: number): void {
    const node = this.nodes[index]
    if (node === undefined) return
    node.isUp = false
    node.generation += 1
  }

  /** Starts again from the durable record, asking the others first (BFT-10). */
  restart(index: number, record = this.nodes[index]?.record): void {
    const node = this.nodes[index]
    const env = this.envs[index]
    if (node === undefined || env === undefined) return
    const decoded = record === undefined ? emptyRecord(env, index) : SafetyRecord.decode(record)
    node.state = unwrap(createAgreement(env, { nowMs: this.#time(), record: decoded }))
    node.isUp = true
    node.storeFreeAtMs = 0
    node.wakeAtMs = 0
    this.feed(index, { type: 'start', nowMs: this.#time() })
    const last = node.final.findLast(({ node: block, certificate }) =>
      Buffer.from(block.hash).equals(certificate.block),
    )
    if (last !== undefined) {
      const { headerBytes: header, proposal } = last.node
      const { certificate } = last
      const nowMs = this.#time()
      this.feed(index, { type: 'synced', nowMs, header, body: proposal.body, certificate })
    }
    for (const proposal of node.pending.values())
      this.deliver(index, index, { type: 'proposal', proposal })
    this.askRecovery(index)
  }

  askRecovery(index: number): void {
    const node = this.nodes[index]
    if (node?.state.mode.type !== 'recovering') return
    this.nodes.forEach((other, from) => {
      if (from === index || !other.isUp || !this.isLinked(index, from)) return
      this.#after(this.#delay() + this.#delay(), () => {
        const env = this.envs[from]
        if (!other.isUp || env === undefined || !this.isLinked(from, index)) return
        this.feed(index, {
          type: 'recoverAnswer',
          nowMs: this.#time(),
          seat: seatOf(from),
          certificates: certificatesAbove(other.state),
          votes: votesOfSeat(env, other.state, index),
        })
      })
    })
    this.#after(500, () => {
      this.askRecovery(index)
    })
  }

  #perform(index: number, effects: readonly Effect[]): void {
    const node = this.nodes[index]
    if (node === undefined) return
    const persist = effects.findIndex((effect) => effect.type === 'persist')
    const early = persist < 0 ? effects : effects.slice(0, persist)
    for (const effect of early) this.#performOne(index, effect)
    if (persist < 0) return
    const written = effects[persist]
    const generation = node.generation
    const doneAtMs = Math.max(this.nowMs, node.storeFreeAtMs) + this.options.persistMs
    node.storeFreeAtMs = doneAtMs
    this.#at(doneAtMs, () => {
      if (node.generation !== generation || written?.type !== 'persist') return
      node.record = written.record
      for (const block of written.pending) {
        node.pending.set(Buffer.from(block.hash).toString('hex'), Proposal.decode(block.bytes))
      }
      this.oracle.durable(index, written.record)
      for (const effect of effects.slice(persist + 1)) this.#performOne(index, effect)
    })
  }

  #performOne(index: number, effect: Effect): void {
    switch (effect.type) {
      case 'sendProposal':
        this.#broadcast(index, { type: 'proposal', proposal: effect.proposal })
        return
      case 'sendVote':
        this.#broadcast(index, { type: 'vote', vote: effect.vote })
        return
      case 'sendCertificate':
        this.#broadcast(index, { type: 'certificate', certificate: effect.certificate })
        return
      case 'build':
        this.#build(index, effect.request)
        return
      case 'check':
        this.#after(1, () => {
          this.feed(index, {
            type: 'checked',
            nowMs: this.#time(),
            hash: effect.node.hash,
            valid: !this.oracle.invalid.has(effect.node.key),
            isBoundary: this.#isBoundary(effect.node.header),
          })
        })
        return
      case 'fetch':
        this.#fetch(index, effect)
        return
      case 'final':
        this.#final(index, effect)
        return
      case 'evidence':
        this.oracle.evidence(index, effect.contradiction)
        return
      case 'wake':
        this.#wake(index, effect.atMs)
        return
      case 'alarm':
        this.oracle.alarm(index, effect)
        return
      case 'persist':
    }
  }

  #final(index: number, effect: Extract<Effect, { type: 'final' }>): void {
    const { nodes, certificate } = effect
    nodes.forEach((node) => this.nodes[index]?.final.push({ node, certificate }))
    this.oracle.final(index, effect)
  }

  /** What the shell does when a fetch finds nothing: catch up by final blocks (SYNC-1). */
  #sync(index: number, from: number): void {
    const [mine, theirs] = [this.nodes[index], this.nodes[from]]
    if (!mine?.isUp || !theirs?.isUp || !this.isLinked(from, index)) return
    const missing = theirs.final.slice(mine.final.length)
    const certified = missing.findLastIndex(({ node, certificate }) =>
      Buffer.from(node.hash).equals(certificate.block),
    )
    const last = missing[certified]
    if (last === undefined) return
    mine.final.push(...missing.slice(0, certified + 1))
    for (const { node, certificate } of missing.slice(0, certified + 1)) {
      this.oracle.final(index, {
        type: 'final',
        nodes: [node],
        path: [],
        certificate,
        closesEpoch: node.isBoundary,
      })
    }
    this.feed(index, {
      type: 'synced',
      nowMs: this.#time(),
      header: last.node.headerBytes,
      body: last.node.proposal.body,
      certificate: last.certificate,
    })
  }

  #isBoundary(header: Header): boolean {
    return header.timeMs >= startMs + this.options.boundaryAtMs
  }

  #wake(index: number, atMs: number): void {
    const node = this.nodes[index]
    if (node === undefined) return
    const generation = node.generation
    node.wakeAtMs = atMs
    this.#at(atMs, () => {
      if (node.generation !== generation || node.wakeAtMs !== atMs) return
      this.feed(index, { type: 'tick', nowMs: this.#time() })
    })
  }

  #build(index: number, request: Extract<Effect, { type: 'build' }>['request']): void {
    const env = this.envs[index]
    if (env === undefined) return
    this.#at(Math.max(this.nowMs + 1, request.notBeforeMs), () => {
      const timeMs = Math.max(this.nowMs, request.parentTimeMs + 1)
      const header: Header = {
        version: 1,
        chainId: env.chainId,
        epoch: env.epoch,
        height: request.parentHeight + 1,
        view: request.view,
        parent: Uint8Array.from(Buffer.from(request.parent, 'hex')),
        timeMs,
        seat: request.seat,
        parentStateRoot: new Uint8Array(32),
        parentReceiptsRoot: new Uint8Array(32),
        transactionsRoot: merkleRoot(transactionTree, []),
        justification: request.justification,
        committeeRoot: env.committeeRoot,
        nextCommitteeRoot: new Uint8Array(0),
        beaconShare: new Uint8Array(0),
        enrolmentRoot: new Uint8Array(0),
      }
      this.feed(index, {
        type: 'built',
        nowMs: this.#time(),
        view: request.view,
        header: Header.encode(header),
        body: Body.encode({ transactions: [] }),
        isBoundary: this.#isBoundary(header),
      })
    })
  }

  #fetch(index: number, effect: Extract<Effect, { type: 'fetch' }>): void {
    for (const from of effect.seats) {
      const other = this.nodes[from]
      if (from === index || !other?.isUp || !this.isLinked(from, index)) continue
      for (const wanted of effect.hashes) {
        const key = Buffer.from(wanted).toString('hex')
        this.#after(this.#delay() + this.#delay(), () => {
          const node = [...other.state.blocks.values()].find((one) => one.key === key)
          if (node && node.proposal.signature.length > 0) {
            this.deliver(from, index, { type: 'proposal', proposal: node.proposal })
          } else this.#sync(index, from)
        })
      }
    }
  }

  #broadcast(from: number, message: Message): void {
    this.oracle.sent(from, message)
    this.nodes.forEach((_node, to) => {
      if (to === from) return
      for (const one of this.corrupt(from, to, message)) {
        if (!this.isLinked(from, to) || this.random.next() < this.options.lossShare) continue
        this.#after(this.#delay(), () => {
          this.deliver(from, to, one)
        })
      }
    })
  }

  deliver(_from: number, to: number, message: Message): void {
    const nowMs = this.#time()
    if (message.type === 'proposal') this.feed(to, { ...message, nowMs })
    else if (message.type === 'vote') this.feed(to, { ...message, nowMs })
    else this.feed(to, { ...message, nowMs })
  }

  #delay(): number {
    const [least, most] = this.options.delayMs
    return least + this.random.below(most - least + 1)
  }

  #time(): TimeMs {
    return timeOf(this.nowMs)
  }

  #after(delayMs: number, run: () => void): void {
    this.#at(this.nowMs + delayMs, run)
  }

  /** A binary heap by time, then by order of arrival. */
  #at(atMs: number, run: () => void): void {
    const queue = this.#queue
    queue.push({ atMs, order: (this.#order += 1), run })
    for (let child = queue.length - 1; child > 0;) {
      const parent = (child - 1) >> 1
      if (this.#isBefore(parent, child)) break
      this.#swap(parent, child)
      child = parent
    }
  }

  #pop(): void {
    const queue = this.#queue
    this.#swap(0, queue.length - 1)
    queue.pop()
    for (let parent = 0; ;) {
      let least = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < queue.length && this.#isBefore(child, least)) least = child
      }
      if (least === parent) return
      this.#swap(parent, least)
      parent = least
    }
  }

  #isBefore(left: number, right: number): boolean {
    const [a, b] = [this.#queue[left], this.#queue[right]]
    if (a === undefined || b === undefined) return false
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order)
  }

  #swap(left: number, right: number): void {
    const [a, b] = [this.#queue[left], this.#queue[right]]
    if (a === undefined || b === undefined) return
    this.#queue[left] = b
    this.#queue[right] = a
  }
}

function emptyRecord(env: AgreementEnv, index: number): SafetyRecord {
  return {
    epoch: env.epoch,
    epochKey: env.seats[index]?.epochKey ?? new Uint8Array(0),
    view: 1,
    floorView: 1,
    votes: [],
    certificates: [],
    sequence: 0,
    attempt: env.attempt,
  }
}

function makeEnvs(options: Required<NetworkOptions>, random: SeededRandom): AgreementEnv[] {
  const { bls } = options
  const secrets = Array.from({ length: options.seats }, () => {
    const secret = random.bytes(32)
    secret[0] = 0 // Below the order of the group.
    return secret
  })
  const seats = secrets.map((secret) => ({ epochKey: bls.publicKey(secret), power: 1 }))
  const rootHash = hash('genesis', Uint8Array.of(options.seed & 255))
  return secrets.map((secret, index) => ({
    chainId: 'sim',
    epoch: 0,
    attempt: 0,
    committeeRoot: hash('committee', rootHash),
    seats,
    leaders: seats.map((_seat, order) => order),
    ...quorumOf(seats.map((seat) => seat.power)),
    root: { hash: rootHash, height: 0, timeMs: timeOf(startMs), certificate: undefined, path: [] },
    times: {
      deltaMs: 250,
      deltaCapMs: 1200,
      deltaSlowCapMs: 10_000,
      blockIntervalMs: options.blockIntervalMs,
      timePastMs: 2000,
      timeFutureMs: 500,
      standstillMs: 1000,
    },
    bls,
    own: { seat: index as SeatIndex, sign: (message) => bls.sign(secret, message) },
  }))
}
