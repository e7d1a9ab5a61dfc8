/**
 * A network of nodes in one thread: the production agreement under a seeded clock, network, store
 * and processor. The same options give the same run, message by message, in every engine.
 */
import type { AgreementRoot, BlockNode, Effect } from '../src/core/bft/types.ts'
import { emptyRecord } from './node/emptyRecord.ts'
import { hex } from '../src/core/base/bytes.ts'
import { Certificate, Header, SafetyRecord, VoteKind } from '../src/core/codec/chain.ts'
import type { BlsBackend } from '../src/core/crypto/bls.ts'
import { hash } from '../src/core/crypto/hash.ts'
import { timeOf } from '../src/core/types/ids.ts'
import { Audit } from './base/audit.ts'
import { EventQueue } from './base/eventQueue.ts'
import { seededRandom, type SeededRandom } from './base/random.ts'
import { Committees, type CommitteeOptions } from './committees.ts'
import type { LedgerOptions } from './ledger/ledgerOptions.ts'
import { LedgerRun } from './ledger/ledgerRun.ts'
import { Metrics } from './metrics.ts'
import { Links, type Place } from './network/links.ts'
import { buildBlock } from './node/buildBlock.ts'
import { CatchUp } from './node/catchUp.ts'
import { Evidence } from './node/evidence.ts'
import { EvidenceLedger } from './node/evidenceLedger.ts'
import { Instance, type InstanceHost } from './node/instance.ts'
import { Load } from './node/load.ts'
import { bytesOf, inputOf, type Message } from './node/message.ts'
import { meteredBls } from './node/meteredBls.ts'
import { witnessAlarm, witnessEvidence, witnessMessage } from './node/witness.ts'
import { Oracle } from './oracle/oracle.ts'
import { standardOptions, startMs, type SimOptions } from './options.ts'

/** What an adversary may do with a message on its way; none means it is held back. */
export type Filter = (from: Instance, to: Instance, message: Message) => readonly Message[]

const certifiedBy: Readonly<Partial<Record<VoteKind, 'quorumUs' | 'skipUs' | 'finalUs'>>> = {
  [VoteKind.VOTE]: 'quorumUs',
  [VoteKind.SKIP]: 'skipUs',
  [VoteKind.COMMIT]: 'finalUs',
}

export class Simulation implements InstanceHost {
  readonly options: SimOptions
  readonly queue = new EventQueue(startMs * 1000)
  readonly random: SeededRandom
  readonly committees: Committees
  readonly links: Links
  readonly oracle: Oracle
  readonly audit = new Audit()
  readonly metrics = new Metrics(this.queue)
  readonly instances: Instance[] = []
  /** Messages between two nodes for which this is false do not arrive. */
  isLinked: (from: Instance, to: Instance) => boolean = () => true
  /** What a sender really sends to one receiver. */
  filter: Filter = (_from, _to, message) => [message]
  /** Blocks (hex) that every honest node's execution refuses. */
  readonly refused = new Set<string>()
  readonly catchUp: CatchUp
  readonly load: Load | undefined
  readonly evidence: Evidence | undefined
  /** The production ledger at every node; without it blocks have no state. */
  readonly ledger: LedgerRun | undefined
  readonly #waiting = new Map<number, { readonly from: Instance; readonly message: Message }[]>()

  constructor(options: Partial<SimOptions> & { readonly seats: number; readonly seed: number }) {
    this.options = standardOptions(options)
    const { seed, validators, seats, powers, times, links, places, byzantine } = this.options
    this.random = seededRandom(seed)
    const keys = this.#backend({ spentUs: 0 })
    this.keys = keys
    const { threat } = this.options
    const shape = { seed, validators, seats, times, threat, keys }
    this.oracle = new Oracle(byzantine)
    this.ledger = this.options.ledger && this.#ledgerRun(this.options.ledger, shape)
    const committee = { ...shape, ...(powers && { powers }) }
    this.committees = this.ledger?.committees ?? new Committees(committee)
    const all: Place[] = [...places(this.random.fork(1))]
    this.links = new Links(all, links, this.random.fork(2))
    this.catchUp = new CatchUp(this)
    const { load } = this.options
    this.load = load && new Load(this, load)
    this.evidence = this.options.hasEvidence ? this.#evidenceDesk() : undefined
    for (let validator = 0; validator < validators; validator += 1) this.addInstance(validator)
  }

