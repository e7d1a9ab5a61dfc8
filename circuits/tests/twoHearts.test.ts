/**
 * Clause 6 without one of its constraints (LIVE-5): for each there is a false input that the clause
 * refuses, and takes when that constraint is gone. So none is for nothing, and none is untested.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, posix } from 'node:path'
// @ts-expect-error snarkjs ships no types.
import { wtns as untyped } from 'snarkjs'
import { describe, expect, it, vi } from 'vitest'
import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { testWindow } from '../../src/core/emotion/testWindows.fixture.ts'
import type { RrWindow } from '../../src/core/emotion/window.ts'
import { beatTimes, cutSecondBeats, secondBeatsInput } from '../../src/core/liveness/secondBeats.ts'
import { lagTicksMax } from '../../src/core/liveness/twoHearts.ts'
import { compileCircuit } from '../setup/compile.ts'
import { compiledSystem } from '../soundness/compiled.ts'
import { searched } from '../soundness/search.ts'
import { projectRoot } from './artifacts.fixture.ts'

// A compilation takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })
const wtns = untyped as {
  calculate(input: CircuitInput, wasm: Uint8Array, witness: { type: 'mem' }): Promise<void>
}
let whole: Uint8Array | undefined

vi.spyOn(console, 'error').mockReturnValue()

const text = readFileSync(`${projectRoot}/circuits/lib/two_hearts.circom`, 'utf8')
const source = `${text.replace('"integers.circom"', '"../lib/integers.circom"')}
component main = TwoHearts(128, 4);
`
const window = testWindow({ seed: 3 })
const late = beatTimes(window)

function inputFor(second: readonly number[], lagTicks = 0, of: RrWindow = window): CircuitInput {
  const cut = cutSecondBeats(second, beatTimes(of), lagTicks)
  const laidOut = secondBeatsInput(of, cut, lagTicks)
  if (!laidOut.ok) throw new Error(laidOut.error.code)
  return {
    ticks: padded(of.ticks),
    selected: padded(of.ticks.map(() => 1)),
    firstOffsetTicks: String(of.firstOffsetTicks),
    ...laidOut.value,
  }
}

function padded(values: readonly number[]): readonly string[] {
  return Array.from({ length: 128 }, (_, index) => String(values[index] ?? 0))
}

const list = (from: CircuitInput, name: string): readonly string[] =>
  from[name] as readonly string[]
const plus = (value: unknown, step: number): string => String(BigInt(String(value)) + BigInt(step))

/** One beat lost, or moved away, or more, than may be. */
const tenth = Math.floor(late.length / 10) + 1
const places = new Set(Array.from({ length: tenth }, (_, index) => 5 + 3 * index))
const lost = inputFor(late.filter((_, index) => !places.has(index)))
const moved = inputFor(late.map((at, index) => (places.has(index) ? at + 150 : at)))
/** One beat more than may be, with beats outside at either end, and without. */
const ninth = Math.floor(late.length / 9) + 1
const more = late.flatMap((at, index) => (index > 5 && index <= 5 + ninth ? [at, at + 330] : [at]))
const outside = [(late[0] ?? 0) - 900, ...more, (late.at(-1) ?? 0) + 900]
const tooMany = inputFor(more)
const tooManyAndOutside = inputFor(outside)
const oneFewer = (from: CircuitInput): CircuitInput => ({ overlap: plus(from['overlap'], -1) })

const slow: RrWindow = {
  ticks: Array.from({ length: 28 }, () => 2048),
  marks: Array.from({ length: 28 }, () => false),
  firstOffsetTicks: 2048,
}
const few = inputFor(beatTimes(slow), 0, slow)
const atLagMax = inputFor(
  late.map((at) => at - lagTicksMax),
  lagTicksMax,
)
const near = inputFor(late.flatMap((at, index) => (index === 9 ? [at, at + 330] : [at])))
const nearAt = list(near, 'secondTicks').indexOf('330')
const [firstAt = 0, lastAt = 0] = [late[0], late.at(-1)]
const lateFirst = inputFor(late.with(0, firstAt + 61))
const earlyLast = inputFor(late.with(-1, lastAt - 61))
const lastGap = list(earlyLast, 'secondSelected').lastIndexOf('1')

/** A switch that is no bit makes any time of two: here that of beat 5, which has no partner. */
function anyTime(): CircuitInput {
  const [here, further] = [timeAt(moved, 5), timeAt(moved, 6)]
  const share = (BigInt(late[5] ?? 0) - here) * inverse(further - here)
  const counted = list(moved, 'counted').with(5, '1')
  return { counted, skips: list(moved, 'skips').with(5, String(modulo(share))) }
}

/** Time of a slot of the second series, before any switch. */
function timeAt(from: CircuitInput, slot: number): bigint {
  const gaps = list(from, 'secondTicks').slice(0, slot)
  return gaps.reduce(
    (sum, gap) => sum + BigInt(gap),
    BigInt(String(from['secondOffsetTicks'])) - 9216n,
  )
}

const modulo = (value: bigint): bigint => ((value % fieldOrder) + fieldOrder) % fieldOrder

function inverse(value: bigint): bigint {
  let [result, base, exponent] = [1n, modulo(value), fieldOrder - 2n]
  for (; exponent > 0n; exponent >>= 1n) {
    if ((exponent & 1n) === 1n) result = (result * base) % fieldOrder
    base = (base * base) % fieldOrder
  }
  return result
}

