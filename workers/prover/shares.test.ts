/** Proofs of wellness_share and consent_proof: by our prover, under the verifier of nodes. */

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
  readArtifact,
} from '../../circuits/tests/artifacts.fixture.ts'
import { createNodeProver } from '../../src/adapters/node/prover.ts'
import { consentSignalNames, consentSignals } from '../../src/core/consent/publicSignals.ts'
import { buildConsentStatement } from '../../src/core/consent/statement.ts'
import { testEnrolment } from '../../src/core/emotion/ownEnrolment.fixture.ts'
import { decodeProof } from '../../src/core/emotion/proofCodec.ts'
import { wellnessSignalNames, wellnessSignals } from '../../src/core/wellness/publicSignals.ts'
import { wellnessScenario } from '../../src/core/wellness/statement.fixture.ts'
import { buildWellnessStatement } from '../../src/core/wellness/statement.ts'
import type { ProofInputs } from '../../src/ports/prover.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'
import { snarkProve, snarkVerifies, snarkWitness } from './groth16/snarkjs.fixture.ts'
import { signalsOf } from './publicInputs.ts'

const prover = createNodeProver({
  artifactsFolder: join(projectRoot, 'public/circuits'),
  allowsDevelopmentKeys: true,
  circuits: ['wellness_share', 'consent_proof'],
})

const bytes = (value: number): Uint8Array => new Uint8Array(32).fill(value)
const wellness = buildWellnessStatement(wellnessScenario({ seed: 4 }))
const { own, enrolmentRoot } = testEnrolment(4)
const consent = buildConsentStatement(own, {
  chainId: bytes(1),
  epoch: 41,
  scope: bytes(2),
  enrolmentRoot,
})
if (!wellness.ok || !consent.ok) throw new Error('the enrolments are in their trees')
const share = wellness.value
const record = consent.value
const proofs = { wellness_share: new Uint8Array(), consent_proof: new Uint8Array() }

beforeAll(async () => {
  await ensureArtifacts()
  for (const statement of [share, record]) {
    const made = await prover.prove(statement)
    if (!made.ok) throw new Error(JSON.stringify(made.error))
    proofs[statement.publicInputs.circuit] = new Uint8Array(made.value)
  }
}, ensureTimeoutMs)

afterAll(() => prover.close())

vi.setConfig({ testTimeout: 180_000 })

async function codeOf(proof: Uint8Array, inputs: ProofInputs): Promise<string | undefined> {
  const verdict = await prover.verify(proof, inputs)
  return verdict.ok ? undefined : verdict.error.code
}

describe.each([
  { circuit: 'wellness_share', statement: share, names: wellnessSignalNames },
  { circuit: 'consent_proof', statement: record, names: consentSignalNames },
] as const)('a proof of $circuit', ({ circuit, statement, names }) => {
  it('holds, under the verifier of nodes and under snarkjs', async () => {
    const proof = proofs[circuit]
    expect(await codeOf(proof, statement.publicInputs)).toBeUndefined()
    const decoded = decodeProof(proof)
    if (!decoded.ok) throw new Error(decoded.error.code)
    const signals = signalsOf(statement.publicInputs)
    const vkey = readArtifact('vkey', circuit)
    expect(await snarkVerifies(vkey, signals, decoded.value)).toBe(true)
    // No signal can be exchanged: each takes part in the equation.
    for (const index of signals.keys()) {
      const other = signals.with(index, (signals[index] ?? 0n) + 1n)
      expect(await snarkVerifies(vkey, other, decoded.value)).toBe(false)
    }
  })

  it('ZK-1 has as many public signals as the verification key takes', () => {
    const text = Buffer.from(readArtifact('vkey', circuit)).toString('utf8')
    const vkey = JSON.parse(text) as { readonly nPublic: number }
    expect(vkey.nPublic).toBe(names.length)
  })

  it('ZK-6 is the proof that snarkjs makes of the same witness, byte for byte', async () => {
    const wasm = new Uint8Array(readArtifact('wasm', circuit))
    const zkey = readArtifact('zkey', circuit)
    const loaded = await Groth16Prover.load(wasm, zkey)
    if (!loaded.ok) throw new Error(loaded.error.code)
    const witness = loaded.value.witness(statement.circuitInput)
    if (!witness.ok) throw new Error(witness.error.reason)
    const blinding = { r: 12_345_678_901_234_567_890n, s: 98_765_432_109_876_543_210n }
    const theirs = await snarkProve(
      zkey,
      await snarkWitness(statement.circuitInput, wasm),
      blinding,
    )
    expect(loaded.value.prove(witness.value, blinding, () => undefined)).toEqual(theirs)
  })
})

describe('proofs of two circuits', () => {
  it('hold for no other public input', async () => {
    const { first, second } = share.publicInputs.share
    const other = { ...share.publicInputs, share: { first: second, second: first } }
    expect(await codeOf(proofs.wellness_share, other)).toBe('PROOF_INVALID')
    const use = { ...record.publicInputs, scope: bytes(3) }
    expect(await codeOf(proofs.consent_proof, use)).toBe('PROOF_INVALID')
    expect(wellnessSignals(share.publicInputs)).not.toEqual(wellnessSignals(other))
    expect(consentSignals(record.publicInputs)).not.toEqual(consentSignals(use))
  })

  it('do not stand for one another', async () => {
    expect(await codeOf(proofs.wellness_share, record.publicInputs)).toBe('PROOF_INVALID')
    expect(await codeOf(proofs.consent_proof, share.publicInputs)).toBe('PROOF_INVALID')
  })

  it('are not made of what a circuit refuses', async () => {
    const circuitInput = { ...share.circuitInput, message: '1001' }
    expect(await prover.prove({ circuitInput, publicInputs: share.publicInputs })).toMatchObject({
      ok: false,
      error: { code: 'WITNESS_REFUSED' },
    })
  })
})
