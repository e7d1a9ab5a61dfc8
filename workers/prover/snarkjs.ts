/** The parts of snarkjs that the prover uses; it ships without types. */

// @ts-expect-error snarkjs ships no types.
import * as untyped from 'snarkjs'

export interface SnarkProof {
  readonly pi_a: readonly string[]
  readonly pi_b: readonly (readonly string[])[]
  readonly pi_c: readonly string[]
}

export interface SnarkLogger {
  debug(message: string): void
  info(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** A file in memory, as snarkjs writes and reads it. */
export interface MemoryFile {
  readonly type: 'mem'
  readonly data?: Uint8Array
}

export interface SnarkCurve {
  readonly G2: {
    fromObject(point: readonly (readonly bigint[])[]): Uint8Array
    timesScalar(point: Uint8Array, scalar: bigint): Uint8Array
    isZero(point: Uint8Array): boolean
  }
}

interface Snarkjs {
  readonly curves: {
    getCurveFromName(name: string, options: { singleThread: boolean }): Promise<SnarkCurve>
  }
  readonly wtns: {
    calculate(input: object, wasm: Uint8Array, witness: MemoryFile): Promise<void>
  }
  readonly groth16: {
    prove(
      zkey: Uint8Array,
      witness: MemoryFile,
      logger: SnarkLogger,
    ): Promise<{ readonly proof: SnarkProof; readonly publicSignals: readonly string[] }>
    verify(vkey: object, publicSignals: readonly string[], proof: object): Promise<boolean>
  }
}

const { curves, wtns, groth16 } = untyped as unknown as Snarkjs

export { groth16, wtns }

let curve: Promise<SnarkCurve> | undefined

/**
 * BN254 on this thread. snarkjs opens its own curve with workers from blob: URLs, which a strict
 * content security policy forbids, and does so in `verify` whatever its options say; unless this
 * global holds one already. Set after the import, which resets it.
 */
export function openCurve(): Promise<SnarkCurve> {
  curve ??= curves.getCurveFromName('bn128', { singleThread: true }).then((opened) => {
    Object.assign(globalThis, { curve_bn128: opened })
    return opened
  })
  return curve
}
