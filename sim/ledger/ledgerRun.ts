/**
 * A run on the production ledger: each node executes every block on states of its own, builds its
 * blocks by the production selection, and begins an epoch with the committee that its own state
 * names (EPOCH-2). What validators say travels over the run's links.
 *
 * Not real here: verdicts about the proofs of READYs and the parts of the sharing, which are all
 * "right" and cost what a real one costs, and signatures as the run has them. The answers of
 * signature checks, functions of bytes alone, are remembered once for all nodes.
 */
import { assert } from '../../src/core/base/assert.ts'
import { hex } from '../../src/core/base/bytes.ts'
import { evidenceTransaction } from '../../src/core/bft/evidenceTransaction.ts'
import { bodyBytesMax } from '../../src/core/bft/body.ts'
import type {
  AgreementRoot,
  BlockNode,
  BuildRequest,
  Contradiction,
  Input,
} from '../../src/core/bft/types.ts'
import { Header } from '../../src/core/codec/chain.ts'
import { committeeRoot } from '../../src/core/committee/handOver.ts'
import type { BlsBackend } from '../../src/core/crypto/bls.ts'
import { hash } from '../../src/core/crypto/hash.ts'
import { checkTransaction } from '../../src/core/ledger/checkTransaction.ts'
import { isFreshEvidence } from '../../src/core/ledger/freshEvidence.ts'
import { createVerifier, type LedgerEnv } from '../../src/core/ledger/env.ts'
import { genesisHash, genesisTimeMs } from '../../src/core/ledger/genesis/genesisAnchor.ts'
import { genesisState } from '../../src/core/ledger/genesis/genesisState.ts'
import {
  read,
  readSingle,
  stateLeaves,
  stateRoot,
  type LedgerState,
} from '../../src/core/ledger/state.ts'
import { committees, epochRecord, sharingRound } from '../../src/core/ledger/tables.ts'
import {
  decodeTransaction,
  type DecodedTransaction,
} from '../../src/core/ledger/transactionBytes.ts'
import { timeOf } from '../../src/core/types/ids.ts'
import { seededRandom } from '../base/random.ts'
import { chainId, type CommitteeOptions } from '../committees.ts'
import type { Instance } from '../node/instance.ts'
import type { Network } from '../node/network.ts'
import { PacedBuilds } from '../node/pacedBuilds.ts'
import { LedgerOracle } from '../oracle/ledgerOracle.ts'
import { Author } from './author.ts'
import { buildOnLedger } from './buildOnLedger.ts'
import { Censorship } from './censorship.ts'
import { LedgerCommittees } from './ledgerCommittees.ts'
import { Pool } from './pool.ts'
import type { LedgerOptions } from './ledgerOptions.ts'
import { runGenesis } from './runGenesis.ts'
import { runKeys } from './runKeys.ts'
import { SeatLedger, transactionsOf } from './seatLedger.ts'

interface Node {
  readonly ledger: SeatLedger
  readonly pool: Pool
  readonly author: Author
  /** READYs and parts of the sharing that were judged here, by id. */
  readonly judged: Set<string>
  /** Own words on their way: when they were sent last, µs, by id. */
  readonly own: Map<string, { readonly transaction: DecodedTransaction; sentUs: number }>
}

/** How often a validator looks at what it has to say, and says again what is in no block. */
const lookEveryMs = 250
const sayAgainMs = 2000

/** Before a block without a verdict is executed again, as in `src/node`. */
const recheckMs = { first: 500, max: 8000 }

