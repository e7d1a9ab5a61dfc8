import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../test/sim/bench4.ts'
import { VoteKind, type Vote } from '../core/codec/chain.ts'
import { blsBlst as bls } from '../adapters/crypto/blsBlst.ts'
import { checkGenesis } from '../core/ledger/genesis/checkGenesis.ts'
import { genesisState } from '../core/ledger/genesis/genesisState.ts'
import { testGenesis } from '../core/ledger/testChain.fixture.ts'
import type { HashHex } from '../core/types/ids.ts'
import type { Clock } from '../ports/clock.ts'
import type { PeerId, Verdict } from '../ports/transport.ts'
import { unwrap } from '../../test/support/unwrap.ts'
import { Brought, type Origin } from './brought.ts'
import { Engine } from './engine.ts'
import type { RunningEpoch } from './epochRunner.ts'
import { quietHost } from './quietHost.fixture.ts'

const { COMMIT } = VoteKind
const state = genesisState(
  unwrap(checkGenesis(testGenesis(bls, { validators: 4, seats: 4 }).genesis, bls)),
)
const block = new Uint8Array(32).fill(5)

const peer = (name: string): PeerId => name as PeerId
const seatPeer = (seat: number): PeerId => peer(`seat${String(seat)}`)

/** An engine that follows, the desk before it, and whom the desk makes pay. */
class Desk {
  readonly bench = new Bench(3)
  readonly penalties: string[] = []
  nowMs: number = at(10)
  tipTimeMs: number = at(0)
  attempt = 0
  readonly #brought: Brought
  readonly running: RunningEpoch

  constructor() {
    const { bench } = this
    const clock: Clock = { nowMs: () => this.nowMs, after: () => () => undefined }
    const engine = new Engine(
      { ...bench.env, own: undefined },
      bench.state,
      quietHost(clock, {
        onRefused: (message) => {
          this.#brought.refused(message)
        },
      }),
    )
    const seats = bench.env.seats.map((_seat, seat) => ({
      validator: block,
      epochKey: block,
      sharingKey: block,
      power: 1,
      peerId: seatPeer(seat),
      score: 1,
      vrfKey: block,
    }))
    const desk = this as { readonly attempt: number }
    const committee = {
      epoch: 0,
      seats,
      leaders: [0, 1, 2, 3],
      get attempt() {
        return desk.attempt
      },
    }
    this.running = {
      epoch: 0,
      committee,
      engine,
      seat: undefined,
      abstains: undefined,
      restart: undefined,
    }
    const relay = { peer: peer('relay'), path: 'websocket', isRelay: true } as const
    this.#brought = new Brought({
      running: () => this.running,
      nowMs: () => this.nowMs,
      chain: {
        tip: { height: 1, hash: block, key: '' as HashHex, timeMs: this.tipTimeMs, state },
      },
      transport: {
        peers: () => [relay, { ...relay, peer: peer('node'), isRelay: false }],
        penalise: (who, code) => this.penalties.push(`${who}: ${code}`),
      },
    })
  }

  give(vote: Vote, origin: Partial<Origin> & { readonly from: PeerId }): Verdict {
    const whole = { isDirect: false, author: undefined, ...origin }
    return this.#brought.give(this.running, { type: 'vote', vote }, whole)
  }

  certificate(seats: readonly number[], from: PeerId, isForged = false): Verdict {
    const real = this.bench.certificate(COMMIT, 1, { block, seats })
    const certificate = isForged ? { ...real, signature: new Uint8Array(96).fill(1) } : real
    const origin = { from, isDirect: false, author: peer('writer') }
    return this.#brought.give(this.running, { type: 'certificate', certificate }, origin)
  }

  get kept(): number {
    return this.running.engine.state.views.get(1 as never)?.commits.size ?? 0
  }
}

function forged(vote: Vote, salt = 9): Vote {
  return { ...vote, signature: new Uint8Array(96).fill(salt) }
}

