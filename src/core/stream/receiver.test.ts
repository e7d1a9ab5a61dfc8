import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StreamState, type StreamBeat } from '../codec/sensor.ts'
import { readStreamBlock, writeStreamBlock } from './block.ts'
import { streamLimits } from './limits.ts'
import { StreamReceiver, type Received } from './receiver.ts'
import { StreamSender } from './sender.ts'
import { beatsUntil, frameWith, startUs } from './stream.fixture.ts'

const aheadUs = 7_654_321
const stepUs = streamLimits.frameEveryMs * 1000

/** A phone and a page with a clock each, and a way of 5 ms between them. */
class Pair {
  readonly sender = new StreamSender()
  readonly receiver = new StreamReceiver()
  readonly received: Received[] = []
  nowUs = startUs
  #count = 0

  get phoneUs(): number {
    return this.nowUs + aheadUs
  }

  /** A quarter of a second; `isLost`: what the phone says in it goes nowhere. */
  step(isLost = false): Received | undefined {
    this.nowUs += stepUs
    if (this.#count % 4 === 0 && !isLost) {
      this.sender.take(this.receiver.probe(this.nowUs - 10_000), this.phoneUs - 5000)
    }
    this.#count += 1
    const block = readStreamBlock(writeStreamBlock({ frame: this.sender.frame(this.phoneUs) }))
    if (!block.ok) throw new Error(`the phone keeps its bounds: ${block.error.code}`)
    if (isLost || block.value.frame === undefined) return undefined
    const taken = this.receiver.take(block.value.frame, this.nowUs + 5000)
    if (!taken.ok) throw new Error(`refused: ${taken.error.code}`)
    this.received.push(taken.value)
    return taken.value
  }

  agree(): void {
    this.sender.say({ state: StreamState.LIVE, device: 'camera' })
    this.receiver.accept()
    for (let count = 0; count < 8; count += 1) this.step()
  }

  beat(count = 1, cameraSeries = 1): void {
    this.sender.add(cameraSeries, beatsUntil(this.phoneUs - 700_000, count), this.phoneUs)
  }

  get beats(): readonly StreamBeat[] {
    return this.received.flatMap(({ beats }) => beats)
  }

  get series(): readonly number[] {
    const all = this.received.filter(({ beats }) => beats.length > 0)
    return [...new Set(all.map(({ series }) => series))]
  }
}

describe('SENS-6 a stream from a phone to a page', () => {
  it('beats arrive once, in order, with the time of the page and what the camera said', () => {
    const pair = new Pair()
    pair.agree()
    const sentAtUs: number[] = []
    for (let count = 0; count < 40; count += 1) {
      pair.beat()
      sentAtUs.push(pair.nowUs - 700_000)
      for (let step = 0; step < 4; step += 1) pair.step()
    }
    expect(pair.beats).toHaveLength(40)
    pair.beats.forEach(({ timeUs, rrTicks, uncertaintyUs }, index) => {
      expect(Math.abs(timeUs - sentAtUs[index]!)).toBeLessThanOrEqual(10_000)
      expect([rrTicks, uncertaintyUs]).toEqual([853, 9000])
    })
    expect(pair.series).toHaveLength(1)
    expect(pair.receiver.clock!.errorUs).toBeLessThanOrEqual(8000)
  })

  it('the first 20 s of a camera come in parts, as one series', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat(22)
    for (let step = 0; step < 6; step += 1) pair.step()
    expect(pair.beats).toHaveLength(22)
    expect(pair.series).toHaveLength(1)
  })

  it('nothing leaves the phone until the page agreed, and nothing is taken before', () => {
    const pair = new Pair()
    pair.sender.say({ state: StreamState.LIVE })
    pair.beat()
    for (let step = 0; step < 8; step += 1) expect(pair.step()!.frame.beats).toEqual([])
    expect(pair.sender.isAccepted).toBe(false)
    const forced = frameWith({ sequence: 99, series: 1, beats: beatsUntil(startUs, 1) })
    expect(pair.receiver.take(forced, pair.nowUs)).toEqual({
      ok: false,
      error: { code: 'STREAM_UNASKED' },
    })
  })
})

