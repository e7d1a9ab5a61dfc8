import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseHeartRateMeasurement } from './heartRateMeasurement.ts'

function parse(...bytes: number[]) {
  return parseHeartRateMeasurement(new DataView(Uint8Array.from(bytes).buffer))
}

describe('SENS-1 heart rate measurement (0x2A37)', () => {
  test('8-bit rate alone', () => {
    expect(parse(0x00, 72)).toEqual({
      ok: true,
      value: { bpm: 72, contact: 'unknown', rrTicks: [] },
    })
  })

  test('16-bit rate, little-endian', () => {
    expect(parse(0x01, 0x2c, 0x01)).toMatchObject({ value: { bpm: 300 } })
  })

  test.each([
    [0b000, 'unknown'],
    [0b010, 'unknown'],
    [0b100, 'lost'],
    [0b110, 'present'],
  ])('contact bits %i mean %s', (bits, contact) => {
    expect(parse(bits, 60)).toMatchObject({ value: { contact } })
  })

  test('energy stands between the rate and the intervals', () => {
    expect(parse(0x1e, 60, 0x34, 0x12, 0x00, 0x04, 0xff, 0x03)).toEqual({
      ok: true,
      value: { bpm: 60, contact: 'present', energyKilojoules: 0x1234, rrTicks: [1024, 1023] },
    })
  })

  test('intervals are 1/1024 s ticks, oldest first, and may be absent from a packet', () => {
    expect(parse(0x10, 75, 0x20, 0x03, 0x34, 0x03, 0x00, 0x03)).toMatchObject({
      value: { rrTicks: [800, 820, 768] },
    })
    expect(parse(0x10, 50)).toMatchObject({ ok: true, value: { rrTicks: [] } })
  })

  test('reserved flag bits are ignored', () => {
    expect(parse(0xe0, 60)).toMatchObject({ ok: true, value: { bpm: 60 } })
  })

  test.each<[string, number[], string]>([
    ['nothing', [], 'PACKET_TRUNCATED'],
    ['flags alone', [0x00], 'PACKET_TRUNCATED'],
    ['half a 16-bit rate', [0x01, 60], 'PACKET_TRUNCATED'],
    ['half an energy', [0x08, 60, 1], 'PACKET_TRUNCATED'],
    ['half an interval', [0x10, 60, 0, 4, 0], 'PACKET_TRUNCATED'],
    ['bytes that no flag announces', [0x00, 60, 0, 4], 'PACKET_TRAILING'],
    ['more than an attribute can hold', new Array<number>(513).fill(0), 'PACKET_TOO_LONG'],
  ])('%s is refused', (_, bytes, code) => {
    expect(parse(...bytes)).toMatchObject({ ok: false, error: { code } })
  })

  test('every flag byte with 0 to 9 intervals is read, and refused when a byte is cut', () => {
    for (let flags = 0; flags < 256; flags += 1) {
      for (let count = 0; count <= 9; count += 1) {
        const hasIntervals = (flags & 16) !== 0
        const rrTicks = Array.from({ length: hasIntervals ? count : 0 }, (_, at) => 700 + 257 * at)
        const bytes = [
          flags,
          ...(flags & 1 ? [0x2c, 0x01] : [72]),
          ...(flags & 8 ? [0xfe, 0xff] : []),
          ...rrTicks.flatMap((rr) => [rr & 255, rr >> 8]),
        ]
        const contact = flags & 4 ? (flags & 2 ? 'present' : 'lost') : 'unknown'
        const bpm = flags & 1 ? 300 : 72
        const energy = flags & 8 ? { energyKilojoules: 0xfffe } : {}
        expect(parse(...bytes)).toEqual({ ok: true, value: { bpm, contact, ...energy, rrTicks } })
        expect(parse(...bytes.slice(0, -1)).ok).toBe(false)
        expect(parse(...bytes, 9).ok).toBe(false)
      }
    }
  })

  test('any bytes give a value that accounts for each of them, or a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const parsed = parse(...bytes)
        if (!parsed.ok) return
        const { rrTicks, energyKilojoules } = parsed.value
        const rateBytes = (bytes[0] ?? 0) & 1 ? 2 : 1
        const energyBytes = energyKilojoules === undefined ? 0 : 2
        expect(1 + rateBytes + energyBytes + 2 * rrTicks.length).toBe(bytes.length)
      }),
    )
  })
})
