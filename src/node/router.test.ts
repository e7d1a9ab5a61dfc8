import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../test/sim/bench4.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { FetchResponse, VoteKind, type Proposal, type Vote } from '../core/codec/chain.ts'
import { checkGenesis } from '../core/ledger/genesis/checkGenesis.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import { testGenesis } from '../core/ledger/testChain.fixture.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Transport, Verdict } from '../ports/transport.ts'
import { MemoryNetwork } from '../../test/sim/memoryTransport.ts'
import { Engine } from './engine.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { quietHost } from './quietHost.fixture.ts'
import { Router } from './router.ts'
import { encodeMessage } from './wire.ts'

const { VOTE, COMMIT } = VoteKind
const state = genesisState(
  unwrap(checkGenesis(testGenesis(bls, { validators: 4, seats: 4 }).genesis, bls)),
)
const block = new Uint8Array(32).fill(5)
const peer = (name: string): PeerId => name as PeerId

/** A router before an engine that follows `epoch`. */
class Desk {
  readonly bench = new Bench(3)
  readonly network = new MemoryNetwork()
  readonly transport: Transport = this.network.attach('self')
  readonly told: string[] = []
  nowMs: number = at(10)
  readonly router: Router
  #running: RunningEpoch

  constructor(epoch: number) {
    this.#running = this.#epoch(epoch)
    const ignore = (): void => undefined
    const options = {
      transport: this.transport,
      chain: { tip: { height: 1, hash: block, key: '' as HashHex, timeMs: this.nowMs, state } },
      nowMs: () => this.nowMs,
      running: () => this.#running,
      onBlock: ignore,
      onAhead: (from: PeerId) => this.told.push(`ahead ${from}`),
      onBehind: (from: PeerId, of: number) => this.told.push(`behind ${from} ${String(of)}`),
      onRestart: ignore,
      onBatch: ignore,
      onCompact: (): Verdict => 'ignore',
    }
    this.router = new Router(options)
  }

  #epoch(epoch: number): RunningEpoch {
    const { bench } = this
    const clock: Clock = { nowMs: () => this.nowMs, after: () => () => undefined }
    const engine = new Engine(
      { ...bench.env, own: undefined, epoch },
      bench.state,
      quietHost(clock),
    )
    const committee = { epoch, seats: [], leaders: [0, 1, 2, 3], attempt: 0 }
    return { epoch, committee, engine, seat: undefined, abstains: undefined, restart: undefined }
  }

  startEpoch(epoch: number): void {
    this.#running = this.#epoch(epoch)
    this.router.replay()
  }

  /** Votes that the engine of now keeps. */
  get kept(): number {
    const views = [...this.#running.engine.state.views.values()]
    return views.reduce((sum, { votes, commits }) => sum + votes.size + commits.size, 0)
  }

  get proposals(): number {
    return this.#running.engine.state.blocks.size
  }

  hear(from: string, vote: Vote): Verdict {
    const bytes = encodeMessage({ type: 'vote', vote })
    return this.router.gossip({ from: peer(from), bytes })
  }
}

/** Of the next epoch; its content is judged when that has begun. */
function next(bench: Bench, salt: number): Vote {
  return { ...bench.vote(salt % 4, COMMIT, 1 + salt, block), epoch: 1 }
}

describe('NET-6: messages that come before their epoch', () => {
  it('wait within a bound for each peer, and nobody pushes out what others brought', () => {
    const desk = new Desk(0)
    const many = Array.from({ length: 70 }, (_, salt) => next(desk.bench, salt))
    const verdicts = many.map((vote) => desk.hear('loud', vote))
    expect(verdicts.filter((verdict) => verdict === 'accept')).toHaveLength(64)
    expect(verdicts.slice(64)).toEqual(Array(6).fill('ignore'))
    expect(desk.hear('quiet', next(desk.bench, 100))).toBe('accept')
    // In all: eight peers fill what there is.
    for (let other = 0; other < 8; other += 1) {
      for (const vote of many.slice(0, 64)) desk.hear(`other${String(other)}`, vote)
    }
    expect(desk.hear('late', next(desk.bench, 101))).toBe('ignore')
    expect(desk.hear('quiet', { ...next(desk.bench, 1), epoch: 2 })).toBe('ignore')
  })

  it('wait within bytes as well: proposals of a megabyte fill one peer’s room at once', () => {
    // The messages of the bench are of epoch 0.
    const desk = new Desk(-1)
    const { proposal } = desk.bench.proposal(1)
    const big: Proposal = { ...proposal, body: new Uint8Array(900_000) }
    const bytes = encodeMessage({ type: 'proposal', proposal: big })
    const verdicts = [1, 2, 3].map(() => desk.router.gossip({ from: peer('loud'), bytes }))
    expect(verdicts).toEqual(['accept', 'accept', 'ignore'])
  })

  it('are given to their epoch when it begins, those of other epochs are not', () => {
    const desk = new Desk(-1)
    const votes = [0, 1].map((seat) => desk.bench.vote(seat, VOTE, 1, block))
    for (const vote of votes) expect(desk.hear('node', vote)).toBe('accept')
    desk.startEpoch(1)
    expect(desk.kept).toBe(0)
    const again = new Desk(-1)
    for (const vote of votes) again.hear('node', vote)
    again.startEpoch(0)
    expect(again.kept).toBe(2)
  })
})

describe('NET-6: what one peer makes a node do is bounded', () => {
  it('a boundary is shown to who is behind twice a second, and to others all the same', () => {
    const desk = new Desk(1)
    const bytes = encodeMessage({ type: 'vote', vote: desk.bench.vote(0, COMMIT, 1, block) })
    for (let count = 0; count < 50; count += 1) desk.router.receive(peer('loud'), bytes)
    desk.router.receive(peer('quiet'), bytes)
    expect(desk.told).toEqual(['behind loud 0', 'behind loud 0', 'behind quiet 0'])
    desk.nowMs += 1000
    desk.router.receive(peer('loud'), bytes)
    expect(desk.told).toHaveLength(4)
  })

  it('claims of a later epoch lead to four pulls in three seconds', () => {
    const desk = new Desk(0)
    for (let salt = 0; salt < 20; salt += 1)
      desk.hear('loud', { ...next(desk.bench, salt), epoch: 9 })
    desk.hear('quiet', { ...next(desk.bench, 1), epoch: 9 })
    expect(desk.told).toEqual([...Array<string>(4).fill('ahead loud'), 'ahead quiet'])
  })
})

describe('BFT-8: a proposal that was asked for', () => {
  it('is taken, and one that nobody asked for costs whoever sent it', async () => {
    const desk = new Desk(0)
    const [asked, other] = [desk.bench.proposal(1), desk.bench.proposal(2)]
    const server = desk.network.attach('server')
    let proposals: Proposal[] = [asked.proposal]
    server.onRequest('fetch', () => Promise.resolve(FetchResponse.encode({ proposals })))
    expect(await desk.router.fetch(desk.transport, peer('server'), [asked.hash])).toBe(true)
    expect(desk.proposals).toBe(1)
    expect(desk.network.penalties).toEqual([])
    proposals = [other.proposal]
    expect(await desk.router.fetch(desk.transport, peer('server'), [asked.hash])).toBe(false)
    expect(desk.proposals).toBe(1)
    expect(desk.network.penalties).toEqual(['self of server: FETCH_UNASKED'])
  })
})