describe('NET-5: whoever could know pays for a vote that does not hold', () => {
  it('a seat’s own vote is taken unchecked; when it is found out its seat’s peer pays', () => {
    const desk = new Desk()
    const wrong = forged(desk.bench.vote(0, COMMIT, 1, block))
    const author = seatPeer(0)
    expect(desk.give(wrong, { from: peer('node'), author })).toBe('accept')
    expect(desk.penalties).toEqual([])
    const others = [1, 2].map((seat) => desk.bench.vote(seat, COMMIT, 1, block))
    for (const vote of others) desk.give(vote, { from: seatPeer(vote.seat), isDirect: true })
    expect(desk.penalties).toEqual(['seat0: MESSAGE_FORGED'])
    expect(desk.kept).toBe(2)
  })

  it('on its direct stream it pays as well, and once', () => {
    const desk = new Desk()
    const votes = [0, 1, 2, 3].map((seat) => desk.bench.vote(seat, COMMIT, 1, block))
    for (const vote of votes) {
      const brought = vote.seat === 0 ? forged(vote) : vote
      desk.give(brought, { from: seatPeer(vote.seat), isDirect: true })
    }
    expect(desk.penalties).toEqual(['seat0: MESSAGE_FORGED'])
    expect(desk.running.engine.state.views.get(1 as never)?.commitCertificate).toBeDefined()
  })

  it('a forged vote in another’s name is checked first, kept nowhere and not forwarded', () => {
    const desk = new Desk()
    const wrong = forged(desk.bench.vote(0, COMMIT, 1, block))
    const author = peer('forger')
    expect(desk.give(wrong, { from: peer('node'), author })).toBe('reject')
    expect(desk.give(forged(wrong, 8), { from: peer('relay'), author })).toBe('ignore')
    expect(desk.give(forged(wrong, 7), { from: peer('forger'), isDirect: true })).toBe('ignore')
    expect(desk.kept).toBe(0)
    expect(desk.penalties).toEqual(Array(3).fill('forger: MESSAGE_FORGED'))
  })

  it('a real vote in another’s envelope counts, so nobody silences a seat with it', () => {
    const desk = new Desk()
    const vote = desk.bench.vote(0, COMMIT, 1, block)
    const origin = { from: peer('node'), author: peer('copier') }
    expect(desk.give(vote, origin)).toBe('accept')
    expect(desk.give({ ...vote }, origin)).toBe('ignore')
    expect(desk.kept).toBe(1)
    expect(desk.penalties).toEqual([])
  })

  it('checks that lead to nothing are bounded for each peer, and the others are heard', () => {
    const desk = new Desk()
    const wrong = desk.bench.vote(0, COMMIT, 1, block)
    const from = peer('forger')
    for (let salt = 0; salt < 100; salt += 1) {
      desk.give(forged(wrong, salt), { from, isDirect: true })
    }
    expect(desk.penalties).toHaveLength(32)
    const real = desk.bench.vote(1, COMMIT, 1, block)
    expect(desk.give(real, { from, isDirect: true })).toBe('ignore')
    expect(desk.give(real, { from: peer('node'), isDirect: true })).toBe('accept')
    desk.nowMs += 10_000
    desk.give(forged(wrong, 101), { from, isDirect: true })
    expect(desk.penalties).toHaveLength(33)
  })

  it('a false certificate costs its forwarder, but not a relay, which cannot check it', () => {
    const desk = new Desk()
    expect(desk.certificate([0, 1, 2], peer('relay'), true)).toBe('ignore')
    expect(desk.penalties).toEqual(['writer: MESSAGE_FORGED'])
    expect(desk.certificate([0, 1, 2], peer('node'), true)).toBe('reject')
    expect(desk.certificate([0, 1, 2], peer('node'))).toBe('accept')
    // Known already, so not looked at again, and so not forwarded.
    expect(desk.certificate([0, 1, 3], peer('node'), true)).toBe('ignore')
    expect(desk.penalties).toHaveLength(1)
  })
})

describe('RECOVER-1: what another committee of the epoch signed is no forgery', () => {
  it('nobody pays while the tip is so old that a Restart may be at work, or after one', () => {
    const desk = new Desk()
    const wrong = forged(desk.bench.vote(0, COMMIT, 1, block))
    const origin = { from: peer('node'), author: peer('other') }
    desk.attempt = 1
    expect(desk.give(wrong, origin)).toBe('ignore')
    desk.attempt = 0
    desk.nowMs += 60_000
    expect(desk.give(wrong, origin)).toBe('ignore')
    expect(desk.penalties).toEqual([])
    expect(desk.kept).toBe(0)
  })
})
