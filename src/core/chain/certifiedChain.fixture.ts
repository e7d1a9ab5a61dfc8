/**
 * A chain of several epochs as full nodes hold it, for tests of those who do not execute: executed
 * blocks that are linked by their hashes, certificates by the keys of the seats, tails, restarts.
 * Only the agreement that leads there is left out.
 */
import { assert } from '../base/assert.ts'
import { hex } from '../base/bytes.ts'
import { bitmapOf } from '../bft/certificate.ts'
import {
  Body,
  Header,
  VoteKind,
  type Certificate,
  type CertifiedBlock,
  type Committee,
} from '../codec/chain.ts'
import { committeeRoot } from '../committee/handOver.ts'
import { committeeQuorum } from '../committee/quorum.ts'
import { voteMessage } from '../committee/voteMessage.ts'
import type { BlsBackend } from '../crypto/bls.ts'
import { ed25519Sign } from '../crypto/ed25519.ts'
import { hash } from '../crypto/hash.ts'
import { startBlock } from '../ledger/applyBlock.ts'
import { genesisHash } from '../ledger/genesis/genesisAnchor.ts'
import { read, readSingle, type LedgerState } from '../ledger/state.ts'
import { chainInfo, committees, epochRecord, tip } from '../ledger/tables.ts'
import {
  createTestChain,
  testBlock,
  testEpochKey,
  testKeys,
  testPeerId,
  testSharingKey,
  tryBlock,
  unsigned,
  type TestChain,
} from '../ledger/testChain.fixture.ts'
import { confirmOf, keysOf, readyOf } from '../ledger/testDuty.fixture.ts'
import type { DecodedTransaction } from '../ledger/transactionBytes.ts'
import { restartMessage } from '../ledger/restartMessage.ts'
import type { Params } from '../params.ts'
import type { ShownBoundary } from './lightClient.ts'

export interface Held {
  readonly block: CertifiedBlock
  readonly header: Header
  readonly hash: Uint8Array
  /** State after the block. */
  readonly state: LedgerState
  readonly committee: Committee
  readonly isBoundary: boolean
}

export class CertifiedChain {
  readonly chain: TestChain
  readonly genesisHash: Uint8Array
  readonly held: Held[] = []
  readonly boundaries: ShownBoundary[] = []
  readonly #bls: BlsBackend
  readonly #secrets = new Map<string, Uint8Array>()
  #opening: CertifiedBlock | undefined

  /** Without a devnet there is no restart key. */
  constructor(
    bls: BlsBackend,
    validators = 6,
    params: Partial<Params> = {},
    rest: { readonly withDevnet?: boolean } = {},
  ) {
    this.#bls = bls
    this.chain = createTestChain(bls, { validators, seats: 4, params, ...rest })
    this.genesisHash = genesisHash(this.chain.genesis)
  }

  get tipHash(): Uint8Array {
    return this.held.at(-1)?.hash ?? this.genesisHash
  }

  get epoch(): number {
    return readSingle(this.chain.state, epochRecord).epoch
  }

  /** A final block; its certificate is of the last of `tails` empty blocks above it (EPOCH-2). */
  add(timeMs: number, transactions: readonly DecodedTransaction[] = [], tails = 0): Held {
    const { chain } = this
    const parent = this.tipHash
    const start = startBlock(chain.state, { header: { timeMs, parent }, transactions }, chain.env)
    assert(start.ok, 'a test block starts')
    const { committee, isBoundary, nextCommitteeRoot, enrolmentRoot } = start.value.derived
    const seat = start.value.derived.height % committee.seats.length
    const block = testBlock(chain, timeMs, transactions, {
      parent,
      seat,
      committeeRoot: committeeRoot(committee),
      nextCommitteeRoot,
      enrolmentRoot,
    })
    const applied = tryBlock(chain, block)
    assert(applied.ok, `a test block applies: ${applied.ok ? '' : applied.error.code}`)
    chain.state = applied.value.state
    const bytes = Header.encode(block.header)
    const path = this.#tails(block.header, bytes, tails)
    const certified: CertifiedBlock = {
      header: bytes,
      body: Body.encode({ transactions: transactions.map((entry) => entry.bytes) }),
      certificate: this.certify(committee, Header.decode(path.at(-1) ?? bytes)),
      path,
    }
    const held: Held = {
      block: certified,
      header: block.header,
      hash: hash('header', bytes),
      state: chain.state,
      committee,
      isBoundary,
    }
    this.held.push(held)
    if (transactions[0]?.kind === 'restart') this.#opening = certified
    if (isBoundary) this.#noteBoundary(held)
    return held
  }

