/** Both campaigns on the circuits' files as they are served (FIT-4, ZK-4). */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readKeyFile } from '../../workers/prover/groth16/keyFile.ts'
import { ProverEngine } from '../../workers/prover/engine.ts'
import { artifactFile, artifactNames, paths, type CircuitName } from '../setup/paths.ts'
import { statements } from '../soundness/statements.ts'
import { circuitUnderTest, compared, type Agreement } from './agreement.ts'
import { proofPool, refusals, type Refusals } from './refusals.ts'
import { recordedBeats, recordedCase, seededCase, type WindowCase } from './windows.ts'

export interface Span {
  /** First seed; the next ones follow. */
  readonly seed: number
  readonly count: number
}

/** Different statements whose true proofs are changed and mixed. */
const poolLength = 3

/** Undefined where there are no recordings beside the project. */
export async function recordedAgreement(root: string, span: Span): Promise<Agreement | undefined> {
  const recordings = recordedBeats()
  if (recordings.size === 0) return undefined
  return agreement(root, span, (seed) => recordedCase(seed, recordings))
}

export function seededAgreement(root: string, span: Span): Promise<Agreement> {
  return agreement(root, span, seededCase)
}

export async function mutatedProofs(
  root: string,
  circuit: CircuitName,
  span: Span,
): Promise<Refusals> {
  const files = Object.fromEntries(
    artifactNames.map((name) => [artifactFile(circuit, name), artifact(root, circuit, name)]),
  )
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  const requests = Array.from({ length: poolLength }, (_, index) => {
    return statements[circuit](span.seed + index)
  })
  const pool = await proofPool(engine, requests, artifact(root, circuit, 'vkey'))
  return refusals(pool, span)
}

async function agreement(
  root: string,
  { seed, count }: Span,
  caseOf: (seed: number) => WindowCase,
): Promise<Agreement> {
  const circuit = 'emotional_proof'
  const key = readKeyFile(artifact(root, circuit, 'zkey'))
  if (!key.ok) throw new Error(key.error.code)
  const tested = await circuitUnderTest(artifact(root, circuit, 'wasm'), key.value.signalCount)
  return compared(
    tested,
    Array.from({ length: count }, (_, index) => caseOf(seed + index)),
  )
}

function artifact(
  root: string,
  circuit: CircuitName,
  name: (typeof artifactNames)[number],
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(root, paths.served, artifactFile(circuit, name))))
}
