import { describe, expect, it } from 'vitest'
import { BeatBuffer } from '../../adapters/sensors/beatBuffer.ts'
import { blsBlst as bls } from '../../adapters/crypto/blsBlst.ts'
import { readSingle } from '../../core/ledger/state.ts'
import { epochRecord } from '../../core/ledger/tables.ts'
import { createTestChain } from '../../core/ledger/testChain.fixture.ts'
import { minuteUnderWay } from './minuteUnderWay.ts'
import { beats, calm, pulseOf } from './rest.fixture.ts'

const params = { epochMs: 30_000 }
const readyUntilMs = 8_000
const first = readSingle(createTestChain(bls, { validators: 4, seats: 4 }).state, epochRecord)
const record = { ...first, open: true, epoch: 7, startMs: 1_000_000 }

/** After so long of beats in a row, at this time after the start of epoch 7. */
function minuteAt(sinceMs: number, heldMs: number) {
  const nowMs = record.startMs + sinceMs
  const { list, endMs } = beats(0, heldMs, calm)
  const buffer = new BeatBuffer()
  const shifted = list.map((beat) => ({ ...beat, timeMs: beat.timeMs + nowMs - endMs }))
  buffer.add({ kind: 'beats', series: 1, beats: shifted })
  const minute = minuteUnderWay(pulseOf(buffer), record, params, nowMs)
  return minute && { ...minute, leftMs: minute.windowEndMs - nowMs }
}

describe('EPOCH-0, UX-1: the minute that is being recorded', () => {
  it('ends when there are 60 s of beats in a row, and is none after that', () => {
    const minute = minuteAt(0, 20_000)
    expect(minute?.leftMs).toBeGreaterThan(38_000)
    expect(minute?.leftMs).toBeLessThanOrEqual(40_000)
    expect(minuteAt(0, 61_000)).toBeUndefined()
  })

  it('serves the next epoch when its READY still counts then, else the one after', () => {
    const atEnd = (endMs: number) => minuteAt(endMs - 10_000, 50_000)?.epoch
    expect(atEnd(readyUntilMs - 1_000)).toBe(8)
    expect(atEnd(readyUntilMs + 1_000)).toBe(9)
    // It ends in the epoch after this one, or in a later one.
    expect(minuteAt(25_000, 49_000)?.epoch).toBe(9)
    expect(minuteAt(25_000, 30_000)?.epoch).toBe(10)
    expect(minuteAt(25_000, 22_000)?.epoch).toBe(10)
  })

  it('is none without a sensor that beats now', () => {
    expect(minuteUnderWay(undefined, record, params, record.startMs)).toBeUndefined()
    const lost = pulseOf(new BeatBuffer())
    expect(minuteUnderWay(lost, record, params, record.startMs)).toBeUndefined()
  })
})