  /** Makes signatures outside of any node: what they cost is charged to nobody. */
  readonly keys: BlsBackend
  #closedViews = 0
  #closedEpoch = -1

  /** Views of epochs that are over, for counting. */
  get viewsOfClosedEpochs(): number {
    return this.#closedViews
  }

  get costs(): SimOptions['costs'] {
    return this.options.costs
  }

  /** Another node with a validator's keys is a twin; the first one is the validator's own. */
  addInstance(validator: number): Instance {
    const meter = { spentUs: 0 }
    const id = this.instances.length
    const root = this.genesisRoot()
    const bls = this.#backend(meter)
    this.#announce(0)
    const env = this.committees.env(0, { validator, root, bls })
    const instance = new Instance({ id, validator, meter }, env, this)
    this.instances.push(instance)
    this.load?.begin(instance)
    this.ledger?.join(instance)
    instance.take(() => ({ type: 'start', nowMs: instance.nowMs }))
    return instance
  }

  run(durationMs: number): void {
    this.queue.runUntil(this.queue.nowUs + durationMs * 1000)
  }

  /** True milliseconds since the run began. */
  get elapsedMs(): number {
    return this.queue.nowUs / 1000 - startMs
  }

  crash(index: number): void {
    this.instances[index]?.crash()
  }

  /** Starts again from the durable record, asking the others first (BFT-10). */
  restart(index: number, record = this.instances[index]?.record): void {
    const instance = this.instances[index]
    if (instance === undefined) return
    this.ledger?.restart(instance)
    const { env } = instance
    const seat = env.own?.seat
    const stored = record === undefined ? undefined : SafetyRecord.decode(record)
    const own = stored?.epoch === env.epoch ? stored : emptyRecord(env, seat ?? 0)
    instance.begin(env, seat === undefined ? undefined : own)
    this.catchUp.resume(instance)
  }

  genesisRoot(): AgreementRoot {
    if (this.ledger !== undefined) return this.ledger.root
    const genesis = hash('genesis', Uint8Array.of(this.options.seed & 255))
    const timeMs = timeOf(startMs)
    return { hash: genesis, height: 0, timeMs, certificate: undefined, path: [] }
  }

  /** Least final height among the nodes of honest validators but `except`; twins do not count. */
  leastHeight(except: readonly number[] = []): number {
    const heights = this.instances
      .slice(0, this.options.validators)
      .filter(({ id }) => !except.includes(id) && !this.oracle.byzantine.has(id))
      .map(({ final }) => final.length)
    return Math.min(...heights)
  }

  /** Nothing runs at this node for so long: a tab that the browser froze. */
  freeze(index: number, durationMs: number): void {
    const instance = this.instances[index]
    if (instance !== undefined) instance.frozenUntilUs = this.queue.nowUs + durationMs * 1000
  }

  /** From now on the clock is so far from true time, and runs faster by this share. */
  setClock(index: number, offsetMs: number, drift = 0): void {
    this.instances[index]?.setClock(offsetMs, drift)
  }

  /** What a device holds that was given the keys and nothing else. */
  emptyRecordOf(instance: Instance): SafetyRecord {
    return emptyRecord(instance.env, instance.seat ?? 0)
  }

