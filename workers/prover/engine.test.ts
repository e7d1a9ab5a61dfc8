import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../circuits/tests/artifacts.fixture.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import { ProverEngine } from './engine.ts'

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { circuitInput, publicInputs } = statement.value
let files: Readonly<Record<string, Uint8Array>> = {}

beforeAll(async () => {
  await ensureArtifacts()
  const names = ['emotional_proof.wasm', 'emotional_proof.zkey', 'emotional_proof.vkey.json']
  files = Object.fromEntries(
    names.map((name) => [name, readFileSync(`${projectRoot}/public/circuits/${name}`)]),
  )
}, ensureTimeoutMs)

vi.setConfig({ testTimeout: 180_000 })

describe('ZK-6 the engine', () => {
  it('refuses its own proof when it is not of the inputs that were asked for', async () => {
    const source = { kind: 'bytes', files } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const other = { ...task, publicInputs: { ...publicInputs, epoch: publicInputs.epoch + 1 } }
    const refused = await engine.prove(other, () => undefined)
    expect(refused).toEqual({ ok: false, error: { code: 'PROOF_INVALID' } })

    // Two proofs of one statement differ: they are blinded.
    const made = [
      await engine.prove(task, () => undefined),
      await engine.prove(task, () => undefined),
    ]
    const [first, second] = made.map((outcome) => (outcome.ok ? outcome.value : undefined))
    expect(first?.length).toBe(256)
    expect(second?.length).toBe(256)
    expect(second).not.toEqual(first)
  })

  it('takes no file that was not handed over', async () => {
    const source = { kind: 'bytes', files: {} } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const refused = await engine.prove(
      { kind: 'prove', circuitInput, publicInputs },
      () => undefined,
    )
    expect(refused).toMatchObject({ ok: false, error: { code: 'ARTIFACT_UNAVAILABLE' } })
  })
})