const lies: readonly (readonly [string, CircuitInput, CircuitInput])[] = [
  [
    'InRange(0, lagTicksMax)(lagTicks);',
    atLagMax,
    {
      lagTicks: String(lagTicksMax + 1),
      secondOffsetTicks: plus(atLagMax['secondOffsetTicks'], -1),
    },
  ],
  [
    'secondSelected[i] * (secondSelected[i] - 1) === 0;',
    tooMany,
    { ...oneFewer(tooMany), secondSelected: list(tooMany, 'secondSelected').with(-1, '-1') },
  ],
  [
    'InRange(0, gapExcessMax)(secondTicks[i] - rrTicksMin * secondSelected[i]);',
    near,
    {
      secondTicks: list(near, 'secondTicks')
        .with(nearAt, '300')
        .with(nearAt + 1, plus(list(near, 'secondTicks')[nearAt + 1], 30)),
    },
  ],
  [
    'firstUnseen * (firstUnseen - 1) === 0;',
    tooManyAndOutside,
    { ...oneFewer(tooManyAndOutside), firstUnseen: '2' },
  ],
  [
    'lastUnseen * (lastUnseen - 1) === 0;',
    tooManyAndOutside,
    { ...oneFewer(tooManyAndOutside), lastUnseen: '2' },
  ],
  [
    'InRange(0, reachMax)(late[0] + tolerance - prompt[0]);',
    lateFirst,
    {
      counted: list(lateFirst, 'counted').with(0, '0'),
      secondOffsetTicks: plus(lateFirst['secondOffsetTicks'], 1),
      secondTicks: list(lateFirst, 'secondTicks').with(
        0,
        plus(list(lateFirst, 'secondTicks')[0], -1),
      ),
    },
  ],
  [
    'InRange(0, reachMax)(prompt[gaps] + tolerance - late[beats]);',
    earlyLast,
    {
      counted: list(earlyLast, 'counted').with(late.length - 1, '0'),
      secondTicks: list(earlyLast, 'secondTicks').with(
        lastGap,
        plus(list(earlyLast, 'secondTicks')[lastGap], -1),
      ),
    },
  ],
  ['InRange(0, reachMax)(before);', tooMany, { ...oneFewer(tooMany), firstUnseen: '1' }],
  ['InRange(0, reachMax)(after);', tooMany, { ...oneFewer(tooMany), lastUnseen: '1' }],
  ['skips[next] * (skips[next] - 1) === 0;', moved, anyTime()],
  ['counted[i] * (counted[i] - 1) === 0;', moved, { counted: list(moved, 'counted').with(0, '2') }],
  [
    'if (i > 0) counted[i] * (1 - selected[i - 1]) === 0;',
    lost,
    { counted: list(lost, 'counted').with(late.length, '1') },
  ],
  [
    'InRange(0, 2 * tolerance)(apart[i] + tolerance);',
    moved,
    { counted: list(moved, 'counted').with(5, '1') },
  ],
  ['InRange(0, gaps)(overlap - lateCount);', lost, { overlap: String(late.length - tenth) }],
  ['InRange(0, gaps)(overlap - seenCount);', tooMany, { overlap: String(late.length) }],
  ['(overlap - lateCount) * (overlap - seenCount) === 0;', few, { overlap: '30' }],
  ['InRange(0, gaps)(overlap - overlapMin);', few, {}],
  ['InRange(0, 10 * gaps)(10 * matched - 9 * overlap);', moved, {}],
]

/** The witness generator of the clause alone, or without a constraint. */
async function generatorOf(circuit: string): Promise<Uint8Array> {
  const folder = posix.join('circuits', basename(mkdtempSync(`${projectRoot}/circuits/clause-`)))
  try {
    writeFileSync(`${projectRoot}/${folder}/clause.circom`, circuit)
    const path = `${folder}/clause.circom`
    const { wasm } = await compileCircuit(projectRoot, folder, 'clause', path, true)
    return new Uint8Array(readFileSync(`${projectRoot}/${wasm}`))
  } finally {
    rmSync(`${projectRoot}/${folder}`, { recursive: true, force: true })
  }
}

async function takes(generator: Uint8Array, input: CircuitInput): Promise<boolean> {
  try {
    await wtns.calculate(input, generator, { type: 'mem' })
    return true
  } catch (error) {
    if (String(error).includes('Assert Failed')) return false
    throw error
  }
}

describe('LIVE-5 the constraints of clause 6', () => {
  it.each(lies)('are needed: %s', async (constraint, input, lie) => {
    expect(text.split(constraint).length).toBe(2)
    whole ??= await generatorOf(source)
    expect(await takes(whole, { ...input, ...lie })).toBe(false)
    const without = await generatorOf(source.replace(constraint, ''))
    expect(await takes(without, { ...input, ...lie })).toBe(true)
  })

  it('are all that there are', () => {
    const stated = text.split('\n').filter((line) => /===|^ +InRange/.test(line))
    expect(stated).toHaveLength(lies.length)
  })
})

describe('ZK-8 clause 6', () => {
  it('leaves one witness, but for the two forms of a range check', async () => {
    const apart = late.map((at, index) => at + (index % 40))
    const system = await compiledSystem(projectRoot, source, inputFor(apart))
    // Those of the window are held by clause 1, where this stands in a circuit.
    const { moving, loose } = searched(system, ['ticks', 'selected', 'firstOffsetTicks'])
    expect(moving).toEqual([])
    expect(loose).toEqual([])
  })
})
