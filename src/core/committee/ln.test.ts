import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { negativeLnQ64, uniformMax } from './ln.ts'

/** ⌊−ln(u/2^128) · 2^64⌋ computed with 80 decimal digits. */
const exact: readonly (readonly [uniform: bigint, result: bigint])[] = [
  [1n, 1636647506585939924452n],
  [2n, 1623861197940737268793n],
  [3n, 1616381686860646984814n],
  [5n, 1606958617312742711093n],
  [340282366920938463463374607431768211456n, 0n],
  [340282366920938463463374607431768211455n, 0n],
  [170141183460469231731687303715884105728n, 12786308645202655659n],
  [170141183460469231731687303715884105729n, 12786308645202655659n],
  [79228162514264337593543950336n, 409161876646484981113n],
  [39614081257132168796771975167n, 421948185291687636773n],
  [18446744073709563961n, 818323753292969949881n],
  [107981n, 1422855081910483889649n],
  [8366018020n, 1215186556889751146797n],
  [750476357633517326n, 877389029009251276243n],
  [1016688316461995626795401168n, 489511858169301435543n],
  [108201023553520905662399221803n, 403412782774686797208n],
  [927722758080533232415954156717173n, 236349893238023557387n],
  [1220460122603134095792831208554582232n, 103865274751528511071n],
  [46877915927154471689391866692593912719n, 36565672443569296785n],
  [96206961185274333709182621206344190502n, 23303293044402554033n],
  [214590879575310323753507931465589029923n, 8504731791599931107n],
  [191191747649702802405099069158627178165n, 10634528128786447214n],
]

describe('COM-3 integer logarithm', () => {
  it.each(exact)('of %d is exact to one unit of 2^-64', (uniform, result) => {
    const difference = negativeLnQ64(uniform) - result
    expect(difference >= -1n && difference <= 1n).toBe(true)
  })

  const uniforms = fc.bigInt({ min: 1n, max: uniformMax })

  it('is monotone to one unit and never negative', () => {
    fc.assert(
      fc.property(uniforms, uniforms, (left, right) => {
        const [low, high] = left < right ? [left, right] : [right, left]
        expect(negativeLnQ64(low) + 1n >= negativeLnQ64(high)).toBe(true)
        expect(negativeLnQ64(high) >= 0n).toBe(true)
      }),
    )
  })

  it('agrees with floating point as far as that goes', () => {
    fc.assert(
      fc.property(uniforms, (uniform) => {
        const float = -Math.log(Number(uniform) / 2 ** 128)
        const fixed = Number(negativeLnQ64(uniform)) / 2 ** 64
        expect(Math.abs(fixed - float)).toBeLessThan(1e-12 * Math.max(1, float))
      }),
    )
  })
})
