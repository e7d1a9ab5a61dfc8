/** A validator whose sensor has just begun, as its page sees it, over real nodes (UX-1). */
import { describe, expect, it } from 'vitest'
import { ensureTimeoutMs } from '../../circuits/tests/artifacts.fixture.ts'
import { BeatBuffer } from '../adapters/sensors/beatBuffer.ts'
import { pulseOf } from './duty/rest.fixture.ts'
import { CountingProver, preparePerson, restWindow } from './person.fixture.ts'
import { until } from './testNodes.fixture.ts'

const prover = new CountingProver()
const startPerson = preparePerson(prover)

/** The beats of the last so many milliseconds, as a series of its own. */
function addBeats(buffer: BeatBuffer, series: number, lastsMs: number): void {
  const { ticks } = restWindow
  const beats: { timeMs: number; rrTicks: number }[] = []
  let timeMs = Date.now()
  for (let index = 0; timeMs > Date.now() - lastsMs; index += 1) {
    const rrTicks = ticks[index % ticks.length] ?? 0
    beats.unshift({ timeMs, rrTicks })
    timeMs -= (1000 * rrTicks) / 1024
  }
  buffer.add({ kind: 'beats', series, beats })
}

describe('UX-1: a sensor that has just begun', () => {
  it(
    'is a minute under way until it is whole, and then a proof',
    async () => {
      const { node, service, unlock } = await startPerson(60_000)
      const duty = () => service.snapshot().duty
      await unlock()
      await until(() => node.chain.tip.height >= 3)
      expect(duty()).toEqual({ state: 'absent', reason: 'NO_SENSOR' })

      const buffer = new BeatBuffer()
      service.setPulse(pulseOf(buffer))
      addBeats(buffer, 1, 20_000)
      const measuring = duty()
      expect(measuring).toMatchObject({ state: 'measuring', epoch: 2 })
      const leftMs = measuring.state === 'measuring' ? measuring.windowEndMs - Date.now() : 0
      expect(leftMs).toBeGreaterThan(38_000)
      expect(leftMs).toBeLessThan(41_000)
      expect(prover.asked).toBe(0)

      addBeats(buffer, 2, 63_000)
      expect(duty()).not.toMatchObject({ state: 'measuring' })
      await until(() => prover.asked === 1)
    },
    ensureTimeoutMs,
  )
})
