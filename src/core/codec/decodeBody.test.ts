import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Body } from './chain.ts'
import { decodeBody } from './decodeBody.ts'
import { decodeStrict } from './strict.ts'

const bodies = fc
  .array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 })
  .map((transactions) => Body.encode({ transactions }))

describe('ENC-1 bodies', () => {
  it('are what the general decoder says, good ones and spoilt ones', () => {
    fc.assert(
      fc.property(
        bodies,
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.nat({ max: 3 }),
        (input, at, byte, how) => {
          const index = at % (input.length + 1)
          const [before, after] = [input.subarray(0, index), input.subarray(index)]
          const spoilt =
            how === 3
              ? input
              : Uint8Array.from([
                  ...before,
                  ...(how === 2 ? [] : [byte]),
                  ...(how === 0 ? after : after.subarray(1)),
                ])
          expect(decodeBody(spoilt, 1_000)).toEqual(decodeStrict(Body, spoilt, 1_000))
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('are no longer than allowed', () => {
    const input = Body.encode({ transactions: [new Uint8Array(20)] })
    expect(decodeBody(input, input.length).ok).toBe(true)
    expect(decodeBody(input, input.length - 1)).toMatchObject({
      ok: false,
      error: { code: 'DECODE_TOO_LARGE' },
    })
  })

  it.each([
    ['a length of two groups where one would do', [0x0a, 0x81, 0x00, 7]],
    ['another field', [0x12, 1, 7]],
    ['a length beyond the end', [0x0a, 2, 7]],
    ['a tag alone', [0x0a]],
    ['a length without an end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
  ])('refuse %s', (_what, input) => {
    expect(decodeBody(Uint8Array.from(input), 1_000).ok).toBe(false)
  })
})
