/**
 * What a prover may write at a hint of circomlib that a circuit reaches (ZK-8): nothing but what
 * stands there. Which ones are reached is read from the sources, so that a template that is used
 * tomorrow needs its lies too.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { CircuitInput } from '../../src/core/emotion/statement.ts'
import { generator, times, type WellnessPoint } from '../../src/core/wellness/group.ts'
import { compiledSystem } from '../soundness/compiled.ts'
import { inverse, modulo } from '../soundness/system.ts'
import { projectRoot } from './artifacts.fixture.ts'

// A compilation takes its time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

beforeAll(() => {
  // The witness generator prints each refusal.
  vi.spyOn(console, 'error').mockReturnValue()
})

const libraryFolder = join(projectRoot, 'node_modules')

interface Template {
  readonly text: string
  readonly isLibrary: boolean
}

/** Of a file and of all that it includes, by name. */
function templatesOf(path: string, found = new Map<string, Template>()): Map<string, Template> {
  // Only the tables are written by the build, and they have no template.
  if (!existsSync(path)) return found
  const source = readFileSync(path, 'utf8')
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\/\/.*$/gm, '')
  for (const [text, name = ''] of source.matchAll(/^template (\w+)\([^]*?^\}/gm)) {
    if (found.has(name)) return found
    found.set(name, { text, isLibrary: path.startsWith(libraryFolder) })
  }
  for (const [, included = ''] of source.matchAll(/^include "(.*)"/gm)) {
    const isLibrary = included.startsWith('circomlib/')
    templatesOf(join(isLibrary ? libraryFolder : dirname(path), included), found)
  }
  return found
}

/** Those of circomlib that a circuit's own templates come to. */
function reachedIn(templates: ReadonlyMap<string, Template>): ReadonlyMap<string, string> {
  const own = [...templates].filter(([, { isLibrary }]) => !isLibrary)
  const reached = new Map<string, string>()
  const queue = own.map(([, { text }]) => text)
  for (const text of queue) {
    for (const [, name = ''] of text.matchAll(/(\w+)\s*\(/g)) {
      const called = templates.get(name)
      if (called?.isLibrary !== true || reached.has(name)) continue
      reached.set(name, called.text)
      queue.push(called.text)
    }
  }
  return reached
}

const reached = new Map(
  readdirSync(`${projectRoot}/circuits/src`).flatMap((name) => [
    ...reachedIn(templatesOf(`${projectRoot}/circuits/src/${name}`)),
  ]),
)

/** `template`, what stands at the left and what the hint says, of each hint that is reached. */
const hints = [...reached].flatMap(([template, text]) =>
  [...text.matchAll(/(\S+) <-- (.*);/g)].map(
    ([hint, to = '', says = '']) => [template, hint, to, says] as const,
  ),
)

type Pair = readonly [bigint, bigint]

const pointOf = (point: WellnessPoint): Pair => {
  const { x, y } = point.toAffine()
  return [x, y]
}
/** On the Montgomery form of the curve: u = (1 + y) / (1 − y), v = u / x. */
const montgomeryOf = ([x, y]: Pair): Pair => {
  const u = modulo((1n + y) * inverse(1n - y))
  return [u, modulo(u * inverse(x))]
}
const texts = (pair: Pair): string[] => pair.map(String)

const p = pointOf(times(generator, 3n))
const q = pointOf(times(generator, 5n))
const sum = pointOf(times(generator, 8n))
const double = pointOf(times(generator, 6n))

/** Each template with hints, where no bit and no denominator is 0: input, and what it gives. */
const uses: Readonly<Record<string, readonly [CircuitInput, readonly bigint[]]>> = {
  Num2Bits: [{ in: '255' }, [1n, 1n, 1n, 1n, 1n, 1n, 1n, 1n]],
  IsZero: [{ in: '5' }, [0n]],
  BabyAdd: [{ x1: `${p[0]}`, y1: `${p[1]}`, x2: `${q[0]}`, y2: `${q[1]}` }, sum],
  Edwards2Montgomery: [{ in: texts(p) }, montgomeryOf(p)],
  Montgomery2Edwards: [{ in: texts(montgomeryOf(p)) }, p],
  MontgomeryAdd: [{ in1: texts(montgomeryOf(p)), in2: texts(montgomeryOf(q)) }, montgomeryOf(sum)],
  MontgomeryDouble: [{ in: texts(montgomeryOf(p)) }, montgomeryOf(double)],
}

/** What a template alone gives; undefined where it refuses its input. */
async function outputsOf(template: string, text: string): Promise<readonly bigint[] | undefined> {
  const [input, expected] = uses[template] ?? [{}, []]
  const width = template === 'Num2Bits' ? '8' : ''
  const source = `pragma circom 2.2.0;\n${text}\ncomponent main = ${template}(${width});\n`
  try {
    const { witness } = await compiledSystem(projectRoot, source, input)
    return witness.slice(1, 1 + expected.length)
  } catch (error) {
    if (String(error).includes('Assert Failed')) return undefined
    throw error
  }
}

describe('ZK-8 the hints of circomlib that the circuits reach', () => {
  it('stand in templates that are used here', () => {
    const names = new Set(hints.map(([template]) => template))
    expect([...names].toSorted()).toEqual(Object.keys(uses).toSorted())
    expect(hints).toHaveLength(10)
    for (const text of reached.values()) {
      const count = text.split(/<--|-->/).length - 1
      expect(hints.filter(([, hint]) => text.includes(hint))).toHaveLength(count)
    }
  })

  it.each(Object.keys(uses))('give what they should: %s', async (template) => {
    const [, expected] = uses[template] ?? []
    expect(await outputsOf(template, reached.get(template) ?? '')).toEqual(expected)
  })

  it.each(hints)('are refused if they lie: %s, %s', async (template, hint, to, says) => {
    const text = reached.get(template) ?? ''
    expect(text.split(hint).length).toBe(2)
    for (const lie of [`(${says}) + 1`, `-(${says})`, '0', `2 * (${says})`]) {
      const lied = text.replace(hint, `${to} <-- ${lie};`)
      expect([lie, await outputsOf(template, lied)]).toEqual([lie, undefined])
    }
  })
})
