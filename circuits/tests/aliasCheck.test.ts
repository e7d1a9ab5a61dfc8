/**
 * A field element below 2^254 − r has two forms in 254 bits: its own, and that of itself plus r.
 * The hash h of a sensor's signature is taken apart so (ZK-10), and circomlib's AliasCheck has to
 * refuse the second. Both are tried here, and the search has to decide between them (ZK-8).
 */

import { poseidon1 } from 'poseidon-lite/poseidon1'
import { poseidon4 } from 'poseidon-lite/poseidon4'
import { describe, expect, it, vi } from 'vitest'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import {
  eighthOf,
  sensorMessage,
  signatureHash,
  verifySensorSignature,
  type SensorPoint,
  type SensorSignature,
} from '../../src/core/emotion/sensorSignature.ts'
import { testSensor } from '../../src/core/emotion/testSensor.fixture.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { compiledSource, type Compiled } from '../soundness/compiled.ts'
import { searched, type Findings } from '../soundness/search.ts'
import type { System } from '../soundness/system.ts'
import { projectRoot } from './artifacts.fixture.ts'

// A compilation takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

/** The first number without a second form. */
const aliasEnd = (1n << 254n) - fieldOrder

const header = 'pragma circom 2.2.0;\n'

/** Each source is tried with several inputs. */
const compiled = new Map<string, Promise<Compiled>>()

async function systemOf(source: string, input: CircuitInput): Promise<System> {
  const known = compiled.get(source) ?? compiledSource(projectRoot, header + source)
  compiled.set(source, known)
  return (await known)(input)
}

async function searchedSource(source: string, input: CircuitInput): Promise<Findings> {
  return searched(await systemOf(source, input), [])
}

describe('ZK-10 AliasCheck', () => {
  const source = `include "circomlib/circuits/aliascheck.circom";
    component main = AliasCheck();\n`
  const takes = async (value: bigint): Promise<boolean> => {
    const bits = Array.from({ length: 254 }, (_, at) => String((value >> BigInt(at)) & 1n))
    const silenced = vi.spyOn(console, 'error').mockReturnValue()
    try {
      await systemOf(source, { in: bits })
      return true
    } catch (error) {
      if (String(error).includes('Assert Failed')) return false
      throw error
    } finally {
      silenced.mockRestore()
    }
  }

  it('takes the bits of a number below the order, and not those of the same plus r', async () => {
    for (const value of [0n, 5n, aliasEnd - 1n]) {
      expect([value, await takes(value), await takes(value + fieldOrder)]).toEqual([
        value,
        true,
        false,
      ])
    }
    expect(await takes(fieldOrder - 1n)).toBe(true)
  })
})

describe('ZK-8 a number in 254 bits', () => {
  const bitsOf = (template: string, statements = ''): string => `
    include "circomlib/circuits/bitify.circom";
    template Bits() {
      signal input a; signal output o[254]; signal output low;
      component bits = ${template}; bits.in <== a;
      for (var i = 0; i < 254; i++) o[i] <== bits.out[i];
      low <== o[0] * o[1];
      ${statements}
    }
    component main = Bits();\n`
  const numbers = [0n, 5n, aliasEnd - 1n, aliasEnd, fieldOrder - 1n].map(String)

  it.each(numbers)('has one form by Num2Bits_strict: %s', async (a) => {
    const { moving, loose } = await searchedSource(bitsOf('Num2Bits_strict()'), { a })
    expect([moving, loose]).toEqual([[], []])
  })

  it('is found to have two without a check, and what is computed of them too', async () => {
    for (const [a, forms] of [
      [5n, 2],
      [aliasEnd - 1n, 2],
      [aliasEnd, undefined],
    ] as const) {
      const { loose } = await searchedSource(bitsOf('Num2Bits(254)'), { a: String(a) })
      expect(loose.map((group) => group.forms)).toEqual(forms === undefined ? [] : [forms])
      if (forms === undefined) continue
      expect(loose[0]?.wires).toContain('main.o[253]')
      // The two lowest bits of 5 are 1 and 0, those of 5 + r are 0 and 1: their product is 0 of
      // both. Of 2^254 − r − 1 they are 0 and 1, of its second form 1 and 1.
      expect(loose[0]?.wires.includes('main.low')).toBe(a !== 5n)
    }
  })

  it('is found to have two where the check says nothing', async () => {
    const computed = `component compare = CompConstant(-1);
      for (var i = 0; i < 254; i++) compare.in[i] <== o[i];
      signal output isAlias; isAlias <== compare.out;`
    const unchecked = bitsOf('Num2Bits(254)', computed)
    const { loose } = await searchedSource(unchecked, { a: '5' })
    expect(loose.map(({ forms }) => forms)).toEqual([2])
    expect(loose[0]?.wires).toContain('main.isAlias')
    const checked = bitsOf('Num2Bits(254)', `${computed} isAlias === 0;`)
    expect((await searchedSource(checked, { a: '5' })).loose).toEqual([])
  })
})

describe('ZK-8, ZK-10 the signature of a sensor', () => {
  const context = [1n, 2n, 3n, 4n] as const
  const [ticks, firstOffsetTicks] = [[900, 901], 10]
  const packed = 10n + (900n << 12n) + (901n << 24n)
  const message = sensorMessage(poseidon1([packed]), poseidon4([...context]))

  interface Signed {
    readonly key: SensorPoint
    readonly signature: SensorSignature
  }

  /** Of the first sensor whose h is on that side. */
  function signedWith(hasAlias: boolean): Signed {
    for (let seed = 1; ; seed += 1) {
      const { key, sign } = testSensor(seed)
      const signature = sign(message)
      const hash = signatureHash(signature.r8, key, message)
      if (hash < aliasEnd === hasAlias) return { key, signature }
    }
  }

  it.each([
    ['h, and none for h + r', true],
    ['an h that has no second form', false],
  ])('leaves one witness for %s', async (_, hasAlias) => {
    const { key, signature } = signedWith(hasAlias)
    expect(verifySensorSignature(key, message, signature).ok).toBe(true)
    const eighth = eighthOf(key)
    if (!eighth.ok) throw new Error(eighth.error.code)
    const [chainId, epoch, beacon, identity] = context.map(String)
    const names = { chainId, epoch, beacon, identity } as CircuitInput
    const { loose, inverses } = await searchedSource(
      'include "../lib/sensor_signature.circom";\ncomponent main = SensorSignature(2);\n',
      {
        ...names,
        ticks: ticks.map(String),
        firstOffsetTicks: String(firstOffsetTicks),
        keyEighth: [String(eighth.value.x), String(eighth.value.y)],
        signatureR8: [String(signature.r8.x), String(signature.r8.y)],
        signatureS: String(signature.s),
      },
    )
    expect(loose).toEqual([])
    expect(inverses).toHaveLength(2)
  })
})
