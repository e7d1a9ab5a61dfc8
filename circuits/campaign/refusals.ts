/** Mutated proofs and public inputs: all refused, and none ends the verifier (ZK-4, ZK-7). */

import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { decodeProof } from '../../src/core/emotion/proofCodec.ts'
import { seededGenerator } from '../../src/core/emotion/testWindows.fixture.ts'
import { circuitOf, signalsOf } from '../../workers/prover/publicInputs.ts'
import { createPairingKernel } from '../../workers/prover/pairing/pairingKernel.ts'
import { loadVerifyingKey, type VerifyingKey } from '../../workers/prover/pairing/verifyingKey.ts'
import { verifyProofs, type Claim } from '../../workers/prover/pairing/verifyProofs.ts'
import type { ProveRequest } from '../../src/ports/prover.ts'
import type { ProverEngine } from '../../workers/prover/engine.ts'
import { mutantOf, type Draw, type Mutant, type Pool, type Submission } from './mutants.ts'

/** True proofs and the key that they hold under. */
export interface ProofPool {
  readonly circuit: string
  readonly pool: Pool
  readonly key: VerifyingKey
}

export interface Refusals {
  readonly tried: number
  /** How many for each code. */
  readonly byCode: Readonly<Record<string, number>>
  readonly kinds: number
  /** True proofs that stood among the others, and held. */
  readonly controls: number
  /** What was accepted, refused although true, or thrown. */
  readonly faults: readonly string[]
}

/** As a verifier takes them: up to 64 together, most of them false. */
const batchLength = 32

export async function proofPool(
  engine: ProverEngine,
  requests: readonly ProveRequest[],
  vkey: Uint8Array,
): Promise<ProofPool> {
  const pool: Submission[] = []
  for (const { circuitInput, publicInputs } of requests) {
    const made = await engine.prove({ kind: 'prove', circuitInput, publicInputs }, () => undefined)
    if (!made.ok || made.value === undefined) throw new Error('the statement is true')
    pool.push({ proof: made.value, signals: signalsOf(publicInputs) })
  }
  const key = loadVerifyingKey(createPairingKernel(), vkey)
  const [first] = requests
  if (!key.ok || first === undefined) throw new Error('no key, or no statement')
  return { circuit: circuitOf(first.publicInputs), pool, key: key.value }
}

export function refusals(
  { circuit, pool, key }: ProofPool,
  options: { readonly count: number; readonly seed: number },
): Refusals {
  const draw = drawOf(options.seed)
  const byCode: Record<string, number> = {}
  const faults: string[] = []
  const kinds = new Set<string>()
  let [tried, controls] = [0, 0]
  while (tried < options.count) {
    const length = Math.min(batchLength, options.count - tried)
    const mutants = Array.from({ length }, () => mutantOf(pool, draw))
    const control = pool[draw(pool.length)] ?? { proof: new Uint8Array(), signals: [] }
    const [truth, ...codes] = judged(key, [control, ...mutants])
    if (truth === 'HELD') controls += 1
    else faults.push(`${circuit}: a true proof: ${String(truth)}`)
    for (const [index, code] of codes.entries()) {
      const mutant = mutants[index]
      byCode[code] = (byCode[code] ?? 0) + 1
      kinds.add(mutant?.kind ?? '')
      if (!code.startsWith('PROOF_')) faults.push(described(circuit, options.seed, code, mutant))
    }
    tried += length
  }
  return { tried, byCode, kinds: kinds.size, controls, faults }
}

/** Code of each: of its bytes, of its equation, HELD, or what was thrown. */
function judged(key: VerifyingKey, all: readonly Submission[]): readonly string[] {
  const codes = new Map<number, string>()
  const claims = new Map<number, Claim>()
  try {
    for (const [index, { proof, signals }] of all.entries()) {
      const decoded = decodeProof(proof)
      if (decoded.ok) claims.set(index, { proof: decoded.value, signals })
      else codes.set(index, decoded.error.code)
    }
    const faults = verifyProofs(key, [...claims.values()], webRandom)
    for (const [at, index] of [...claims.keys()].entries()) codes.set(index, faults[at] ?? 'HELD')
    return all.map((_, index) => codes.get(index) ?? 'NOT JUDGED')
  } catch (error) {
    return all.map(() => `thrown: ${String(error)}`)
  }
}

function described(circuit: string, seed: number, code: string, mutant?: Mutant): string {
  const { kind = '', proof = new Uint8Array(), signals = [] } = mutant ?? {}
  const bytes = Buffer.from(proof).toString('hex')
  return `${circuit}, seed ${String(seed)}: ${code} for ${kind}: ${bytes} ${signals.join()}`
}

function drawOf(seed: number): Draw {
  const next = seededGenerator(seed)
  return (limit) => (limit <= 0 ? 0 : next() % limit)
}