  /** The next committee takes over at this node (EPOCH-2). */
  beginEpoch(instance: Instance, epoch: number, root: AgreementRoot): void {
    this.ledger?.begin(instance, epoch, root)
    this.#announce(epoch)
    const { validator, meter } = instance
    const env = this.committees.env(epoch, { validator, root, bls: this.#backend(meter) })
    instance.pending.clear()
    instance.begin(env, undefined)
    this.load?.begin(instance)
    const waiting = this.#waiting.get(instance.id) ?? []
    this.#waiting.delete(instance.id)
    for (const { from, message } of waiting) this.deliver(from, instance, message)
  }

  durable(instance: Instance, record: Uint8Array): void {
    this.metrics.recordBytesMax = Math.max(this.metrics.recordBytesMax, record.length)
    this.oracle.durable(instance.validator, record)
  }

  lostTime(instance: Instance): void {
    this.catchUp.askRecovery(instance)
  }

  perform(instance: Instance, effect: Effect): void {
    const { epoch } = instance.env
    switch (effect.type) {
      case 'sendProposal':
        this.metrics.proposed(this.#place(Header.decode(effect.proposal.header)))
        this.broadcast(instance, { type: 'proposal', epoch, proposal: effect.proposal })
        return
      case 'sendVote':
        if (effect.vote.kind === VoteKind.COMMIT) {
          this.metrics.commit(hex(effect.vote.block), instance.id)
        }
        this.broadcast(instance, { type: 'vote', epoch, vote: effect.vote })
        return
      case 'sendCertificate':
        this.metrics.certified(
          this.#place(effect.certificate),
          certifiedBy[effect.certificate.kind] ?? 'finalUs',
          instance.id,
        )
        this.broadcast(instance, { type: 'certificate', epoch, certificate: effect.certificate })
        return
      case 'build':
        buildBlock(this, instance, effect.request)
        return
      case 'check':
        if (this.ledger === undefined) this.#check(instance, effect)
        else this.ledger.check(instance, effect.node)
        return
      case 'fetch':
        this.catchUp.fetch(instance, effect)
        return
      case 'final':
        this.#final(instance, effect)
        return
      case 'strong':
        this.metrics.strong += 1
        return
      case 'evidence':
        if (!witnessEvidence(this, instance, effect.contradiction)) return
        this.evidence?.file(instance, effect.contradiction)
        this.ledger?.file(instance, effect.contradiction)
        return
      case 'alarm':
        witnessAlarm(this, instance, effect)
        return
      default:
    }
  }

  #place({ epoch, view }: { readonly epoch: number; readonly view: number }) {
    const { leaders, validators } = this.committees.of(epoch)
    const leader = validators[leaders[(view - 1) % leaders.length] ?? 0] ?? 0
    return { epoch, view, leader }
  }

  isBoundary(timeMs: number, epoch: number): boolean {
    const { epochMs, boundaryMs } = this.options
    return timeMs >= startMs + epoch * epochMs + boundaryMs
  }

  broadcast(from: Instance, said: Message): void {
    witnessMessage(this.oracle, from, said)
    const isLoaded = this.load !== undefined && said.type === 'proposal'
    const message = isLoaded ? this.load.outgoing(from, said) : said
    // Everyone has another order, so that no place is always last in an upload.
    const { length } = this.instances
    for (let step = 1; step < length; step += 1) {
      const to = this.instances[(from.id + step) % length]
      if (to !== undefined) this.send(from, to, message)
    }
  }

  send(from: Instance, to: Instance, message: Message): void {
    if (to.validator === from.validator && to.id === from.id) return
    for (const one of this.filter(from, to, message)) {
      this.metrics.messages += 1
      if (!this.isLinked(from, to)) continue
      const bytes = bytesOf(one).length
      const atUs = this.links.send(from.validator, to.validator, bytes, this.queue.nowUs)
      if (atUs === undefined) continue
      this.queue.at(atUs, () => {
        this.deliver(from, to, one)
      })
    }
  }

  /** So many bytes that are no message of the agreement. */
  carry(from: Instance, to: Instance, bytes: number, arrived: () => void): void {
    if (!this.isLinked(from, to)) return
    const atUs = this.links.send(from.validator, to.validator, bytes, this.queue.nowUs)
    if (atUs === undefined) return
    this.queue.at(atUs, () => {
      if (to.isUp) arrived()
    })
  }

  deliver(from: Instance, to: Instance, message: Message): void {
    if (!to.isUp) return
    if (message.epoch < to.env.epoch) {
      this.catchUp.show(to, from)
      return
    }
    if (message.epoch > to.env.epoch) {
      const waiting = this.#waiting.get(to.id) ?? []
      if (waiting.length < 2000) waiting.push({ from, message })
      this.#waiting.set(to.id, waiting)
      this.catchUp.sync(to, from)
      return
    }
    if (this.load === undefined || message.type !== 'proposal') {
      to.take(() => inputOf(message, to.nowMs))
      return
    }
    this.load.arrived(from, to, message, (proposal) => {
      to.take(() => ({ type: 'proposal', nowMs: to.nowMs, proposal }))
    })
  }

  #check(instance: Instance, effect: Extract<Effect, { type: 'check' }>): void {
    const { hash: block, key, header, proposal } = effect.node
    this.load?.note(key, proposal.body)
    const isValid = this.evidence?.execute(effect.node) ?? true
    instance.take(
      () => ({
        type: 'checked',
        nowMs: instance.nowMs,
        hash: block,
        valid: isValid && !this.refused.has(key),
        isBoundary: this.isBoundary(header.timeMs, header.epoch),
      }),
      this.costs.execute + (this.load?.executeUs(proposal.body) ?? 0),
    )
  }

  #final(instance: Instance, effect: Extract<Effect, { type: 'final' }>): void {
    const { nodes, certificate, path, closesEpoch } = effect
    for (const node of nodes) {
      // Taken from another while this effect waited for the store, as in `Node.#finalise`.
      if (instance.final[node.header.height - 1]?.node.key === node.key) continue
      instance.final.push({ node, certificate, path, closesEpoch: closesEpoch && node.isBoundary })
      this.#reportFinal(instance, node, certificate)
    }
    const { state } = instance
    this.metrics.viewsMax = Math.max(this.metrics.viewsMax, state.views.size)
    this.metrics.blocksMax = Math.max(this.metrics.blocksMax, state.blocks.size)
    const last = nodes.at(-1)
    if (!closesEpoch || last === undefined) return
    if (last.header.epoch > this.#closedEpoch) {
      this.#closedEpoch = last.header.epoch
      this.#closedViews += last.header.view
    }
    const root = {
      hash: last.hash,
      height: last.header.height,
      timeMs: timeOf(last.header.timeMs),
      certificate,
      path,
    }
    this.beginEpoch(instance, last.header.epoch + 1, root)
  }

