import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, u32be } from '../../core/base/bytes.ts'
import { frame, FrameReader } from './framing.ts'

describe('NET-3 length-prefixed frames', () => {
  it('come out as they went in, however the stream cuts them', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 })
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 97 }), (sent, step) => {
        const stream = concat(...sent.map((payload) => frame(payload)))
        const reader = new FrameReader(300)
        const got: Uint8Array[] = []
        for (let at = 0; at < stream.length; at += step) {
          const result = reader.push(stream.subarray(at, at + step))
          if (!result.ok) return false
          got.push(...result.value)
        }
        expect(got).toEqual(sent)
        return reader.bufferedBytes === 0
      }),
    )
  })

  it('are copies: what the stream does with its buffer later changes nothing', () => {
    const wire = frame(Uint8Array.of(1, 2, 3))
    const result = new FrameReader(3).push(wire)
    wire.fill(9)
    expect(result).toEqual({ ok: true, value: [Uint8Array.of(1, 2, 3)] })
  })

  it('survive a peer that sends a long frame byte by byte', () => {
    const payload = new Uint8Array(5000).fill(7)
    const reader = new FrameReader(5000)
    let got: readonly Uint8Array[] = []
    for (const byte of frame(payload)) {
      const result = reader.push(Uint8Array.of(byte))
      if (result.ok && result.value.length > 0) got = result.value
    }
    expect(got).toEqual([payload])
  })
})

describe('NET-6 bounds on frames', () => {
  it('refuse a longer frame from its header alone', () => {
    expect(new FrameReader(10).push(u32be(11))).toEqual({
      ok: false,
      error: { code: 'FRAME_TOO_LONG', announcedBytes: 11, bytesMax: 10 },
    })
    expect(new FrameReader(10).push(frame(new Uint8Array(10)))).toMatchObject({ ok: true })
  })

  it('refuse it behind a good frame too', () => {
    const wire = concat(frame(Uint8Array.of(1)), u32be(0xffff_ffff))
    expect(new FrameReader(10).push(wire)).toMatchObject({ ok: false })
  })
})
