import { readFileSync } from 'node:fs'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { artifactFile, artifactNames } from '../../circuits/setup/paths.ts'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../circuits/tests/artifacts.fixture.ts'
import type { Result } from '../../src/core/base/result.ts'
import { testScenario } from '../../src/core/emotion/statement.fixture.ts'
import { buildStatement } from '../../src/core/emotion/statement.ts'
import {
  askedOf,
  breathWindow,
  livenessContext,
  testNullifierKey,
} from '../../src/core/liveness/statement.fixture.ts'
import { buildLivenessStatement } from '../../src/core/liveness/statement.ts'
import type { ProverProgress } from '../../src/ports/prover.ts'
import { ProverEngine } from './engine.ts'
import { Groth16Prover } from './groth16/groth16Prover.ts'

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { circuitInput, publicInputs } = statement.value
const context = livenessContext(7)
const liveness = buildLivenessStatement({
  intervals: breathWindow({ seed: 1, codeword: askedOf(context) }),
  nullifierKey: testNullifierKey,
  context,
})
if (!liveness.ok) throw new Error(liveness.error.code)
const livenessInputs = liveness.value.publicInputs
let files: Readonly<Record<string, Uint8Array>> = {}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

beforeAll(async () => {
  await ensureArtifacts()
  const names = (['emotional_proof', 'liveness_proof'] as const).flatMap((circuit) =>
    artifactNames.map((name) => artifactFile(circuit, name)),
  )
  files = Object.fromEntries(
    names.map((name) => [name, readFileSync(`${projectRoot}/public/circuits/${name}`)]),
  )
}, ensureTimeoutMs)

vi.setConfig({ testTimeout: 180_000 })

describe('ZK-2 the engine', () => {
  it('neither proves nor verifies under development keys outside of devnets', async () => {
    const source = { kind: 'bytes', files } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: false })
    const refused = { ok: false, error: { code: 'DEVELOPMENT_KEYS' } }
    const named = { ...livenessInputs, circuit: 'liveness_proof' } as const
    for (const inputs of [publicInputs, named]) {
      const task = { circuitInput, publicInputs: inputs, proof: new Uint8Array(256) } as const
      expect(await engine.prove({ ...task, kind: 'prove' }, () => undefined)).toEqual(refused)
      expect(await engine.verify({ ...task, kind: 'verify' })).toEqual(refused)
    }
  })
})

describe('ZK-6 the engine', () => {
  it('refuses its own proof when it is not of the inputs that were asked for', async () => {
    const source = { kind: 'bytes', files } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const other = { ...task, publicInputs: { ...publicInputs, epoch: publicInputs.epoch + 1 } }
    const refused = await engine.prove(other, () => undefined)
    expect(refused).toEqual({ ok: false, error: { code: 'PROOF_INVALID' } })

    const witness = vi.spyOn(Groth16Prover.prototype, 'witness')
    // Two proofs of one statement differ: they are blinded.
    const made = [
      await engine.prove(task, () => undefined),
      await engine.prove(task, () => undefined),
    ]
    const [first, second] = made.map((outcome) => (outcome.ok ? outcome.value : undefined))
    expect(first?.length).toBe(256)
    expect(second?.length).toBe(256)
    expect(second).not.toEqual(first)
    // Nor is the witness of either left behind.
    const words = witness.mock.results.map(({ value }) => value as Result<Uint32Array, unknown>)
    expect(words.map((made) => made.ok && made.value.every((word) => word === 0))).toEqual([
      true,
      true,
    ])
  })

  it('ZK-7 gives each of several proofs its own verdict, of both circuits', async () => {
    const source = { kind: 'bytes', files } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const made = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
    if (!made.ok || made.value === undefined) throw new Error('the statement is true')
    const good = { kind: 'verify', proof: made.value, publicInputs } as const
    const outcomes = await engine.verifyAll([
      good,
      { ...good, proof: made.value.slice(1) },
      { ...good, publicInputs: { ...publicInputs, epoch: publicInputs.epoch + 1 } },
      { ...good, publicInputs: livenessInputs },
      good,
    ])
    const codes = outcomes.map((outcome) => (outcome.ok ? undefined : outcome.error.code))
    const expected = ['PROOF_LENGTH', 'PROOF_INVALID', 'PROOF_INVALID']
    expect(codes).toEqual([undefined, ...expected, undefined])
    expect(await engine.verifyAll([])).toEqual([])
  })

  it.each([
    ['where no second thread can be started', 'forced', 8, 'THREAD_ABSENT'],
    ['on two cores, where none is tried', 'measured', 2, 'THREAD_CORES'],
  ] as const)('ZK-12 makes a proof %s, and says why', async (_, threads, cores, thread) => {
    vi.stubGlobal('navigator', { hardwareConcurrency: cores })
    const start = { kind: 'start', source: { kind: 'bytes', files } } as const
    const engine = new ProverEngine({ ...start, allowsDevelopmentKeys: true, threads })
    const steps: ProverProgress[] = []
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const made = await engine.prove(task, (step) => steps.push(step))
    expect(made).toMatchObject({ ok: true })
    const proving = steps.filter(({ stage }) => stage === 'proving')
    expect(proving.length).toBeGreaterThan(0)
    for (const { acceleration } of proving) {
      expect(acceleration).toEqual({ by: 'cpu', thread })
    }
    await engine.idle(new AbortController().signal)
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

  it('ZK-5 once warm, checks a proof although no file can be had any more', async () => {
    const served: Record<string, Uint8Array> = { ...files }
    const source = { kind: 'bytes', files: served } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const made = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
    if (!made.ok || made.value === undefined) throw new Error('the statement is true')
    const task = { kind: 'verify', proof: made.value, publicInputs } as const

    const [warm, cold] = [0, 1].map(() => {
      return new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    })
    expect(await warm?.warm()).toEqual({ ok: true, value: undefined })
    for (const name of Object.keys(served)) Reflect.deleteProperty(served, name)
    expect(await warm?.verify(task)).toEqual({ ok: true, value: undefined })
    expect(await cold?.verify(task)).toMatchObject({ error: { code: 'ARTIFACT_UNAVAILABLE' } })
    expect(await cold?.warm()).toMatchObject({ error: { code: 'ARTIFACT_UNAVAILABLE' } })
  })
})
