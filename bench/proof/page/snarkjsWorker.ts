/** Stock snarkjs in a worker of its own: witness, proof and check, as ours does them. */

import { webRandom } from '../../../src/adapters/keys/webRandom.ts'
import type { CircuitInput } from '../../../src/core/emotion/statement.ts'
import { randomBlinding } from '../../../workers/prover/groth16/blinding.ts'
import {
  snarkProve,
  snarkVerifies,
  snarkWitness,
} from '../../../workers/prover/groth16/snarkjs.fixture.ts'

export interface SnarkjsTask {
  /** Absolute URLs of witness generator, proving key and verification key. */
  readonly urls: readonly [string, string, string]
  readonly circuitInput: CircuitInput
  readonly signals: readonly bigint[]
}

const loaded = new Map<string, Uint8Array>()

async function fileAt(url: string): Promise<Uint8Array> {
  const bytes = loaded.get(url) ?? new Uint8Array(await (await fetch(url)).arrayBuffer())
  loaded.set(url, bytes)
  return bytes
}

async function perform({ urls, circuitInput, signals }: SnarkjsTask): Promise<boolean> {
  const [wasm, zkey, vkey] = [await fileAt(urls[0]), await fileAt(urls[1]), await fileAt(urls[2])]
  const witness = await snarkWitness(circuitInput, wasm)
  const proof = await snarkProve(zkey, witness, randomBlinding(webRandom))
  return snarkVerifies(vkey, signals, proof)
}

addEventListener('message', ({ data }: MessageEvent<SnarkjsTask>) => {
  perform(data).then(
    (isValid) => {
      postMessage(isValid ? 'proven' : 'refused')
    },
    (error: unknown) => {
      postMessage(String(error))
    },
  )
})