  /** One epoch, in which these validators say READY and CONFIRM. */
  runEpoch(
    ready: readonly number[] = [],
    options: {
      tails?: number
      restart?: boolean
      /** In its first block. */
      transactions?: readonly DecodedTransaction[]
    } = {},
  ): void {
    const { chain } = this
    const startMs = readSingle(chain.state, epochRecord).boundaryMs + 2_000
    this.add(startMs, options.transactions)
    this.add(
      startMs + 4_000,
      ready.map((index) => readyOf(chain, index)),
    )
    this.add(startMs + 10_000)
    const confirms = ready.map((index) => confirmOf(chain, index))
    this.add(startMs + 12_000)
    this.add(startMs + 13_000, confirms)
    this.add(startMs + 20_000)
    if (options.restart === true) this.restart(startMs + 25_000)
    this.add(startMs + 28_000, [], options.tails)
  }

  /** The restart key seats these validators with fresh keys, on the newest block (RECOVER-1). */
  restart(timeMs: number, seats: readonly number[] = [5, 4, 0]): Held {
    return this.add(timeMs, [this.restartOf({ seats })])
  }

  restartOf(change: {
    readonly seats?: readonly number[]
    readonly attempt?: number
    readonly seed?: Uint8Array
    readonly base?: Uint8Array
    readonly epoch?: number
  }): DecodedTransaction {
    const { chain } = this
    const { seats = [5, 4, 0], attempt = 1, base = this.tipHash, epoch = this.epoch } = change
    const committee: Committee = {
      epoch,
      seats: seats.map((index) => ({
        validator: keysOf(chain, index).account,
        epochKey: testEpochKey(this.#bls, index, 500 + this.epoch).publicKey,
        power: 1,
        peerId: testPeerId,
        score: 7_500,
        sharingKey: testSharingKey(index, 500 + this.epoch),
      })),
      leaders: seats.map((_, index) => index),
      attempt,
    }
    const fields = { epoch, attempt, base, committee }
    const message = restartMessage(readSingle(chain.state, chainInfo).chainId, fields)
    const seed = change.seed ?? testKeys(this.#bls, 900).seed
    const signature = ed25519Sign(seed, message)
    return unsigned(chain, { restart: { ...fields, signature, voters: new Uint8Array(0) } })
  }

  /** COMMIT of a quorum, or of the first `signers` seats. */
  certify(committee: Committee, header: Header, signers?: number): Certificate {
    const { chainId, epoch, view } = header
    const count = signers ?? committeeQuorum(committee).quorumPower
    const seats = committee.seats.map((_, seat) => seat).slice(0, count)
    const block = hash('header', Header.encode(header))
    const root = committeeRoot(committee)
    const fields = { kind: VoteKind.COMMIT, epoch, view, block }
    const message = voteMessage({ ...fields, chainId, committeeRoot: root })
    const signature = this.#bls.aggregateSignatures(
      seats.map((seat) => this.#bls.sign(this.#secretOf(committee, seat), message)),
    )
    assert(signature !== undefined, 'signatures of test keys add up')
    return { ...fields, signers: bitmapOf(committee.seats.length, seats), signature }
  }

  #tails(header: Header, bytes: Uint8Array, count: number): Uint8Array[] {
    const tails: Uint8Array[] = []
    const { receiptsRoot } = readSingle(this.chain.state, tip)
    const empty = testBlock(this.chain, header.timeMs + 1_000_000).header
    for (let index = 1; index <= count; index += 1) {
      const tail: Header = {
        ...header,
        parent: hash('header', tails.at(-1) ?? bytes),
        height: header.height + index,
        view: header.view + index,
        timeMs: header.timeMs + index,
        parentStateRoot: empty.parentStateRoot,
        parentReceiptsRoot: receiptsRoot,
        transactionsRoot: empty.transactionsRoot,
        enrolmentRoot: new Uint8Array(0),
      }
      tails.push(Header.encode(tail))
    }
    return tails
  }

  #noteBoundary(held: Held): void {
    const next = read(held.state, committees, held.header.epoch + 1)
    assert(next !== undefined, 'a boundary names the next committee')
    const block = { ...held.block, body: new Uint8Array(0) }
    this.boundaries.push({ block, next, restart: this.#opening })
    this.#opening = undefined
  }

  #secretOf(committee: Committee, seat: number): Uint8Array {
    const wanted = hex(committee.seats[seat]?.epochKey ?? new Uint8Array(0))
    const known = this.#secrets.get(wanted)
    if (known !== undefined) return known
    for (const epoch of [committee.epoch, 500 + committee.epoch, 0, committee.epoch - 1]) {
      for (const index of this.chain.keys.keys()) {
        const { secret, publicKey } = testEpochKey(this.#bls, index, Math.max(0, epoch))
        this.#secrets.set(hex(publicKey), secret)
      }
    }
    const found = this.#secrets.get(wanted)
    assert(found !== undefined, 'seats of a test chain have test epoch keys')
    return found
  }
}
