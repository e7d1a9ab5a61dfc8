import { describe, expect, it } from 'vitest'
import { WaveBuffer } from './wave.ts'

function samples(startMs: number, values: readonly number[]): Parameters<WaveBuffer['push']>[0] {
  return {
    kind: 'wave',
    wave: 'ecg',
    startMs,
    sampleRateHz: 100,
    values: Float32Array.from(values),
  }
}

describe('UX-7 the wave shows what the sensor gave and nothing else', () => {
  it('gives the last seconds, relative to their end', () => {
    const wave = new WaveBuffer()
    wave.push(samples(1000, [1, 2, 3]))
    expect(wave.window(1020, 1000)).toEqual([
      [-0.02, -0.01, 0],
      [1, 2, 3],
    ])
    expect(wave.window(9000, 1000)).toEqual([[], []])
  })

  it('breaks the line where samples are missing', () => {
    const wave = new WaveBuffer()
    wave.push(samples(1000, [1]))
    wave.push(samples(2000, [2]))
    expect(wave.window(2000, 5000)[1]).toEqual([1, null, 2])
  })

  it('draws no sample twice and none backwards', () => {
    const wave = new WaveBuffer()
    wave.push(samples(1000, [1, 2, 3]))
    wave.push(samples(1010, [9, 9, 4]))
    expect(wave.window(1030, 1000)[1]).toEqual([1, 2, 3, 4])
  })

  it('draws beats as teeth on a time line when there are no samples', () => {
    const wave = new WaveBuffer()
    wave.pushBeats({ kind: 'beats', series: 1, beats: [{ timeMs: 1000, rrTicks: 900 }] })
    expect(wave.kind).toBe('beats')
    expect(wave.window(1100, 1000)[1]).toEqual([0, 1, 0])
  })

  it('stays bounded whatever a sensor sends', () => {
    const wave = new WaveBuffer()
    for (let second = 0; second < 60; second += 1) {
      wave.push({ ...samples(second * 1000, Array(1000).fill(1)), sampleRateHz: 1000 })
    }
    wave.push(samples(60_000, Array(50_000).fill(2)))
    const drawn = wave.window(1e9, 1e9)[1].filter((value) => value !== null)
    expect(drawn.length).toBeLessThanOrEqual(4096)
  })

  it('ignores a wave without a sample rate', () => {
    const wave = new WaveBuffer()
    wave.push({ ...samples(1000, [1]), sampleRateHz: 0 })
    expect(wave.newestMs).toBeUndefined()
  })
})
