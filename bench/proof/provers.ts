/** Our prover and stock snarkjs as a bench runs them: one statement, proof and check. */

import { webRandom } from '../../src/adapters/keys/webRandom.ts'
import { ProverEngine } from '../../workers/prover/engine.ts'
import { randomBlinding } from '../../workers/prover/groth16/blinding.ts'
import {
  snarkProve,
  snarkVerifies,
  snarkWitness,
} from '../../workers/prover/groth16/snarkjs.fixture.ts'
import { signalsOf } from '../../workers/prover/publicInputs.ts'
import { fileOf, namesOf, requestOf, type Circuit } from './statements.ts'

/** Makes one proof and checks it. */
export type Prove = () => Promise<void>

export function ourProver(circuit: Circuit): Prove {
  const files = Object.fromEntries(namesOf(circuit).map((name) => [name, fileOf(name)]))
  const source = { kind: 'bytes', files } as const
  const engine = new ProverEngine({ kind: 'start', source, allowsDevelopmentKeys: true })
  const { circuitInput, publicInputs } = requestOf(circuit)
  return async () => {
    const task = { kind: 'prove', circuitInput, publicInputs } as const
    const made = await engine.prove(task, () => undefined)
    if (!made.ok) throw new Error(made.error.code)
  }
}

export function snarkjsProver(circuit: Circuit): Prove {
  const [wasm, zkey, vkey] = namesOf(circuit).map(fileOf) as [Uint8Array, Uint8Array, Uint8Array]
  const { circuitInput, publicInputs } = requestOf(circuit)
  const signals = signalsOf(publicInputs)
  return async () => {
    const witness = await snarkWitness(circuitInput, wasm)
    const proof = await snarkProve(zkey, witness, randomBlinding(webRandom))
    if (!(await snarkVerifies(vkey, signals, proof))) {
      throw new Error('snarkjs refuses its own proof')
    }
  }
}
