/** The campaigns of `npm run proof-campaign`, small and always the same (FIT-4, ZK-4). */

import { beforeAll, describe, expect, it, vi } from 'vitest'
import { mutatedProofs, recordedAgreement, seededAgreement } from '../campaign/campaign.ts'
import { circuitUnderTest, compared } from '../campaign/agreement.ts'
import { mutantKinds } from '../campaign/mutants.ts'
import { hasRecordings, seededCase } from '../campaign/windows.ts'
import { readKeyFile } from '../../workers/prover/groth16/keyFile.ts'
import { ensureArtifacts, ensureTimeoutMs, projectRoot, readArtifact } from './artifacts.fixture.ts'

beforeAll(ensureArtifacts, ensureTimeoutMs)

vi.setConfig({ testTimeout: 180_000 })

const note = hasRecordings ? '' : ' (skipped: no recordings beside the project)'

describe('FIT-4 circuit, core and oracle', () => {
  it('agree on windows from seeds, whether they have a score or not', async () => {
    const found = await seededAgreement(projectRoot, { seed: 20_000, count: 24 })
    expect(found.disagreements).toEqual([])
    expect(found.scored).toBeGreaterThan(12)
    expect(found.refused).toBeGreaterThan(1)
    expect(found.scoresSeen).toBeGreaterThan(8)
  })

  it('would be told apart: a score off by one, a circuit that takes or refuses all', async () => {
    const wasm = new Uint8Array(readArtifact('wasm'))
    const key = readKeyFile(readArtifact('zkey'))
    if (!key.ok) throw new Error(key.error.code)
    const circuit = await circuitUnderTest(wasm, key.value.signalCount)
    const cases = [20_000, 20_001, 20_003].map(seededCase)
    const higher = { accepts: (one: (typeof cases)[0], bp: number) => circuit.accepts(one, bp + 1) }
    for (const other of [higher, { accepts: () => true }, { accepts: () => false }]) {
      expect(compared(other, cases).disagreements.length).toBeGreaterThan(0)
    }
    expect(compared(circuit, cases).disagreements).toEqual([])
  })
})

describe.skipIf(!hasRecordings)(`FIT-4 recordings${note}`, () => {
  it('circuit, core and oracle agree on minutes cut from recordings', async () => {
    const found = await recordedAgreement(projectRoot, { seed: 30_000, count: 24 })
    expect(found?.disagreements).toEqual([])
    expect(found?.scored).toBeGreaterThan(8)
    expect(found?.refused).toBeGreaterThan(0)
  })
})

describe('ZK-4 a changed proof or public signal', () => {
  it.each(['emotional_proof', 'liveness_proof'] as const)('of %s is refused', async (circuit) => {
    const found = await mutatedProofs(projectRoot, circuit, { seed: 40_000, count: 200 })
    expect(found.faults).toEqual([])
    expect(found.tried).toBe(200)
    expect(found.kinds).toBe(mutantKinds.length)
    expect(found.controls).toBe(7)
    // Most of what cannot be decoded is refused before any pairing: both ways must be taken.
    expect(found.byCode['PROOF_INVALID']).toBeGreaterThan(60)
    expect(found.byCode['PROOF_SUBGROUP']).toBeGreaterThan(0)
    expect(found.byCode['PROOF_POINT']).toBeGreaterThan(10)
  })
})
