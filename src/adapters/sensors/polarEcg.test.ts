import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EcgSignal } from './ecgSignal.ts'
import { ecgStart, ecgStarted, ecgStop, offersEcg, parseEcgFrame } from './polarEcg.ts'

function view(...bytes: number[]): DataView {
  return new DataView(Uint8Array.from(bytes).buffer)
}

/** `lastNs` on the strap's clock; samples of 24 bits, little-endian. */
function frame(lastNs: bigint, samples: readonly number[], type = 0, measurement = 0): DataView {
  const packet = new DataView(new ArrayBuffer(10 + 3 * samples.length))
  packet.setUint8(0, measurement)
  packet.setBigUint64(1, lastNs, true)
  packet.setUint8(9, type)
  for (const [index, value] of samples.entries()) {
    packet.setUint16(10 + 3 * index, value & 0xffff, true)
    packet.setInt8(12 + 3 * index, value >> 16)
  }
  return packet
}

describe('SENS-1 raw ECG of Polar straps', () => {
  test('the commands are those of the specification', () => {
    // 130 Hz is 0x82, 14 bit is 0x0E.
    expect([...ecgStart]).toEqual([0x02, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0e, 0x00])
    expect([...ecgStop]).toEqual([0x03, 0x00])
  })

  test('samples are signed, in µV, oldest first, and end at the time of the packet', () => {
    const samples = [0, 1, -1, 1200, -1200, 8_388_607, -8_388_608]
    expect(parseEcgFrame(frame(599_616_000_123_456_789n, samples))).toEqual({
      ok: true,
      value: { lastSampleMs: 599_616_000_123.456, microvolts: samples },
    })
  })

  test.each([
    ['nothing', view(), 'ECG_LENGTH'],
    ['a header alone', frame(0n, []), 'ECG_LENGTH'],
    ['half a sample', new DataView(frame(0n, [1, 2]).buffer, 0, 15), 'ECG_LENGTH'],
    ['more than an attribute holds', frame(0n, new Array<number>(168).fill(0)), 'ECG_LENGTH'],
    ['acceleration', frame(0n, [1], 0, 2), 'ECG_OTHER_MEASUREMENT'],
    ['compressed samples', frame(0n, [1], 0x80), 'ECG_FRAME_TYPE'],
  ])('%s is refused', (_, packet, code) => {
    expect(parseEcgFrame(packet)).toMatchObject({ ok: false, error: { code } })
  })

  test('any bytes give samples that account for each of them, or a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const parsed = parseEcgFrame(new DataView(Uint8Array.from(bytes).buffer))
        if (!parsed.ok) return
        expect(10 + 3 * parsed.value.microvolts.length).toBe(bytes.length)
        expect(parsed.value.microvolts.every(Number.isInteger)).toBe(true)
      }),
    )
  })

  test.each([
    [view(0x0f, 0x05), true],
    [view(0x0f, 0x01, 0, 0), true],
    [view(0x0f, 0x04), false],
    [view(0xf0, 0x01), false],
    [view(0x0f), false],
    [view(), false],
  ])('features %o', (features, offers) => {
    expect(offersEcg(features)).toBe(offers)
  })

  test.each([
    [view(0xf0, 2, 0, 0, 0), true],
    [view(0xf0, 2, 0, 6), true],
    [view(0xf0, 2, 0, 3), false],
    [view(0xf0, 2, 2, 0), undefined],
    [view(0xf0, 3, 0, 0), undefined],
    [view(0x0f, 2, 0, 0), undefined],
    [view(0xf0, 2, 0), undefined],
  ])('the answer %o to a start', (response, started) => {
    expect(ecgStarted(response)).toBe(started)
  })
})

describe('SENS-1 the ECG on our clock', () => {
  const startMs = 1_700_000_000_000
  const strapMs = 777_000
  const packetAt = (index: number): DataView =>
    frame(BigInt(strapMs + 500 * index) * 1_000_000n, new Array<number>(65).fill(index))

  test('packets of half a second follow each other without a gap, whatever the radio does', () => {
    const signal = new EcgSignal()
    const jitterMs = [0, 90, 250, 10, 400, 60, 0, 300]
    const waves = jitterMs.map((late, index) => {
      const wave = signal.packet(packetAt(index), startMs + 500 * index + late)
      if (wave === undefined) throw new Error('refused')
      return wave
    })
    for (const [index, wave] of waves.entries()) {
      expect(wave.values).toHaveLength(65)
      const lastMs = wave.startMs + (1000 * 64) / wave.sampleRateHz
      expect(Math.abs(lastMs - (startMs + 500 * index))).toBeLessThan(1)
    }
  })

  test('a strap that was restarted, and a packet that cannot be read', () => {
    const signal = new EcgSignal()
    signal.packet(packetAt(0), startMs)
    expect(signal.packet(view(1, 2, 3), startMs + 500)).toBeUndefined()
    const wave = signal.packet(frame(0n, [5]), startMs + 1000)
    expect(wave?.startMs).toBe(startMs + 1000)
  })
})
