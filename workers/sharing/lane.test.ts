import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { testSharing } from '../../src/core/crypto/pvss/testSharing.fixture.ts'
import type { SharingWork } from '../../src/ports/sharingWork.ts'
import { SharingEngine } from './engine.ts'
import { SharingLane, sharingWorkOf, type LaneLimits } from './lane.ts'
import type { SharingChannel, SharingOutcome } from './protocol.ts'

const { input, deal: dealOf } = testSharing([1, 1])
const deal = dealOf(0)
const taken = { ok: true, value: { ok: true, value: undefined } }

let work: SharingWork | undefined
afterEach(() => work?.close())

function workOf(open: () => SharingChannel, limits: LaneLimits = {}): SharingWork {
  work = sharingWorkOf(new SharingLane(open, limits))
  return work
}

/** The worker's part on this thread; `events` hears what it does. */
function openHere(events: string[] = []): SharingChannel {
  const engine = new SharingEngine()
  let answer: (outcome: SharingOutcome) => void = () => undefined
  events.push('opened')
  return {
    post(task) {
      events.push(task.kind)
      setTimeout(() => {
        answer(engine.perform(task))
      }, 5)
    },
    listen(onOutcome) {
      answer = onOutcome
    },
    terminate: () => void events.push('ended'),
  }
}

/** A thread that runs `body` and lives until it is ended. */
function openThread(body: string): SharingChannel {
  const thread = new Worker(`const { parentPort } = require('node:worker_threads'); ${body}`, {
    eval: true,
  })
  return {
    post: (task) => thread.postMessage(task),
    listen(onOutcome, onCrash) {
      thread.on('message', onOutcome)
      thread.on('error', (error) => onCrash(error.message))
    },
    terminate: () => void thread.terminate(),
  }
}

const mute = 'parentPort.on("message", () => undefined)'
const failing = 'parentPort.on("message", () => { throw new Error("out of memory") })'

describe('BEACON-2 the lane of the sharing worker', () => {
  it('gives one worker one task after the other, and ends it when it is idle', async () => {
    const events: string[] = []
    const here = workOf(() => openHere(events), { idleMs: 50 })
    const verdicts = await Promise.all([1, 2, 3].map(() => here.verifyDeal(input, deal)))
    expect(verdicts).toEqual([taken, taken, taken])
    expect(events).toEqual(['opened', 'verifyDeal', 'verifyDeal', 'verifyDeal'])
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(events.at(-1)).toBe('ended')
    expect(await here.verifyDeal(input, deal)).toEqual(taken)
  })

  it.each([
    ['says nothing', mute, 300, 'the worker was silent for 300 ms'],
    ['fails', failing, 30_000, 'out of memory'],
  ])('ends a worker that %s, and another serves what waits', async (_, body, silentMs, reason) => {
    const opened = [() => openThread(body), () => openHere()]
    const tried = workOf(() => (opened.shift() ?? openHere)(), { silentMs })
    const [first, second] = await Promise.all([
      tried.verifyDeal(input, deal),
      tried.verifyDeal(input, deal),
    ])
    expect(first).toEqual({ ok: false, error: { code: 'WORK_CRASHED', reason } })
    expect(second).toEqual(taken)
  })

  it('refuses what would wait too long, and gives up what waits when it is closed', async () => {
    const slow = workOf(() => openThread(mute))
    const waiting = Array.from({ length: 1025 }, () => slow.verifyDeal(input, deal))
    expect(await slow.verifyDeal(input, deal)).toEqual({ ok: false, error: { code: 'WORK_BUSY' } })
    await slow.close()
    const closed = { ok: false, error: { code: 'WORK_CLOSED' } }
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => closed))
    expect(await slow.verifyDeal(input, deal)).toEqual(closed)
  })
})
