import { describe, expect, it } from 'vitest'
import { nodeRandom } from '../../adapters/node/random.ts'
import { BeatBuffer } from '../../adapters/sensors/beatBuffer.ts'
import { openMemoryStore } from '../../adapters/storage/memoryStore.ts'
import type { Pulse } from '../../ports/pulse.ts'
import { BaselineRecorder } from './baselineRecorder.ts'

const proofSecret = new Uint8Array(32).fill(7)
const neededMs = 60_000

/** Beats one after the other from `startMs` on, as long as `lengthMs`. */
function beats(startMs: number, lengthMs: number, ticksAt: (index: number) => number) {
  const list: { timeMs: number; rrTicks: number }[] = []
  let timeMs = startMs
  for (let index = 0; timeMs < startMs + lengthMs; index += 1) {
    const rrTicks = ticksAt(index)
    timeMs += (1000 * rrTicks) / 1024
    list.push({ timeMs, rrTicks })
  }
  return { list, endMs: timeMs }
}

const calm = (index: number): number => 980 + Math.round(40 * Math.sin(index / 2.5))
/** Every other beat far too early, as with extrasystoles: no rest can be told from it. */
const bigeminal = (index: number): number => (index % 2 === 0 ? 600 : 1360)

function pulseOf(buffer: BeatBuffer): Pulse {
  return {
    provenance: 'simulated',
    cutLatest: (nowMs) => buffer.cutLatest(nowMs),
    cutWindow: (endMs) => buffer.cutWindow(endMs),
    contiguousMs: (nowMs) => buffer.contiguousMs(nowMs),
    freshness: (nowMs) => buffer.freshness(nowMs),
  }
}

function recorder(): BaselineRecorder {
  return new BaselineRecorder({ store: openMemoryStore(), random: nodeRandom, neededMs })
}

describe('FIT-2: the rest baseline', () => {
  it('is taken once the rest is long and clean enough', async () => {
    const buffer = new BeatBuffer()
    const pulse = pulseOf(buffer)
    const { list, endMs } = beats(0, 70_000, calm)
    buffer.add({ kind: 'beats', series: 1, beats: list })
    const rest = recorder()
    rest.start(0)
    expect(await rest.look(pulse, proofSecret, endMs)).toBe(true)
    expect(rest.describe(pulse, endMs)).toMatchObject({ state: 'done', problem: undefined })
  })

  it('says why a rest that is long enough is not taken, and takes a later one', async () => {
    const buffer = new BeatBuffer()
    const pulse = pulseOf(buffer)
    const first = beats(0, 70_000, bigeminal)
    buffer.add({ kind: 'beats', series: 1, beats: first.list })
    const rest = recorder()
    rest.start(0)
    expect(await rest.look(pulse, proofSecret, first.endMs)).toBe(false)
    const refused = rest.describe(pulse, first.endMs)
    expect(refused.state).toBe('recording')
    expect(refused.recordedMs).toBe(neededMs)
    expect(['RHYTHM_IRREGULAR', 'SIGNAL_QUALITY']).toContain(refused.problem)

    const later = beats(first.endMs, 70_000, calm)
    buffer.add({ kind: 'beats', series: 1, beats: later.list })
    expect(await rest.look(pulse, proofSecret, later.endMs)).toBe(true)
    expect(rest.describe(pulse, later.endMs)).toMatchObject({ state: 'done', problem: undefined })
  })

  it('starts anew after a gap: what lay before it does not count', async () => {
    const buffer = new BeatBuffer()
    const pulse = pulseOf(buffer)
    const first = beats(0, 50_000, calm)
    const second = beats(first.endMs + 5000, 30_000, calm)
    buffer.add({ kind: 'beats', series: 1, beats: first.list })
    buffer.add({ kind: 'beats', series: 2, beats: second.list })
    const rest = recorder()
    rest.start(0)
    expect(await rest.look(pulse, proofSecret, second.endMs)).toBe(false)
    expect(rest.describe(pulse, second.endMs).recordedMs).toBeLessThan(32_000)
  })
})
