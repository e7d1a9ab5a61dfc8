/** Stock snarkjs as the reference of our prover, with its randomness fixed; it ships no types. */

// @ts-expect-error snarkjs ships no types.
import * as untyped from 'snarkjs'
import type { EmotionalProof } from '../../../src/core/emotion/proofCodec.ts'
import type { CircuitInput } from '../../../src/core/emotion/statement.ts'
import type { Blinding } from './prove.ts'

interface SnarkProof {
  readonly pi_a: readonly string[]
  readonly pi_b: readonly (readonly string[])[]
  readonly pi_c: readonly string[]
}

interface Memory {
  readonly type: 'mem'
  readonly data?: Uint8Array
}

interface Curve {
  readonly Fr: { random(): Uint8Array; e(value: bigint): Uint8Array }
}

const { curves, groth16, wtns } = untyped as unknown as {
  readonly curves: {
    getCurveFromName(name: string, options: { singleThread: boolean }): Promise<Curve>
  }
  readonly wtns: {
    calculate(input: CircuitInput, wasm: Uint8Array, witness: Memory): Promise<void>
  }
  readonly groth16: {
    prove(
      zkey: Uint8Array,
      witness: Memory,
    ): Promise<{ readonly proof: SnarkProof; readonly publicSignals: readonly string[] }>
    verify(vkey: object, signals: readonly string[], proof: object): Promise<boolean>
  }
}

let opened: Promise<Curve> | undefined

/** snarkjs takes this curve, on one thread, wherever it needs one. */
function openCurve(): Promise<Curve> {
  opened ??= curves.getCurveFromName('bn128', { singleThread: true }).then((curve) => {
    Object.assign(globalThis, { curve_bn128: curve })
    return curve
  })
  return opened
}

export async function snarkWitness(input: CircuitInput, wasm: Uint8Array): Promise<Memory> {
  const witness: Memory = { type: 'mem' }
  await wtns.calculate(input, wasm, witness)
  return witness
}

/** The values alone: the file has a header of 76 bytes. */
export function wordsOfWitness({ data = new Uint8Array() }: Memory): Uint32Array {
  return new Uint32Array(data.slice(76).buffer)
}

/** Its proof with this r and s, which it draws in this order. */
export async function snarkProve(
  zkey: Uint8Array,
  witness: Memory,
  { r, s }: Blinding,
): Promise<EmotionalProof> {
  const { Fr } = await openCurve()
  const draws = [r, s]
  const random = Fr.random
  Object.assign(Fr, { random: () => Fr.e(draws.shift() ?? 0n) })
  try {
    const { proof } = await groth16.prove(zkey, witness)
    const at = (values: readonly string[] | undefined, index: number): bigint =>
      BigInt(values?.[index] ?? '')
    const { pi_a: a, pi_b: b, pi_c: c } = proof
    return {
      a: [at(a, 0), at(a, 1)],
      b: [
        [at(b[0], 0), at(b[0], 1)],
        [at(b[1], 0), at(b[1], 1)],
      ],
      c: [at(c, 0), at(c, 1)],
    }
  } finally {
    Object.assign(Fr, { random })
  }
}

export async function snarkVerifies(
  vkey: Uint8Array,
  signals: readonly bigint[],
  { a, b, c }: EmotionalProof,
): Promise<boolean> {
  await openCurve()
  return groth16.verify(JSON.parse(new TextDecoder().decode(vkey)) as object, signals.map(String), {
    pi_a: [...a.map(String), '1'],
    pi_b: [b[0].map(String), b[1].map(String), ['1', '0']],
    pi_c: [...c.map(String), '1'],
    protocol: 'groth16',
  })
}
