import { bn254 } from '@noble/curves/bn254.js'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../circuits/tests/artifacts.fixture.ts'
import { baseFieldOrder, type EmotionalProof } from '../../src/core/emotion/proofCodec.ts'
import { isInSubgroup, loadVerifyingKey, type VerifyingKey } from './pairing.ts'

let json: Record<string, unknown>
let key: VerifyingKey

beforeAll(async () => {
  await ensureArtifacts()
  json = JSON.parse(new TextDecoder().decode(readArtifact('vkey'))) as Record<string, unknown>
  const loaded = await loadVerifyingKey(readArtifact('vkey'))
  if (!loaded.ok) throw new Error(loaded.error.code)
  key = loaded.value
}, ensureTimeoutMs)

async function codeOf(change: Readonly<Record<string, unknown>>): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...json, ...change }))
  const loaded = await loadVerifyingKey(bytes)
  return loaded.ok ? 'ok' : loaded.error.code
}

describe('ZK-4 the verification key is read strictly', () => {
  it('takes the circuit’s, and no other form', async () => {
    expect(await codeOf({})).toBe('ok')
    expect(await codeOf({ protocol: 'plonk' })).toBe('KEY_HEADER')
    expect(await codeOf({ curve: 'bls12381' })).toBe('KEY_HEADER')
    expect(await codeOf({ nPublic: 8 })).toBe('KEY_HEADER')
    expect(await codeOf({ IC: undefined })).toBe('KEY_HEADER')
    for (const text of ['', '{', '[]', 'null']) {
      const loaded = await loadVerifyingKey(new TextEncoder().encode(text))
      expect(loaded).toMatchObject({ ok: false, error: { code: 'KEY_HEADER' } })
    }
  })

  it.each([
    ['off the curve', ['1', '1', '1']],
    ['at infinity', ['0', '1', '0']],
    ['not below q', [String(baseFieldOrder + 1n), '2', '1']],
    ['no numbers', [1, 2, 1]],
    ['too short', ['1', '2']],
  ])('refuses a point %s', async (_name, point) => {
    expect(await codeOf({ vk_alpha_1: point })).toBe('KEY_ELEMENT')
    expect(await codeOf({ vk_gamma_2: point })).toBe('KEY_ELEMENT')
    const ic = (json['IC'] as readonly unknown[]).slice(1)
    expect(await codeOf({ IC: [...ic, point] })).toBe('KEY_ELEMENT')
  })
})

describe('ZK-4 the subgroup of B', () => {
  const { Fp2 } = bn254.fields
  const proofWith = (
    x: { c0: bigint; c1: bigint },
    y: { c0: bigint; c1: bigint },
  ): EmotionalProof => ({
    a: [1n, 2n],
    b: [
      [x.c0, x.c1],
      [y.c0, y.c1],
    ],
    c: [1n, 2n],
  })

  it('holds multiples of the generator', () => {
    for (const scalar of [1n, 2n, 12_345n]) {
      const { x, y } = bn254.G2.Point.BASE.multiply(scalar).toAffine()
      expect(isInSubgroup(key, proofWith(x, y))).toBe(true)
    }
  })

  it('holds no point of the twist that a small x gives', () => {
    const constant = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]))
    let found = 0
    for (let c0 = 1n; found < 5; c0 += 1n) {
      const x = Fp2.fromBigTuple([c0, 0n])
      try {
        const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), constant))
        expect(isInSubgroup(key, proofWith(x, y))).toBe(false)
        found += 1
      } catch (error) {
        // Half of all x have no point.
        expect(String(error)).toMatch(/square root/)
      }
    }
  })
})
