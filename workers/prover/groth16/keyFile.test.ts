import { beforeAll, describe, expect, it } from 'vitest'
import { joinSections, splitSections } from '../../../circuits/setup/binFile.ts'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { publicSignalNames } from '../../../src/core/emotion/publicSignals.ts'
import { createKernel } from '../kernel/kernel.ts'
import { readKeyFile } from './keyFile.ts'
import { loadProvingKey } from './provingKey.ts'

let file: Uint8Array

beforeAll(async () => {
  await ensureArtifacts()
  file = readArtifact('zkey')
}, ensureTimeoutMs)

const codeOf = (bytes: Uint8Array): string => {
  const key = loadProvingKey(createKernel(), bytes)
  return key.ok ? 'ok' : key.error.code
}

function signalCountOf(bytes: Uint8Array): number {
  const key = readKeyFile(bytes)
  return key.ok ? key.value.signalCount : 0
}

/** The file with one section rewritten; undefined leaves it out. */
function changed(id: number, change: (bytes: Uint8Array) => Uint8Array | undefined): Uint8Array {
  const sections = [...splitSections(file)].flatMap(([known, bytes]) => {
    const now = known === id ? change(bytes.slice()) : bytes
    return now === undefined ? [] : [{ id: known, bytes: now }]
  })
  return joinSections('zkey', 1, sections)
}

const withWord = (bytes: Uint8Array, word: number, value: number): Uint8Array => {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(4 * word, value, true)
  return bytes
}

describe('ZK-6 the proving key is read strictly', () => {
  it('takes the circuit’s', () => {
    const key = readKeyFile(file)
    expect(key.ok && key.value).toMatchObject({
      publicCount: publicSignalNames.length,
      domainSize: 1 << 14,
    })
    expect(codeOf(file)).toBe('ok')
    expect(codeOf(changed(0, (bytes) => bytes))).toBe('ok')
  })

  it('refuses what is no key', () => {
    expect(codeOf(new Uint8Array())).toBe('KEY_MAGIC')
    expect(codeOf(new Uint8Array(12))).toBe('KEY_MAGIC')
    expect(codeOf(withWord(file.slice(), 1, 2))).toBe('KEY_MAGIC')
  })

  it('refuses sections that are too many, twice, cut off or followed by more', () => {
    expect(codeOf(withWord(file.slice(), 2, 2 ** 31))).toBe('KEY_SECTIONS')
    expect(codeOf(withWord(file.slice(), 2, 11))).toBe('KEY_SECTIONS')
    expect(codeOf(file.slice(0, -1))).toBe('KEY_SECTIONS')
    expect(codeOf(file.slice(0, 14))).toBe('KEY_SECTIONS')
    expect(codeOf(Buffer.concat([file, Buffer.alloc(4)]))).toBe('KEY_SECTIONS')
    const twice = [...splitSections(file)].map(([id, bytes]) => ({ id: id === 6 ? 5 : id, bytes }))
    expect(codeOf(joinSections('zkey', 1, twice))).toBe('KEY_SECTIONS')
    // A length of 2^63 in the first section.
    expect(codeOf(withWord(file.slice(), 5, 2 ** 31))).toBe('KEY_SECTIONS')
  })

  it('refuses another protocol, another curve and sizes out of bounds', () => {
    expect(codeOf(changed(1, (bytes) => withWord(bytes, 0, 2)))).toBe('KEY_HEADER')
    // Words: n8q, q, n8r, r, then the counts of signals, public signals and rows.
    const header: readonly (readonly [word: number, value: number])[] = [
      [0, 48],
      [1, 1],
      [9, 48],
      [10, 2],
      [18, 2 ** 30],
      [19, signalCountOf(file)],
      [20, (1 << 14) - 1],
      [20, 1],
      [20, 2 ** 31],
    ]
    for (const [word, value] of header) {
      expect(codeOf(changed(2, (bytes) => withWord(bytes, word, value)))).toBe('KEY_HEADER')
    }
    expect(codeOf(changed(2, (bytes) => bytes.slice(0, -4)))).toBe('KEY_HEADER')
    expect(codeOf(changed(2, () => undefined))).toBe('KEY_HEADER')
  })

  it.each([4, 5, 6, 7, 8, 9])('refuses section %i when it is short, long or missing', (id) => {
    expect(codeOf(changed(id, (bytes) => bytes.slice(0, -4)))).toBe('KEY_LENGTH')
    const longer = (bytes: Uint8Array): Uint8Array => Buffer.concat([bytes, new Uint8Array(64)])
    expect(codeOf(changed(id, longer))).toBe('KEY_LENGTH')
    expect(codeOf(changed(id, () => undefined))).toBe('KEY_LENGTH')
  })

  it('refuses coordinates and coefficients at or above their order', () => {
    for (const id of [5, 6, 7, 8, 9]) {
      expect(codeOf(changed(id, (bytes) => bytes.fill(255, 0, 32)))).toBe('KEY_ELEMENT')
      expect(codeOf(changed(id, (bytes) => bytes.fill(255, -32)))).toBe('KEY_ELEMENT')
    }
    expect(codeOf(changed(2, (bytes) => bytes.fill(255, -32)))).toBe('KEY_ELEMENT')
    expect(codeOf(changed(4, (bytes) => bytes.fill(255, -32)))).toBe('KEY_ELEMENT')
  })

  it('refuses terms outside the matrices', () => {
    for (const [word, value] of [
      [1, 2],
      [2, 1 << 14],
      [3, signalCountOf(file)],
    ] as const) {
      expect(codeOf(changed(4, (bytes) => withWord(bytes, word, value)))).toBe('KEY_INDEX')
    }
  })
})
