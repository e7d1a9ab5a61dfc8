/** Whole proofs: by the GPU and by the processor with the same r and s, and by the engine. */
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { encodeProof } from '../../../src/core/emotion/proofCodec.ts'
import type { Acceleration, ProverProgress, ProveRequest } from '../../../src/ports/prover.ts'
import { hex } from '../../../src/core/base/bytes.ts'
import { ProverEngine } from '../../../workers/prover/engine.ts'
import { GpuProver } from '../../../workers/prover/gpu/gpuProver.ts'
import { Groth16Prover } from '../../../workers/prover/groth16/groth16Prover.ts'
import type { AccelerationMode, StartRequest } from '../../../workers/prover/protocol.ts'
import { circuitOf } from '../../../workers/prover/publicInputs.ts'

const artifactsUrl = new URL('/circuits/', location.href).href

export async function load(circuit: string): Promise<Groth16Prover> {
  const [wasm, zkey] = await Promise.all(
    ['.wasm', '.zkey'].map(async (end) => {
      const response = await fetch(`${artifactsUrl}${circuit}${end}`)
      return new Uint8Array(await response.arrayBuffer())
    }),
  )
  if (wasm === undefined || zkey === undefined) throw new Error('no files')
  const loaded = await Groth16Prover.load(wasm, zkey)
  if (!loaded.ok) throw new Error(loaded.error.code)
  return loaded.value
}

async function openGpu(): Promise<GpuProver> {
  const gpu = await GpuProver.open({ allowsSoftware: true, silentMs: 120_000 })
  if (!gpu.ok) throw new Error(gpu.error.code)
  return gpu.value
}

/** Proves by both with the same blinding. */
export async function checkProof(request: ProveRequest): Promise<readonly string[]> {
  const prover = await load(circuitOf(request.publicInputs))
  const witness = prover.witness(request.circuitInput)
  if (!witness.ok) return [witness.error.reason]
  const blinding = { r: fieldOrder - 9n, s: 3n ** 150n % fieldOrder }
  const expected = prover.prove(witness.value, blinding, () => undefined)
  if (expected === undefined) return ['a point at infinity']
  const gpu = await openGpu()
  const accelerator = await gpu.accelerator(prover.loaded)
  if (!accelerator.ok) return [accelerator.error.code]
  const made = await prover.proveBy(accelerator.value, witness.value, blinding, () => undefined)
  gpu.close()
  if (!made.ok) return [made.error.code]
  if (made.value === undefined) return ['a point at infinity']
  const isSame = hex(encodeProof(made.value)) === hex(encodeProof(expected))
  return isSame ? [] : ['another proof']
}

/** How the engine made a proof, which holds; or its error. */
export async function proveByEngine(
  request: ProveRequest,
  acceleration: AccelerationMode,
): Promise<Acceleration | string> {
  return proveOn(engineOf(acceleration), request)
}

export function engineOf(acceleration: AccelerationMode): ProverEngine {
  return engineBy({ acceleration })
}

export function engineBy(modes: Pick<StartRequest, 'acceleration' | 'threads'>): ProverEngine {
  const source = { kind: 'url', base: artifactsUrl } as const
  return new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true, ...modes })
}

export async function proveOn(
  engine: ProverEngine,
  request: ProveRequest,
): Promise<Acceleration | string> {
  const steps: ProverProgress[] = []
  const outcome = await engine.prove({ ...request, kind: 'prove' }, (step) => steps.push(step))
  if (!outcome.ok) return outcome.error.code
  const percents = steps.map(({ percent }) => percent)
  if (percents.some((percent, index) => percent < (percents[index - 1] ?? 0))) return 'it fell'
  if (outcome.value?.length !== 256) return 'no proof'
  return steps.findLast((step) => step.acceleration)?.acceleration ?? 'nothing said'
}
