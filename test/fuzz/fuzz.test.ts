import { describe, expect, it } from 'vitest'
import { decodeStrict } from '../../src/core/codec/strict.ts'
import { codecOf, targets, type Target } from './targets.ts'
import { campaign, smallest, tried } from './campaign.ts'
import { readCorpus } from './corpus.ts'
import { filledInstances, readWireSchema } from '../support/wireSchema.ts'

const all = targets()
const corpus = readCorpus()

describe('ENC-1 the corpus', () => {
  it('has a reader for each of its folders, and more than a hundred entries', () => {
    expect(corpus.filter(({ target }) => !all.has(target))).toEqual([])
    expect(corpus.length).toBeGreaterThan(100)
  })

  it.each(corpus)('$target/$name', ({ target, name, bytes }) => {
    const reader = all.get(target) as Target
    expect(tried(reader, bytes)).toEqual({ isTaken: name.startsWith('taken'), what: undefined })
  })

  it('stops no other reader', () => {
    const failed = [...all].flatMap(([target, reader]) =>
      corpus.flatMap(({ name, bytes }) => {
        const { what } = tried(reader, bytes)
        return what === undefined ? [] : [`${target} of ${name}: ${what}`]
      }),
    )
    expect(failed).toEqual([])
  })
})

describe('ENC-1 changed messages', () => {
  it('are refused with a code or written back as they came', () => {
    const { executions, taken, findings } = campaign(1, (rounds) => rounds < 150)
    expect(findings).toEqual([])
    // Enough get past the first check, and enough do not.
    expect(taken).toBeGreaterThan(executions / 50)
    expect(taken).toBeLessThan(executions / 2)
  })

  it('are the same for the same seed', () => {
    const twice = [7, 7, 8].map((seed) => campaign(seed, (rounds) => rounds < 3).taken)
    expect(twice[0]).toBe(twice[1])
  })

  it('a reader with a second form or with marks on its input is found, and made small', () => {
    const codec = codecOf('Vote')
    const lenient: Target = (bytes) => {
      const again = codec.encode(codec.decode(bytes) as never)
      if (Buffer.compare(again, bytes) !== 0) throw new Error('another form')
      return true
    }
    const twice = Uint8Array.of(0x10, 5, 0x18, 9, 0x28, 3, 0x28, 3)
    expect(tried(lenient, twice).what).toContain('another form')
    const small = smallest(lenient, twice)
    expect(small.length).toBeLessThan(5)
    expect(tried(lenient, small).what).toBeDefined()
    const writing: Target = (bytes) => bytes.fill(0).length > 0
    expect(tried(writing, Uint8Array.of(1)).what).toBe('the bytes were changed')
  })
})

describe('ENC-1 depth', () => {
  it('a million groups, one in the other, are refused as anything unknown is', () => {
    const open = new Uint8Array(1_000_000).fill(0x7b)
    for (const name of ['Vote', 'SyncResponse', 'Header']) {
      expect(decodeStrict(codecOf(name), open, open.length).ok).toBe(false)
    }
  })

  it('no message contains itself, so that no bytes nest deeper than the schema', () => {
    const { messages } = readWireSchema()
    const depthOf = (name: string, above: readonly string[]): number => {
      expect(above).not.toContain(name)
      const below = (messages.get(name) ?? [])
        .filter(({ type }) => messages.has(type))
        .map(({ type }) => depthOf(type, [...above, name]))
      return 1 + Math.max(0, ...below)
    }
    const depths = [...messages.keys()].map((name) => depthOf(name, []))
    expect(Math.max(...depths)).toBeLessThan(8)
    expect(filledInstances(readWireSchema()).size).toBeGreaterThan(60)
  })
})
