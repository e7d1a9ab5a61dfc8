import { describe, expect, test } from 'vitest'
import type { SensorEvent } from '../../ports/sensor.ts'
import { StrapSignal } from './strapSignal.ts'

const startMs = 1_700_000_000_000

function packet(...bytes: number[]): DataView {
  return new DataView(Uint8Array.from(bytes).buffer)
}

/** 60 bpm, contact present, one interval of one second. */
const beat = packet(0x16, 60, 0x00, 0x04)

function signalAfter(packets: readonly DataView[]) {
  const events: SensorEvent[] = []
  const signal = new StrapSignal((event) => events.push(event))
  signal.linkOpened(startMs)
  const reasons = packets.map((each, at) => signal.packet(each, startMs + 1000 * at))
  return { events, signal, reasons }
}

describe('SENS-3 a strap without beats is lost, with the reason', () => {
  test('beats are live, and silent 3 s after the last', () => {
    const { signal, reasons } = signalAfter([beat, beat])
    expect(reasons).toEqual([undefined, undefined])
    expect(signal.silence(startMs + 4000, 3000)).toBeUndefined()
    expect(signal.silence(startMs + 4001, 3000)).toBe('SILENT')
  })

  test('contact lost is said at once; the beats after it are another series', () => {
    const { events, reasons } = signalAfter([beat, packet(0x04, 0), beat])
    expect(reasons).toEqual([undefined, 'CONTACT_LOST', undefined])
    const series = events.flatMap((event) => (event.kind === 'beats' ? [event.series] : []))
    expect(series).toEqual([1, 2])
  })

  test('a device that sends a rate and never an interval says so', () => {
    const { signal } = signalAfter([1, 2, 3, 4].map(() => packet(0x06, 60)))
    expect(signal.silence(startMs + 3001, 3000)).toBe('NO_INTERVALS')
  })

  test('a packet that cannot be read is a gap, and the reason when no other comes', () => {
    const { events, signal, reasons } = signalAfter([beat, packet(0x10), beat, packet(0x10)])
    expect(reasons).toEqual([undefined, 'WAITING', undefined, 'WAITING'])
    const series = events.flatMap((event) => (event.kind === 'beats' ? [event.series] : []))
    expect(series).toEqual([1, 2])
    expect(signal.silence(startMs + 5100, 3000)).toBe('PACKET_INVALID')
  })

  test('QUAL-1 quality rises to full over ten steady seconds', () => {
    const { events } = signalAfter(Array.from({ length: 12 }, () => beat))
    const quality = events.flatMap((event) => (event.kind === 'quality' ? [event] : []))
    expect(quality[0]).toMatchObject({ quality: 1000, reason: 'STARTING' })
    expect(quality.at(-1)).toMatchObject({ quality: 10_000, reason: 'GOOD' })
  })
})
