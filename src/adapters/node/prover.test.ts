import { mkdtemp, writeFile, cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { buildStatement } from '../../core/emotion/statement.ts'
import { testScenario } from '../../core/emotion/statement.fixture.ts'
import type { ProverProgress } from '../../ports/prover.ts'
import { createNodeProver } from './prover.ts'

const artifactsFolder = join(projectRoot, 'public/circuits')
const prover = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: true })

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { circuitInput, publicInputs } = statement.value
let proof: Uint8Array = new Uint8Array()
const progress: ProverProgress[] = []

beforeAll(async () => {
  await ensureArtifacts()
  const proved = await prover.prove(
    { circuitInput, publicInputs },
    { onProgress: (step) => progress.push(step) },
  )
  if (!proved.ok) throw new Error(JSON.stringify(proved.error))
  proof = proved.value
}, ensureTimeoutMs)

afterAll(() => prover.close())

const codeOf = async (bytes: Uint8Array, inputs = publicInputs): Promise<string | undefined> => {
  const verdict = await prover.verify(bytes, inputs)
  return verdict.ok ? undefined : verdict.error.code
}

// Proofs take seconds, and many on a busy machine.
vi.setConfig({ testTimeout: 180_000 })

describe('ZK-4 a proof from beats to verdict', () => {
  it('holds', async () => {
    expect(proof.length).toBe(256)
    expect(await codeOf(proof)).toBeUndefined()
  })

  it('does not hold for any other public input', async () => {
    const other = Uint8Array.from(publicInputs.beacon, (byte) => byte ^ 1)
    const changes = [
      { enrolmentRoot: publicInputs.enrolmentRoot + 1n },
      { nullifier: publicInputs.nullifier + 1n },
      { chainId: other },
      { epoch: publicInputs.epoch + 1 },
      { beacon: other },
      { identity: other },
      { thresholdBp: publicInputs.thresholdBp + 1 },
      { consentVersion: publicInputs.consentVersion + 1 },
      { provenance: 'strap' },
      { scoreMode: 'quantised' },
      { stateBefore: publicInputs.stateBefore + 1n },
      { missedEpochs: publicInputs.missedEpochs + 1 },
      { stateAfter: publicInputs.stateAfter + 1n },
    ] as const
    expect(changes).toHaveLength(Object.keys(publicInputs).length)
    for (const change of changes) {
      expect(await codeOf(proof, { ...publicInputs, ...change })).toBe('PROOF_INVALID')
    }
  })

  it('refuses malformed bytes with a code', async () => {
    const flipped = Uint8Array.from(proof)
    flipped[40] = (flipped[40] ?? 0) ^ 1
    const large = Uint8Array.from(proof)
    large.fill(255, 32, 64)
    expect(await codeOf(proof.slice(1))).toBe('PROOF_LENGTH')
    expect(await codeOf(new Uint8Array(256))).toBe('PROOF_POINT')
    expect(await codeOf(large)).toBe('PROOF_COORDINATE')
    expect(await codeOf(flipped)).toBe('PROOF_POINT')
  })

  it('refuses a point of the twist outside the subgroup', async () => {
    const outside = Uint8Array.from(proof)
    outside.set(twistPointOutsideSubgroup(), 64)
    expect(await codeOf(outside)).toBe('PROOF_SUBGROUP')
  })
})

describe('ZK-5 progress and cancel', () => {
  it('reports stages in order, to the end', () => {
    const percents = progress.map(({ percent }) => percent)
    expect(percents).toEqual([...percents].sort((left, right) => left - right))
    expect(percents.at(-1)).toBe(100)
    const stages = [...new Set(progress.map(({ stage }) => stage))]
    expect(stages).toEqual(['loading', 'checking', 'witness', 'proving', 'verifying'])
  })

  it('cancels what runs and what waits, and goes on afterwards', async () => {
    const running = new AbortController()
    const waiting = new AbortController()
    const request = { circuitInput, publicInputs }
    const first = prover.prove(request, {
      signal: running.signal,
      onProgress: ({ stage }) => {
        if (stage === 'proving') running.abort()
      },
    })
    const second = prover.prove(request, { signal: waiting.signal })
    waiting.abort()
    expect(await second).toEqual({ ok: false, error: { code: 'CANCELLED' } })
    expect(await first).toEqual({ ok: false, error: { code: 'CANCELLED' } })
    const third = await prover.prove(request)
    expect(third.ok).toBe(true)
  })

  it('refuses a false statement', async () => {
    const refused = await prover.prove({
      circuitInput: { ...circuitInput, threshold: '10000' },
      publicInputs,
    })
    expect(refused).toMatchObject({ ok: false, error: { code: 'WITNESS_REFUSED' } })
  })
})

describe('ZK-2 artifacts', () => {
  it('refuses changed files, missing ones, and development keys out of place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'emo-circuits-'))
    await cp(artifactsFolder, folder, { recursive: true })
    await writeFile(join(folder, 'emotional_proof.vkey.json'), '{}')
    const verify = async (artifactsFolder: string, allowed = true): Promise<unknown> => {
      const other = createNodeProver({ artifactsFolder, allowsDevelopmentKeys: allowed })
      const verdict = await other.verify(proof, publicInputs)
      await other.close()
      return verdict.ok ? undefined : verdict.error.code
    }
    expect(await verify(folder)).toBe('ARTIFACT_CHANGED')
    expect(await verify(join(folder, 'absent'))).toBe('ARTIFACT_UNAVAILABLE')
    expect(await verify(artifactsFolder, false)).toBe('DEVELOPMENT_KEYS')
  })
})

/**
 * x = 1, and y by a square root in Fp2; @noble/curves finds it outside the prime-order subgroup.
 */
function twistPointOutsideSubgroup(): Uint8Array {
  const y = [
    '07fb3d558dafafb6bf6dd326a5fefe0beca3f9ac3bd999a390d504fad34b0b8c',
    '2351dcdda257b62181cbd745dfee16d5fdf4eb185bbcf33c20a0fe6eaa9cb4a3',
  ]
  const bytes = new Uint8Array(128)
  bytes[31] = 1
  bytes.set(Buffer.from(y.join(''), 'hex'), 64)
  return bytes
}
