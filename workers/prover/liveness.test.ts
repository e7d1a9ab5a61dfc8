/** Proofs of liveness_proof: made by our prover, checked by the verifier that nodes use. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
  readArtifact,
} from '../../circuits/tests/artifacts.fixture.ts'
import { createNodeProver } from '../../src/adapters/node/prover.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import { livenessSignalNames, livenessSignals } from '../../src/core/liveness/publicSignals.ts'
import {
  askedOf,
  breathWindow,
  livenessContext,
  testNullifierKey,
} from '../../src/core/liveness/statement.fixture.ts'
import { buildLivenessStatement } from '../../src/core/liveness/statement.ts'
import { decodeProof } from '../../src/core/emotion/proofCodec.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'
import { snarkProve, snarkVerifies, snarkWitness } from './groth16/snarkjs.fixture.ts'

const artifactsFolder = join(projectRoot, 'public/circuits')
const prover = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: true })

const context = livenessContext(7)
const built = buildLivenessStatement({
  intervals: breathWindow({ seed: 1, codeword: askedOf(context), marked: [4, 40] }),
  nullifierKey: testNullifierKey,
  context,
})
if (!built.ok) throw new Error(built.error.code)
const { circuitInput, publicInputs } = built.value
let proof: Uint8Array = new Uint8Array()

beforeAll(async () => {
  await ensureArtifacts()
  const made = await prover.prove({ circuitInput, publicInputs })
  if (!made.ok) throw new Error(JSON.stringify(made.error))
  proof = made.value
}, ensureTimeoutMs)

afterAll(() => prover.close())

vi.setConfig({ testTimeout: 180_000 })

const codeOf = async (bytes: Uint8Array, inputs = publicInputs): Promise<string | undefined> => {
  const verdict = await prover.verify(bytes, inputs)
  return verdict.ok ? undefined : verdict.error.code
}

describe('LIVE-6 a proof of an answered window', () => {
  it('holds, under the verifier of nodes and under snarkjs', async () => {
    expect(proof.length).toBe(256)
    expect(await codeOf(proof)).toBeUndefined()
    const decoded = decodeProof(proof)
    if (!decoded.ok) throw new Error(decoded.error.code)
    const vkey = readArtifact('vkey', 'liveness_proof')
    expect(await snarkVerifies(vkey, livenessSignals(publicInputs), decoded.value)).toBe(true)
  })

  it('holds for no other public input', async () => {
    const other = new Uint8Array(32).fill(9)
    const changes = [
      { chainId: other },
      { epoch: publicInputs.epoch + 1 },
      { beacon: other },
      { identity: other },
      { nkHash: publicInputs.nkHash + 1n },
      { window: 1 },
      { shareMinBp: publicInputs.shareMinBp - 500 },
    ]
    for (const each of changes) {
      expect(await codeOf(proof, { ...publicInputs, ...each })).toBe('PROOF_INVALID')
    }
  })

  it('ZK-1 has as many public signals as the verification key takes', () => {
    const text = Buffer.from(readArtifact('vkey', 'liveness_proof')).toString('utf8')
    const vkey = JSON.parse(text) as { readonly nPublic: number }
    expect(vkey.nPublic).toBe(livenessSignalNames.length)
  })

  it('is no emotional proof, nor is an emotional proof one', async () => {
    const scenario = buildStatement(testScenario({ seed: 5 }))
    if (!scenario.ok) throw new Error(scenario.error.code)
    expect(await prover.verify(proof, scenario.value.publicInputs)).toMatchObject({
      ok: false,
      error: { code: 'PROOF_INVALID' },
    })
    // One worker proves both, one after the other.
    const emotional = await prover.prove(scenario.value)
    if (!emotional.ok) throw new Error(emotional.error.code)
    expect(await codeOf(emotional.value)).toBe('PROOF_INVALID')
  })

  it('is not made of a window that the circuit refuses', async () => {
    const refused = { ...circuitInput, share: '10001' }
    expect(await prover.prove({ circuitInput: refused, publicInputs })).toMatchObject({
      ok: false,
      error: { code: 'WITNESS_REFUSED' },
    })
  })

  it('ZK-6 is the proof that snarkjs makes of the same witness, byte for byte', async () => {
    const wasm = new Uint8Array(readArtifact('wasm', 'liveness_proof'))
    const zkey = readArtifact('zkey', 'liveness_proof')
    const own = await Groth16Prover.load(wasm, zkey)
    if (!own.ok) throw new Error(own.error.code)
    const witness = own.value.witness(circuitInput)
    if (!witness.ok) throw new Error(witness.error.reason)
    const blinding = { r: 12_345_678_901_234_567_890n, s: 98_765_432_109_876_543_210n }
    const theirs = await snarkProve(zkey, await snarkWitness(circuitInput, wasm), blinding)
    expect(own.value.prove(witness.value, blinding, () => undefined)).toEqual(theirs)
  })
})