describe('SENS-6 SENS-3 what is missing is never filled in: another series begins', () => {
  it('a frame that did not arrive', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat()
    pair.step()
    pair.step(true)
    pair.beat()
    pair.step()
    expect(pair.series).toHaveLength(2)
  })

  it('a camera that began anew', () => {
    const pair = new Pair()
    pair.agree()
    for (const cameraSeries of [1, 2]) {
      pair.beat(1, cameraSeries)
      for (let step = 0; step < 4; step += 1) pair.step()
    }
    expect(pair.series).toHaveLength(2)
  })

  it('a channel that was away for longer than 3 s: what waited is dropped', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat()
    pair.step()
    pair.beat()
    // No frame is made while there is no channel.
    pair.nowUs += 3_100_000
    pair.step()
    pair.beat()
    pair.step()
    expect(pair.beats).toHaveLength(2)
    expect(pair.series).toHaveLength(2)
  })

  it('a channel that was away for 2 s: nothing is missing, and the series goes on', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat()
    pair.step()
    pair.beat()
    pair.nowUs += 2_000_000
    pair.step()
    expect(pair.beats).toHaveLength(2)
    expect(pair.series).toHaveLength(1)
  })

  it('frames that come later than 3 s', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat()
    pair.step()
    pair.beat()
    const frame = pair.sender.frame(pair.phoneUs)
    const late = pair.receiver.take(frame, pair.nowUs + 3_100_000)
    expect(late.ok && late.value.beats).toEqual([])
    pair.nowUs += 3_100_000
    pair.beat()
    pair.step()
    expect(pair.series).toHaveLength(2)
  })

  it('a clock that was set', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat()
    pair.step()
    const before = pair.series
    const probe = pair.receiver.probe(pair.nowUs)
    const set = frameWith({
      sequence: 1000,
      probe: probe.sequence,
      probeUs: startUs,
      sentUs: startUs + 1000,
    })
    const taken = pair.receiver.take(set, pair.nowUs + 4000)
    expect(taken.ok && taken.value.series).toBeGreaterThan(before[0]!)
    expect(pair.receiver.clock!.errorUs).toBeLessThan(3000)
  })

  it('more beats than may wait', () => {
    const pair = new Pair()
    pair.agree()
    pair.beat(22)
    pair.beat(22)
    pair.beat(22)
    pair.step()
    expect(pair.beats).toEqual([])
  })
})

describe('SENS-6 a phone that breaks the rules is refused with a code', () => {
  const code = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }) =>
    result.error?.code ?? 'taken'

  it('a number again, a smaller one, an answer to no question, and a flood', () => {
    const receiver = new StreamReceiver()
    expect(code(receiver.take(frameWith({ sequence: 5 }), startUs))).toBe('taken')
    expect(code(receiver.take(frameWith({ sequence: 5 }), startUs))).toBe('STREAM_ORDER')
    expect(code(receiver.take(frameWith({ sequence: 4 }), startUs))).toBe('STREAM_ORDER')
    const answer = frameWith({ sequence: 6, probe: 1, probeUs: startUs })
    expect(code(receiver.take(answer, startUs))).toBe('STREAM_PROBE')
    const flooded = new StreamReceiver()
    const codes = Array.from({ length: 200 }, (_, index) =>
      code(flooded.take(frameWith({ sequence: index + 1 }), startUs + index * 1000)),
    )
    expect(codes.filter((each) => each === 'taken')).toHaveLength(16)
    expect(codes.at(-1)).toBe('STREAM_FLOOD')
  })

  it('the pace of a phone is no flood for as long as it likes', () => {
    const receiver = new StreamReceiver()
    for (let index = 1; index < 5000; index += 1) {
      expect(code(receiver.take(frameWith({ sequence: index }), startUs + index * stepUs))).toBe(
        'taken',
      )
    }
  })

  it('whatever frames come: a code, or beats near the present, in order within a series', () => {
    const frames = fc.array(
      fc.record({
        sequence: fc.integer({ min: 1, max: 40 }),
        sentUs: fc.integer({ min: startUs - 10_000_000, max: startUs + 10_000_000 }),
        probe: fc.integer({ min: 0, max: 4 }),
        series: fc.integer({ min: 0, max: 3 }),
        count: fc.integer({ min: 0, max: 6 }),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(frames, (all) => {
        const receiver = new StreamReceiver()
        receiver.accept()
        let nowUs = startUs
        for (const { sequence, sentUs, probe, series, count } of all) {
          nowUs += stepUs
          receiver.probe(nowUs)
          const beats = series === 0 ? [] : beatsUntil(sentUs, Math.max(1, count))
          const frame = frameWith({
            sequence,
            sentUs,
            probe,
            probeUs: probe === 0 ? 0 : sentUs - 1000,
            series,
            beats,
          })
          const taken = receiver.take(frame, nowUs + 5000)
          if (!taken.ok) return
          for (const { timeUs } of taken.value.beats) {
            expect(timeUs).toBeLessThanOrEqual(nowUs + 5000 + streamLimits.staleUs)
          }
        }
      }),
    )
  })
})
