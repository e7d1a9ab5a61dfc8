/** What this bench uses of o1js, which is installed on demand and so is not there for the types. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Term = Field | bigint | number

/** An element of the field of the curve Pallas' scalars, or a linear term of variables. */
export interface Field {
  add(other: Term): Field
  sub(other: Term): Field
  mul(other: Term): Field
  assertEquals(other: Term): void
  equals(other: Term): Bit
  /** As one variable. */
  seal(): Field
  /** Only where a witness is computed. */
  toBigInt(): bigint
  /** Lowest first; the element has no more bits than that. */
  toBits(length: number): readonly Bit[]
}

/** 0 or 1, which its type has checked. */
export interface Bit {
  toField(): Field
}

/** Of an argument. */
export interface ProvableType {
  readonly toFields: unknown
}

export interface Proof {
  toJSON(): unknown
}

export interface Program<Inputs extends readonly unknown[]> {
  compile(options: { readonly cache: unknown }): Promise<{ readonly verificationKey: unknown }>
  analyzeMethods(): Promise<Readonly<Record<string, { readonly rows: number }>>>
  prove(statement: readonly Field[], ...inputs: Inputs): Promise<{ readonly proof: Proof }>
}

export interface O1js {
  readonly Field: ProvableType & ((value: bigint | number) => Field)
  readonly Bool: ProvableType & ((value: boolean) => Bit)
  readonly Poseidon: { hash(input: readonly Field[]): Field }
  readonly Gadgets: {
    rangeCheck3x12(first: Field, second: Field, third: Field): void
    rangeCheck64(value: Field): void
  }
  readonly Provable: {
    Array(type: ProvableType, length: number): ProvableType
    witness(type: ProvableType, compute: () => Field): Field
    runAndCheck(work: () => void): Promise<void>
  }
  ZkProgram(config: {
    readonly name: string
    readonly publicInput: ProvableType
    readonly methods: Readonly<
      Record<
        string,
        {
          readonly privateInputs: readonly ProvableType[]
          readonly method: (statement: readonly Field[], ...inputs: never[]) => Promise<void>
        }
      >
    >
  }): unknown
  readonly Cache: { readonly None: unknown }
  verify(proof: Proof, verificationKey: unknown): Promise<boolean>
  /** `wasm` is what a page has. */
  setBackend(name: 'wasm' | 'native'): void
}

export async function loadO1js(folder: string): Promise<O1js> {
  const entry = join(folder, 'node_modules/o1js/dist/node/index.js')
  return (await import(pathToFileURL(entry).href)) as O1js
}
