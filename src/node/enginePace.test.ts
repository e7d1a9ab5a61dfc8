import { describe, expect, it } from 'vitest'
import { at, Bench } from '../../test/sim/bench4.ts'
import type { BuildRequest } from '../core/bft/types.ts'
import { Engine } from './engine.ts'
import { HandClock } from './handClock.fixture.ts'
import { quietHost } from './quietHost.fixture.ts'

/** Seat 0 leads view 1; nothing that it builds is proposed. */
function leader(): {
  readonly engine: Engine
  readonly clock: HandClock
  readonly builtMs: number[]
  readonly asked: BuildRequest[]
  readonly evidence: { isWaiting: boolean }
  readonly others: { offsetMs: number }
} {
  const bench = new Bench(0, { blockIntervalMs: 1000 })
  const clock = new HandClock()
  const builtMs: number[] = []
  const asked: BuildRequest[] = []
  const evidence = { isWaiting: false }
  const others = { offsetMs: 0 }
  const host = quietHost(clock, {
    nowMs: () => clock.nowMs() + others.offsetMs,
    slot: 'aa',
    execute: () => Promise.resolve({ valid: false, code: 'not asked for' }),
    build: () => {
      builtMs.push(clock.nowMs() - at(0))
      return undefined
    },
    presses: (request) => {
      asked.push(request)
      return evidence.isWaiting
    },
  })
  const engine = new Engine(bench.env, bench.state, host)
  return { engine, clock, builtMs, asked, evidence, others }
}

describe('PACE-1: evidence does not wait for the interval', () => {
  it('without it a block is built when its time has come', async () => {
    const { engine, clock, builtMs, asked } = leader()
    engine.start()
    await clock.pass(500)
    engine.evidenceCame()
    await clock.pass(600)
    expect(builtMs).toEqual([1000])
    expect(asked.map(({ view }) => view)).toEqual([1, 1])
  })

  it('others whose clocks are behind do not make it early (TIME-1)', async () => {
    const { engine, clock, builtMs, others } = leader()
    engine.start()
    await clock.pass(500)
    others.offsetMs = -80
    await clock.pass(560)
    expect(builtMs).toEqual([])
    await clock.pass(30)
    expect(builtMs).toEqual([1080])
  })

  it('what waits already is built upon at once, and once', async () => {
    const { engine, clock, builtMs, evidence } = leader()
    evidence.isWaiting = true
    engine.start()
    await clock.pass(300)
    engine.evidenceCame()
    await clock.pass(1000)
    expect(builtMs).toEqual([10])
  })

  it('what comes while the leader waits is built upon when it comes', async () => {
    const { engine, clock, builtMs, evidence } = leader()
    engine.start()
    await clock.pass(400)
    evidence.isWaiting = true
    engine.evidenceCame()
    engine.evidenceCame()
    await clock.pass(1000)
    expect(builtMs).toEqual([410])
  })

  it('a seat that has stopped builds nothing', async () => {
    const { engine, clock, builtMs, evidence } = leader()
    engine.start()
    await clock.pass(100)
    engine.stop()
    evidence.isWaiting = true
    engine.evidenceCame()
    await clock.pass(2000)
    expect(builtMs).toEqual([])
  })
})
