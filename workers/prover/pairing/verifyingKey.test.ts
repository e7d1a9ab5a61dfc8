import { beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { createPairingKernel } from './pairingKernel.ts'
import { pointOutside } from './twistPoints.fixture.ts'
import { loadVerifyingKey } from './verifyingKey.ts'

let json: Record<string, unknown>
const kernel = createPairingKernel()

beforeAll(async () => {
  await ensureArtifacts()
  json = JSON.parse(new TextDecoder().decode(readArtifact('vkey'))) as Record<string, unknown>
}, ensureTimeoutMs)

function codeOf(change: Readonly<Record<string, unknown>>): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...json, ...change }))
  const loaded = loadVerifyingKey(kernel, bytes)
  return loaded.ok ? 'ok' : loaded.error.code
}

describe('ZK-4 the verification key is read strictly', () => {
  it('takes the circuit’s, and no other form', () => {
    expect(codeOf({})).toBe('ok')
    expect(codeOf({ protocol: 'plonk' })).toBe('KEY_HEADER')
    expect(codeOf({ curve: 'bls12381' })).toBe('KEY_HEADER')
    expect(codeOf({ nPublic: 8 })).toBe('KEY_HEADER')
    expect(codeOf({ IC: undefined })).toBe('KEY_HEADER')
    expect(codeOf({ IC: Array(66).fill(['1', '2', '1']), nPublic: 65 })).toBe('KEY_HEADER')
    for (const text of ['', '{', '[]', 'null']) {
      const loaded = loadVerifyingKey(kernel, new TextEncoder().encode(text))
      expect(loaded).toMatchObject({ ok: false, error: { code: 'KEY_HEADER' } })
    }
  })

  it.each([
    ['off the curve', ['1', '1', '1']],
    ['at infinity', ['0', '1', '0']],
    ['not below q', [String(baseFieldOrder + 1n), '2', '1']],
    ['no numbers', [1, 2, 1]],
    ['too short', ['1', '2']],
  ])('refuses a point %s', (_name, point) => {
    expect(codeOf({ vk_alpha_1: point })).toBe('KEY_ELEMENT')
    expect(codeOf({ vk_gamma_2: point })).toBe('KEY_ELEMENT')
    const ic = (json['IC'] as readonly unknown[]).slice(1)
    expect(codeOf({ IC: [...ic, point] })).toBe('KEY_ELEMENT')
  })

  it('refuses a point of the twist outside the subgroup, and gives back the memory', () => {
    const { x, y } = pointOutside(1n).toAffine()
    const text = ({ c0, c1 }: typeof x): readonly string[] => [String(c0), String(c1)]
    const mark = kernel.memory.mark()
    for (const name of ['vk_beta_2', 'vk_gamma_2', 'vk_delta_2']) {
      expect(codeOf({ [name]: [text(x), text(y), ['1', '0']] })).toBe('KEY_ELEMENT')
    }
    expect(kernel.memory.mark()).toBe(mark)
  })
})
