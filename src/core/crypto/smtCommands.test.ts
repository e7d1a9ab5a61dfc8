import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex } from '../base/bytes.ts'
import { smtChanges, smtDelete, smtGet, smtLeaves, smtRoot, smtSet, type SmtTree } from './smt.ts'
import { smtProve, smtVerify } from './smtProof.ts'
import { smtProveRange, smtVerifyRange } from './smtRange.ts'
import { smtUpdate } from './smtUpdate.ts'

/** What a tree holds, as a map says it. */
type Held = ReadonlyMap<string, Uint8Array>

/** Every version so far, newest last: trees and maps go side by side. */
interface Model {
  readonly versions: Held[]
}

interface Real {
  readonly versions: SmtTree[]
}

const bytesOf = (key: string): Uint8Array => Uint8Array.from(Buffer.from(key, 'hex'))

/** Few and close keys, and some of which only the last bit differs. */
const keys = fc
  .tuple(fc.constantFrom(0, 1, 0x80), fc.constantFrom(0, 3), fc.constantFrom(0, 1, 0xff))
  .map(([first, second, last]) => hex(Uint8Array.of(first, second, ...new Uint8Array(29), last)))
const values = fc.option(fc.uint8Array({ minLength: 1, maxLength: 4 }), { nil: undefined })
const writes = fc.uniqueArray(fc.record({ key: keys, value: values }), {
  maxLength: 12,
  selector: ({ key }) => key,
})
type Writes = readonly { readonly key: string; readonly value: Uint8Array | undefined }[]

function written(held: Held, list: Writes): Held {
  const next = new Map(held)
  for (const { key, value } of list) {
    if (value === undefined) next.delete(key)
    else next.set(key, value)
  }
  return next
}

const textOf = (list: Writes): string =>
  list.map(({ key, value }) => `${key.slice(0, 4)}…${key.slice(-2)}=${String(value)}`).join(' ')

function command(name: string, run: (model: Model, real: Real) => void): fc.Command<Model, Real> {
  return { check: () => true, run, toString: () => name }
}

const newest = <T>(list: readonly T[]): T => list.at(-1) as T

const oneByOne = writes.map((list) =>
  command(`write ${textOf(list)}`, (model, real) => {
    model.versions.push(written(newest(model.versions), list))
    const tree = list.reduce<SmtTree>(
      (sum, { key, value }) =>
        value === undefined ? smtDelete(sum, bytesOf(key)) : smtSet(sum, bytesOf(key), value),
      newest(real.versions),
    )
    real.versions.push(tree)
  }),
)

const atOnce = writes.map((list) =>
  command(`update ${textOf(list)}`, (model, real) => {
    model.versions.push(written(newest(model.versions), list))
    const batch = list.map(({ key, value }) => ({ key: bytesOf(key), value }))
    real.versions.push(smtUpdate(newest(real.versions), batch))
  }),
)

const prove = keys.map((key) =>
  command(`prove ${key.slice(0, 4)}…${key.slice(-2)}`, (model, real) => {
    const tree = newest(real.versions)
    const value = newest(model.versions).get(key)
    const proof = smtProve(tree, bytesOf(key))
    expect(smtGet(tree, bytesOf(key))?.value).toEqual(value)
    expect(smtVerify(smtRoot(tree), bytesOf(key), value, proof)).toBe(true)
    const other = value === undefined ? Uint8Array.of(9) : undefined
    expect(smtVerify(smtRoot(tree), bytesOf(key), other, proof)).toBe(false)
  }),
)

/** A snapshot is sent in ranges and built again from them (SYNC-1). */
const walk = fc.integer({ min: 1, max: 200 }).map((sizeBytesMax) =>
  command(`walk in ranges of ${String(sizeBytesMax)} bytes`, (model, real) => {
    const tree = newest(real.versions)
    const seen: [string, Uint8Array][] = []
    for (let after: Uint8Array | undefined; seen.length < newest(model.versions).size;) {
      const chunk = smtProveRange(tree, after, sizeBytesMax)
      const range = chunk && smtVerifyRange(smtRoot(tree), after, chunk)
      if (chunk === undefined || range === undefined) throw new Error('a range proves itself')
      seen.push(...chunk.leaves.map(({ key, value }): [string, Uint8Array] => [hex(key), value]))
      after = range.lastKey
      expect(range.isEnd).toBe(seen.length === newest(model.versions).size)
    }
    expect(new Map(seen)).toEqual(newest(model.versions))
  }),
)

const back = fc.nat().map((pick) =>
  command(`go on from version ${String(pick)}`, (model, real) => {
    const at = pick % real.versions.length
    model.versions.push(model.versions[at] as Held)
    real.versions.push(real.versions[at])
  }),
)

const compare = fc.nat().map((pick) =>
  command(`compare with version ${String(pick)}`, (model, real) => {
    const at = pick % real.versions.length
    const [before, after] = [model.versions[at] as Held, newest(model.versions)]
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (key) => before.get(key)?.join() !== after.get(key)?.join(),
    )
    const changes = smtChanges(real.versions[at], newest(real.versions))
    expect(changes.map(({ key }) => hex(key))).toEqual(changed.sort())
    const isSame = hex(smtRoot(real.versions[at])) === hex(smtRoot(newest(real.versions)))
    expect(isSame).toBe(changed.length === 0)
  }),
)

const commands = fc.commands([oneByOne, atOnce, atOnce, prove, walk, back, compare], {
  maxCommands: 30,
  size: 'max',
})

describe('STATE-1, SYNC-1: any sequence of writes, updates, proofs and ranges', () => {
  it('is what a map for each version says', () => {
    fc.assert(
      fc.property(commands, (sequence) => {
        const model: Model = { versions: [new Map()] }
        const real: Real = { versions: [undefined] }
        fc.modelRun(() => ({ model, real }), sequence)
        // No version has changed under the ones that were made from it.
        for (const [at, tree] of real.versions.entries()) {
          const leaves = smtLeaves(tree).map(({ key, value }) => [hex(key), value] as const)
          expect(new Map(leaves)).toEqual(model.versions[at])
        }
      }),
      { seed: 20_26, numRuns: 40 },
    )
  })
})
