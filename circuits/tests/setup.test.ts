/** The development set-up against snarkjs's own, on a circuit small enough for its slow way. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
// @ts-expect-error snarkjs ships no types.
import { powersOfTau as untypedTau, zKey as untypedZKey } from 'snarkjs'
import { splitSections } from '../setup/binFile.ts'
import { compileCircuit } from '../setup/compile.ts'
import { buildCurve } from '../setup/curve.ts'
import { developmentFirstKey, domainPower } from '../setup/firstKey.ts'
import { developmentPowersOfTau } from '../setup/powersOfTau.ts'
import { readR1cs } from '../setup/r1cs.ts'
import { publicSignalNames } from '../../src/core/emotion/publicSignals.ts'
import { ensureArtifacts, ensureTimeoutMs, projectRoot, readArtifact } from './artifacts.fixture.ts'

const tau = untypedTau as { preparePhase2(source: string, target: string): Promise<void> }
const zKey = untypedZKey as { newZKey(r1cs: string, ptau: string, zkey: string): Promise<unknown> }

const folder = `circuits/build/setup-test-${process.pid}`
const path = (name: string): string => join(projectRoot, folder, name)

/** Linear terms, constants, a signal that stands in no B, and public signals of both kinds. */
const source = `pragma circom 2.2.0;
template Small() {
    signal input a;
    signal input b[4];
    signal output c;
    signal products[4];
    products[0] <== (a + 3) * (b[0] - 7 * b[1]);
    for (var i = 1; i < 4; i++) products[i] <== (products[i - 1] + i) * (b[i] + a);
    c <== products[3] * products[3] + 5;
}
component main { public [a] } = Small();
`

beforeAll(async () => {
  vi.spyOn(console, 'error').mockReturnValue()
  mkdirSync(path(''), { recursive: true })
  writeFileSync(path('emotional_proof.circom'), source)
  // One thread, which ends with the test.
  Object.assign(globalThis, { curve_bn128: await buildCurve(true) })
})

afterAll(() => rmSync(path(''), { recursive: true, force: true }))

// snarkjs and circom take their time on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

describe('ZK-2 development set-up', () => {
  it('writes the powers of tau that snarkjs prepares', async () => {
    const bytes = await developmentPowersOfTau(4)
    writeFileSync(path('own.ptau'), bytes)
    await tau.preparePhase2(path('own.ptau'), path('prepared.ptau'))
    const own = splitSections(bytes)
    const prepared = splitSections(readFileSync(path('prepared.ptau')))
    expect([...own.keys()].sort()).toEqual([...prepared.keys()].sort())
    for (const [id, section] of prepared) expect(Buffer.compare(section, own.get(id)!)).toBe(0)
  })

  it('makes the key that snarkjs makes, byte for byte', async () => {
    const { r1cs } = await compileCircuit(
      projectRoot,
      folder,
      'emotional_proof',
      `${folder}/emotional_proof.circom`,
    )
    const parsed = readR1cs(readFileSync(join(projectRoot, r1cs)))
    writeFileSync(path('key.ptau'), await developmentPowersOfTau(domainPower(parsed)))
    await zKey.newZKey(join(projectRoot, r1cs), path('key.ptau'), path('first.zkey'))
    const own = await developmentFirstKey(parsed)
    expect(Buffer.compare(readFileSync(path('first.zkey')), own)).toBe(0)
  })
})

describe('ZK-1 public signals', () => {
  it(
    'are as many as the verification key takes',
    async () => {
      await ensureArtifacts()
      const vkey = JSON.parse(Buffer.from(readArtifact('vkey')).toString('utf8')) as {
        readonly nPublic: number
      }
      expect(vkey.nPublic).toBe(publicSignalNames.length)
    },
    ensureTimeoutMs,
  )
})
