import { describe, expect, it } from 'vitest'
import { SimulatedHeart } from '../../src/adapters/sensors/simulatedHeart.ts'
import { codebook60 } from '../../src/core/liveness/codebook.ts'
import { responseOf } from '../../src/core/liveness/response.ts'
import type { ChallengeSummary, NodeCommand } from '../../src/node/api.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SensorEvent } from '../../src/ports/sensor.ts'
import { heartOf } from './heart.ts'
import { RehearsedAnswers, type GuidedHeart } from './rehearsedAnswers.ts'

const startMs = 1_700_000_000_000
const asked = [3, 9, 14]

/** Runs timers in their order, without waiting. */
class HandClock implements Clock {
  #nowMs = startMs
  #timers: { readonly atMs: number; readonly run: () => void }[] = []

  nowMs = (): number => this.#nowMs

  after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  turn(toMs: number): void {
    for (;;) {
      const [next] = this.#timers.filter(({ atMs }) => atMs <= toMs).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      this.#timers = this.#timers.filter((timer) => timer !== next)
      next.run()
    }
    this.#nowMs = toMs
  }
}

function challengeOf(epoch: number, lastStartMs: number): ChallengeSummary {
  return {
    epoch,
    asked: asked.map((codeword) => ({
      codeword,
      breathHalves: codebook60.codewords[codeword] ?? [],
    })),
    endsAtMs: lastStartMs + 92_000,
    lastStartMs,
    step: 'open',
  }
}

interface Rehearsal {
  readonly clock: HandClock
  readonly sent: NodeCommand[]
  readonly ends: (readonly [epoch: number, outcome: string])[]
  challenge: ChallengeSummary | undefined
}

/** `shape` may put something between the heart and who listens. */
function rehearse(seed: number, shape = (heart: SimulatedHeart): GuidedHeart => heart): Rehearsal {
  const clock = new HandClock()
  const heart = new SimulatedHeart(clock, heartOf(new Uint8Array(32).fill(seed)))
  void heart.start()
  const rehearsal: Rehearsal = { clock, sent: [], ends: [], challenge: undefined }
  new RehearsedAnswers({
    heart: shape(heart),
    clock,
    challenge: () => rehearsal.challenge,
    command: (command) => {
      rehearsal.sent.push(command)
      return Promise.resolve({ ok: true })
    },
    onEnd: (epoch, outcome) => void rehearsal.ends.push([epoch, outcome]),
  }).start()
  return rehearsal
}

describe('LIVE-6, SENS-4 a rehearsal validator that is asked', () => {
  it.each([1, 77, 200])('follows the guide and hands in the window (%i)', async (seed) => {
    const rehearsal = rehearse(seed)
    rehearsal.clock.turn(startMs + 20_000)
    expect(rehearsal.sent).toEqual([])
    rehearsal.challenge = challengeOf(6, startMs + 176_000)
    rehearsal.clock.turn(startMs + 200_000)
    const [command, ...more] = rehearsal.sent
    expect(more).toEqual([])
    if (command?.type !== 'answerChallenge') throw new Error('no answer')
    expect(command.epoch).toBe(6)
    const [window] = command.windows
    const response = window && responseOf(window, codebook60)
    const shares = response?.ok === true ? response.value : []
    expect(shares.indexOf(Math.max(...shares))).toBe(asked[0])
    await Promise.resolve()
    expect(rehearsal.ends).toEqual([[6, 'answered']])
    // The same challenge is not answered twice, whatever the chain says of it.
    rehearsal.clock.turn(startMs + 400_000)
    expect(rehearsal.sent).toHaveLength(1)
  })

  it('LIVE-7 who does not follow takes the windows there are, and sends nothing', () => {
    const rehearsal = rehearse(5, (heart) => ({
      onEvent: (handler) => heart.onEvent(handler),
      follow: () => undefined,
    }))
    rehearsal.challenge = challengeOf(6, startMs + 400_000)
    rehearsal.clock.turn(startMs + 200_000)
    expect(rehearsal.ends).toEqual([])
    rehearsal.clock.turn(startMs + 300_000)
    expect(rehearsal.ends).toEqual([[6, 'inconclusive']])
    rehearsal.challenge = challengeOf(15, startMs + 600_000)
    rehearsal.clock.turn(startMs + 580_000)
    expect(rehearsal.ends.map(([epoch]) => epoch)).toEqual([6, 15])
    expect(rehearsal.sent).toEqual([])
  })

  it('SENS-3 a window with a gap is breathed again, unless it is too late', async () => {
    let isDeaf = true
    const rehearsal = rehearse(9, (heart) => ({
      onEvent: (handler) =>
        heart.onEvent((event: SensorEvent) => {
          if (!isDeaf) handler(event)
        }),
      follow: (codeword, atMs) => {
        heart.follow(codeword, atMs)
      },
    }))
    rehearsal.challenge = challengeOf(6, startMs + 80_000)
    rehearsal.clock.turn(startMs + 30_000)
    isDeaf = false
    rehearsal.clock.turn(startMs + 130_000)
    await Promise.resolve()
    expect(rehearsal.ends).toEqual([[6, 'answered']])
    isDeaf = true
    rehearsal.challenge = challengeOf(15, startMs + 140_000)
    rehearsal.clock.turn(startMs + 300_000)
    expect(rehearsal.ends).toEqual([
      [6, 'answered'],
      [15, 'spoiled'],
    ])
    rehearsal.challenge = challengeOf(24, startMs + 200_000)
    rehearsal.clock.turn(startMs + 500_000)
    expect(rehearsal.ends).toHaveLength(2)
  })
})
