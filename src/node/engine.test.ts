import { describe, expect, it } from 'vitest'
import { Bench } from '../../test/sim/bench4.ts'
import { openMemoryStore } from '../adapters/storage/memoryStore.ts'
import type { Agreement } from '../core/bft/types.ts'
import { VoteKind } from '../core/codec/chain.ts'
import type { Store } from '../ports/store.ts'
import { Engine } from './engine.ts'
import type { Execution } from './executor.ts'
import { HandClock } from './handClock.fixture.ts'
import { quietHost } from './quietHost.fixture.ts'

const { COMMIT } = VoteKind

type Answer = () => Promise<Execution>

/** With a `seatStore` it is a seat that writes its record there; else it follows. */
function started(
  answers: readonly Answer[],
  seatStore?: Store,
): {
  readonly bench: Bench
  readonly engine: Engine
  readonly clock: HandClock
  readonly told: string[]
  readonly executions: () => number
} {
  const bench = new Bench(3)
  const clock = new HandClock()
  const told: string[] = []
  let count = 0
  const host = quietHost(clock, {
    ...(seatStore && { store: seatStore }),
    slot: 'aa',
    execute: () => {
      const answer = answers[Math.min(count, answers.length - 1)]
      count += 1
      return answer?.() ?? Promise.reject(new Error('there is an answer'))
    },
    onFinal: () => told.push('final'),
    onEvidence: () => told.push('evidence'),
    onAlarm: ({ code }) => told.push(code),
    onFailure: () => told.push('failure'),
    onNotice: (text) => told.push(text),
  })
  const { env } = bench
  const engine = new Engine(seatStore ? env : { ...env, own: undefined }, bench.state, host)
  return { bench, engine, clock, told, executions: () => count }
}

const valid: Answer = () => Promise.resolve({ valid: true, isBoundary: false })
const unjudged = (code: string): Answer => {
  return () => Promise.resolve({ valid: false, code })
}

describe('BFT-5: a block that this node cannot judge', () => {
  it.each([
    ['its parent was not executed', unjudged('BLOCK_PARENT_UNKNOWN')],
    ['a proof has no verdict', unjudged('BLOCK_PROOF_UNVERIFIED')],
    ['what executes it fails', (): Promise<Execution> => Promise.reject(new Error('gone'))],
  ])('%s: it is asked again, and neither refused nor a reason to stop', async (_why, answer) => {
    const { bench, engine, clock, told, executions } = started([answer, answer, valid])
    const made = bench.proposal(1)
    engine.receive({ type: 'proposal', proposal: made.proposal })
    await clock.pass(100)
    const certificate = bench.certificate(COMMIT, 1, { block: made.hash })
    engine.receive({ type: 'certificate', certificate })
    await clock.pass(100)
    expect(executions()).toBe(1)
    expect(told.some((one) => one.startsWith('BLOCK_UNJUDGED:'))).toBe(true)
    await clock.pass(1600)
    await engine.idle()
    expect(executions()).toBe(3)
    expect(told.filter((one) => !one.startsWith('BLOCK_'))).toEqual(['final'])
    expect(engine.state.mode.type).not.toBe('abstaining')
  })

  it('it is asked at longer intervals each time, not at all once the engine stops', async () => {
    const { bench, engine, clock, executions } = started([unjudged('BLOCK_PARENT_UNKNOWN')])
    engine.receive({ type: 'proposal', proposal: bench.proposal(1).proposal })
    await clock.pass(60_000)
    const after = executions()
    expect(after).toBeGreaterThan(8)
    expect(after).toBeLessThan(16)
    engine.stop()
    await clock.pass(60_000)
    expect(executions()).toBe(after)
  })
})

describe('BFT-10: what others are told of this seat', () => {
  it('holds no vote of its own before the record of it is durable', async () => {
    const memory = openMemoryStore()
    let write: (() => void) | undefined
    const held: Store = {
      ...memory,
      writeSafety: () =>
        new Promise((resolve) => {
          write = resolve
        }),
    }
    const { bench, engine, clock } = started([valid], held)
    engine.receive({ type: 'proposal', proposal: bench.proposal(1).proposal })
    await new Promise((resolve) => setImmediate(resolve))
    const { view } = engine.state
    expect(engine.state.views.get(view)?.own.vote).toBeDefined()
    let told: Agreement | undefined
    const answer = engine.shown().then((state) => {
      told = state
    })
    await clock.pass(100)
    await new Promise((resolve) => setImmediate(resolve))
    expect(told).toBeUndefined()
    expect(write).toBeDefined()
    write?.()
    await answer
    expect(told?.views.get(view)?.own.vote).toBeDefined()
  })

  it('is nothing when the store has failed', async () => {
    const memory = openMemoryStore()
    const broken: Store = { ...memory, writeSafety: () => Promise.reject(new Error('full')) }
    const { bench, engine, told } = started([valid], broken)
    engine.receive({ type: 'proposal', proposal: bench.proposal(1).proposal })
    await new Promise((resolve) => setImmediate(resolve))
    expect(await engine.shown()).toBeUndefined()
    expect(told).toContain('failure')
  })
})