  #reportFinal(instance: Instance, node: BlockNode, certificate: Certificate): void {
    this.metrics.final(node.key, instance.id)
    this.load?.final(instance, node.key)
    this.evidence?.settle(instance, node)
    this.ledger?.final(instance, node)
    const bytes = Certificate.encode(certificate)
    const { id, validator } = instance
    this.oracle.final({ id, validator }, { hash: node.hash, header: node.headerBytes }, bytes)
  }

  /** Finality that came by sync. */
  reportSynced(instance: Instance, entry: Instance['final'][number]): void {
    this.#reportFinal(instance, entry.node, entry.certificate)
  }

  /** Keys of its own, so that no node's processor pays for what the ledger checks. */
  #evidenceDesk(): Evidence {
    const ledger = new EvidenceLedger(this.committees.of(0), this.keys)
    const { hash: root } = this.genesisRoot()
    const isFaulty = (validator: number): boolean => this.oracle.byzantine.has(validator)
    return new Evidence(this, ledger, { root, isFaulty })
  }

  #ledgerRun(options: LedgerOptions, shape: CommitteeOptions): LedgerRun {
    const { oracle, refused } = this
    const fail = (text: string): void => {
      oracle.violations.push(text)
    }
    const { epochMs } = this.options
    const judges = { refused, byzantine: oracle.byzantine, fail }
    return new LedgerRun(this, options, { ...shape, epochMs }, judges)
  }

  #announce(epoch: number): void {
    const { validators, powers } = this.committees.of(epoch)
    this.oracle.committee({ epoch, validators, powers })
  }

  #backend(meter: { spentUs: number }): BlsBackend {
    return this.options.bls ?? meteredBls(meter, this.options.costs)
  }
}
