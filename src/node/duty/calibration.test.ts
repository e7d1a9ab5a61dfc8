import { afterEach, describe, expect, it, vi } from 'vitest'
import { readFileSync } from 'node:fs'
import { artifactFile, artifactNames } from '../../../circuits/setup/paths.ts'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  projectRoot,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { ProverEngine } from '../../../workers/prover/engine.ts'
import { nodeClock } from '../../adapters/node/clock.ts'
import { calibrationStatement } from '../../core/emotion/calibrationStatement.ts'
import { ok } from '../../core/base/result.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ProveOptions, Prover, ProveRequest } from '../../ports/prover.ts'
import { Calibration } from './calibration.ts'
import { proofOffsetMs, provingMs } from './provingTime.ts'

vi.setConfig({ testTimeout: ensureTimeoutMs })

let nowMs = 0
const clock: Clock = { ...nodeClock, nowMs: () => nowMs }
afterEach(() => {
  nowMs = 0
})

/** Takes the given times one after the other; the last ones again and again. */
class TimedProver implements Prover {
  readonly requests: ProveRequest[] = []
  readonly #tookMs: readonly (number | 'fails' | 'never')[]

  constructor(...tookMs: readonly (number | 'fails' | 'never')[]) {
    this.#tookMs = tookMs
  }

  prove(request: ProveRequest, { signal }: ProveOptions = {}): ReturnType<Prover['prove']> {
    const tookMs = this.#tookMs[Math.min(this.requests.length, this.#tookMs.length - 1)]
    this.requests.push(request)
    const refused = { ok: false, error: { code: 'CANCELLED' } } as const
    if (tookMs === 'fails') return Promise.resolve(refused)
    if (tookMs === 'never') {
      return new Promise((resolve) => {
        signal?.addEventListener('abort', () => {
          resolve(refused)
        })
      })
    }
    nowMs += tookMs ?? 0
    return Promise.resolve(ok(new Uint8Array(256)))
  }

  verify(): never {
    throw new Error('nothing is verified here')
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

const of = (prover: Prover): Calibration =>
  new Calibration({ prover, clock, onChange: () => undefined })

describe('ZK-5 a device is tried before anybody relies on it', () => {
  it('with a statement that is true, by a real proof of the real circuit', async () => {
    await ensureArtifacts()
    const names = artifactNames.map((name) => artifactFile('emotional_proof', name))
    const files = Object.fromEntries(
      names.map((name) => [name, readFileSync(`${projectRoot}/public/circuits/${name}`)]),
    )
    const source = { kind: 'bytes', files } as const
    const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
    const { circuitInput, publicInputs } = calibrationStatement()
    const proof = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
    expect(proof.ok).toBe(true)
    // It is about no chain that there is.
    expect(publicInputs.chainId).toEqual(new Uint8Array(32))
  })

  it('counts the second proof: the first one loads the circuit', async () => {
    const prover = new TimedProver(2_500, 400)
    const calibration = of(prover)
    await calibration.look('unregistered')
    expect([calibration.tookMs, prover.requests.length]).toEqual([400, 2])
    await calibration.look('waiting')
    expect(prover.requests.length).toBe(2)
  })

  it('a device that needs 20 s is not asked twice', async () => {
    const prover = new TimedProver(24_000)
    const calibration = of(prover)
    await calibration.look('waiting')
    expect([calibration.tookMs, prover.requests.length]).toEqual([24_000, 1])
  })

  it('is tried only while no proof of its own is due, and ends when one is', async () => {
    const prover = new TimedProver('never', 300)
    const calibration = of(prover)
    for (const state of ['seated', 'proving', 'idle', 'ready', 'following'] as const) {
      await calibration.look(state)
    }
    expect(prover.requests.length).toBe(0)
    const tried = calibration.look('registering')
    await calibration.look('idle')
    await tried
    expect([calibration.tookMs, prover.requests.length]).toEqual([undefined, 1])
  })

  it('a prover that could not is asked again after a minute', async () => {
    const prover = new TimedProver('fails', 500, 300)
    const calibration = of(prover)
    await calibration.look('unregistered')
    nowMs += 59_999
    await calibration.look('unregistered')
    expect(prover.requests.length).toBe(1)
    nowMs += 1
    await calibration.look('unregistered')
    expect(calibration.tookMs).toBe(300)
  })
})

describe('EPOCH-0 the time that there is for a proof', () => {
  it('is what the latest beginning leaves, at every offset', () => {
    const epochMs = 30_000
    expect(provingMs({ epochMs })).toBe(18_000)
    const offsets = Array.from({ length: 200 }, (_none, epoch) =>
      proofOffsetMs(Uint8Array.of(epoch), epoch, epochMs),
    )
    expect(Math.max(...offsets)).toBeLessThan((2 * epochMs) / 3)
    expect(Math.min(...offsets)).toBeLessThan(epochMs / 20)
  })
})