export class LedgerRun {
  readonly committees: LedgerCommittees
  readonly oracle: LedgerOracle
  readonly censorship: Censorship
  /** Secrets that the final chain had of the sharing of each epoch (BEACON-6). */
  readonly secrets = new Map<number, number>()
  readonly paced = new PacedBuilds((leader, request) => this.#presses(leader, request))
  readonly #sim: Network
  readonly #options: LedgerOptions
  readonly #bls: BlsBackend
  readonly #seed: number
  readonly #env: LedgerEnv
  readonly #root: AgreementRoot
  readonly #genesis: LedgerState
  readonly #nodes = new Map<number, Node>()
  /** Blocks (hex) that every node refuses, whatever the ledger says. */
  readonly #refused: ReadonlySet<string>
  readonly #fail: (text: string) => void

  constructor(
    sim: Network,
    options: LedgerOptions,
    shape: CommitteeOptions & { readonly epochMs: number },
    judges: {
      readonly refused: ReadonlySet<string>
      readonly byzantine: ReadonlySet<number>
      readonly fail: (text: string) => void
    },
  ) {
    const { seed, validators, keys: bls } = shape
    this.#sim = sim
    this.#options = options
    this.#bls = bls
    this.#seed = seed
    this.#refused = judges.refused
    this.#fail = judges.fail
    const keys = Array.from({ length: validators }, (_none, one) => runKeys(bls, seed, one))
    this.committees = new LedgerCommittees(
      shape,
      keys.map(({ account }) => account),
    )
    const firstSecret = (validator: number): Uint8Array => this.committees.freshSecret(validator, 0)
    const genesis = runGenesis({ ...shape, bls, keys, firstSecret })
    this.#genesis = genesisState(genesis)
    this.#root = {
      hash: genesisHash(genesis),
      height: 0,
      timeMs: timeOf(genesisTimeMs(genesis)),
      certificate: undefined,
      path: [],
    }
    const yes = (): boolean => true
    const no = (): boolean => false
    const verdicts = { proofIsValid: yes, proofIsWrong: no, partIsRight: yes, partIsWrong: no }
    this.#env = { verifier: createVerifier(bls), verdicts }
    const isCensor = (validator: number): boolean => options.censors.includes(validator)
    this.censorship = new Censorship(this.committees, isCensor)
    const first = { root: stateRoot(this.#genesis), leaves: stateLeaves(this.#genesis) }
    this.oracle = new LedgerOracle(first, { ...judges, seatsMost: shape.seats })
    this.#learn(this.#genesis, 0)
  }

  get root(): AgreementRoot {
    return this.#root
  }

  ledgerOf({ id }: Instance): SeatLedger {
    return this.#nodeOf(id).ledger
  }

  join(instance: Instance): void {
    const { id, validator } = instance
    const keys = runKeys(this.#bls, this.#seed, validator)
    const ledger = new SeatLedger({ key: hex(this.#root.hash), state: this.#genesis }, this.#env)
    const author = new Author({
      seed: this.#seed,
      validator,
      keys,
      bls: this.#bls,
      committees: this.committees,
      random: seededRandom(this.#seed).fork(500 + id),
      paymentEveryMs: this.#options.paymentEveryMs,
      isAwayOnce: this.#options.away.includes(validator),
    })
    this.#nodes.set(id, { ledger, author, pool: new Pool(), judged: new Set(), own: new Map() })
    this.#look(instance, id * 10)
  }

  /** What its store kept is the final state; its waiting room is empty. */
  restart({ id }: Instance): void {
    const node = this.#nodeOf(id)
    node.ledger.restart()
    node.author.restart()
    node.pool.clear()
    node.own.clear()
  }

  /** The committee of the epoch that a node begins, as its own state has it. */
  begin({ id, validator }: Instance, epoch: number, root: AgreementRoot): void {
    const seated = this.#learn(this.#nodeOf(id).ledger.state, epoch)
    this.oracle.begins({ id, validator }, { epoch, root: root.hash, committeeRoot: seated })
  }

  build(instance: Instance, request: BuildRequest): void {
    const begunUs = this.#sim.queue.nowUs
    const waiting = this.#nodeOf(instance.id).pool.candidates().length
    const costUs = this.#sim.costs.execute + waiting * this.#options.executeEachUs
    instance.take(() => this.#built(instance, request, begunUs), costUs)
  }

  /** BFT-5: a verdict, or none yet; without one it is executed again while somebody waits. */
  check(instance: Instance, block: BlockNode, waitMs = recheckMs.first): void {
    const { hash: blockHash, key, header, isTail, proposal } = block
    const node = this.#nodeOf(instance.id)
    const costUs = this.#costOf(node, proposal.body)
    const verdict = node.ledger.execute({ key, header, body: proposal.body, isTail })
    if (verdict === undefined) {
      const { generation } = instance
      this.#sim.queue.after(waitMs * 1000, () => {
        const isWaiting = instance.state.blocks.get(key)?.validity === 'checking'
        if (instance.generation !== generation || !isWaiting) return
        this.check(instance, block, Math.min(2 * waitMs, recheckMs.max))
      })
      return
    }
    const valid = verdict.valid && !this.#refused.has(key)
    const isBoundary = verdict.valid && verdict.isBoundary
    instance.take(
      () => ({ type: 'checked', nowMs: instance.nowMs, hash: blockHash, valid, isBoundary }),
      costUs,
    )
  }

  /** The block is final at this node, by its own agreement or by sync (SYNC-1). */
  final(instance: Instance, block: BlockNode): void {
    const { key, header, headerBytes, isTail, proposal } = block
    const node = this.#nodeOf(instance.id)
    if (header.height <= node.ledger.height) return
    const verdict = node.ledger.execute({ key, header, body: proposal.body, isTail })
    if (verdict?.valid !== true || !node.ledger.finalise(key)) {
      const code = verdict?.valid === false ? verdict.code : 'BLOCK_PARENT_UNKNOWN'
      this.#fail(`state: a final block does not apply at node ${String(instance.id)}: ${code}`)
      instance.crash()
      return
    }
    const { state } = node.ledger
    node.pool.settle(state)
    for (const [id, { transaction }] of node.own)
      if (!node.pool.has(transaction)) node.own.delete(id)
    this.#noteSharing(state)
    const after = { root: stateRoot(state), leaves: stateLeaves(state) }
    const { id, validator } = instance
    const said = { hash: block.hash, header: headerBytes, body: proposal.body }
    this.oracle.final({ id, validator }, said, after)
    this.censorship.final(transactionsOf(proposal.body) ?? [], this.#sim.queue.nowUs)
  }

  /** EVID-1: sent once, to everybody. */
  file(by: Instance, contradiction: Contradiction): void {
    this.#say(by, evidenceTransaction(chainId, contradiction))
  }

  #built(instance: Instance, request: BuildRequest, begunUs: number): Input {
    const { env, nowMs, id, validator } = instance
    const { ledger, pool } = this.#nodeOf(id)
    const failed = { type: 'buildFailed', nowMs, view: request.view } as const
    const state = ledger.stateAfter(request.parent)
    if (state === undefined) return failed
    const candidates = this.censorship.takenBy(validator, pool.candidates())
    const built = buildOnLedger(env, this.#env, request, { state, candidates, nowMs })
    if (built === undefined) return failed
    const { body } = built
    const header = Header.encode(built.header)
    const key = hex(hash('header', header))
    const verdict = ledger.execute({ key, header: built.header, body, isTail: request.isTail })
    if (verdict?.valid !== true) return failed
    this.#sim.metrics.begun(key, { view: request.view, epoch: env.epoch, leader: id, begunUs })
    const { isBoundary } = verdict
    return { type: 'built', nowMs, view: request.view, header, body, isBoundary }
  }

  /** PACE-1: fresh evidence waits for the block that this leader may build. */
  #presses({ id, nowMs }: Instance, { parent }: BuildRequest): boolean {
    const { ledger, pool } = this.#nodeOf(id)
    const state = ledger.stateAfter(parent)
    if (state === undefined) return false
    return pool.evidence().some((one) => {
      const { evidence } = one.transaction
      const isFresh = evidence !== undefined && isFreshEvidence(state, evidence)
      return isFresh && checkTransaction(state, one, nowMs, this.#env).ok
    })
  }

  #costOf({ judged }: Node, body: Uint8Array): number {
    const { proofUs, partUs, executeEachUs } = this.#options
    const judgingUs: Readonly<Record<string, number>> = { ready: proofUs, sharing: partUs }
    let costUs = this.#sim.costs.execute
    for (const { kind, id } of transactionsOf(body) ?? []) {
      costUs += executeEachUs + (judged.has(hex(id)) ? 0 : (judgingUs[kind] ?? 0))
      judged.add(hex(id))
    }
    return costUs
  }

  #noteSharing(state: LedgerState): void {
    const { epoch } = readSingle(state, epochRecord)
    const { length } = readSingle(state, sharingRound).secrets
    this.secrets.set(epoch, Math.max(length, this.secrets.get(epoch) ?? 0))
  }

  #look(instance: Instance, firstMs: number): void {
    this.#sim.queue.after(firstMs * 1000, () => {
      if (instance.isUp) this.#speak(instance)
      this.#look(instance, lookEveryMs)
    })
  }

  #speak(instance: Instance): void {
    const { author, ledger, own } = this.#nodeOf(instance.id)
    const nowUs = this.#sim.queue.nowUs
    for (const bytes of author.speak(ledger.state, instance.nowMs)) this.#say(instance, bytes)
    for (const entry of own.values()) {
      if (nowUs - entry.sentUs < sayAgainMs * 1000) continue
      entry.sentUs = nowUs
      this.#send(instance, entry.transaction)
    }
  }

  #say(instance: Instance, bytes: Uint8Array): void {
    const decoded = decodeTransaction(bytes, bodyBytesMax)
    assert(decoded.ok, 'what a node of the run says can be read')
    const { own } = this.#nodeOf(instance.id)
    own.set(hex(decoded.value.id), { transaction: decoded.value, sentUs: this.#sim.queue.nowUs })
    this.#take(instance, decoded.value)
    this.censorship.said(decoded.value, this.#sim.queue.nowUs)
    this.#send(instance, decoded.value)
  }

  #send(from: Instance, transaction: DecodedTransaction): void {
    for (const to of this.#sim.instances) {
      if (to === from) continue
      this.#sim.carry(from, to, transaction.bytes.length, () => {
        this.#take(to, transaction)
      })
    }
  }

  #take(instance: Instance, transaction: DecodedTransaction): void {
    const { pool, judged } = this.#nodeOf(instance.id)
    pool.add(transaction)
    if (transaction.kind === 'evidence') this.paced.evidenceCame(instance)
    // Judged when it comes, by another thread: it keeps nobody waiting.
    judged.add(hex(transaction.id))
  }

  #learn(state: LedgerState, epoch: number): Uint8Array {
    const seated = read(state, committees, epoch)
    assert(seated !== undefined, 'the boundary has named who sits next')
    this.committees.learn(seated)
    return committeeRoot(seated)
  }

  #nodeOf(id: number): Node {
    const node = this.#nodes.get(id)
    assert(node !== undefined, 'every node has a ledger')
    return node
  }
}
