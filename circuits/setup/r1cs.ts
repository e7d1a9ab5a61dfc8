/** Reads what the set-up needs of a circuit compiled by circom: its rank-1 constraints. */

import { splitSections } from './binFile.ts'

export interface Term {
  readonly signal: number
  readonly coefficient: bigint
}

/** A · B = C, each a linear combination of signals. */
export type Constraint = readonly [a: readonly Term[], b: readonly Term[], c: readonly Term[]]

export interface R1cs {
  readonly signalCount: number
  /** Outputs and public inputs, without the constant 1. */
  readonly publicCount: number
  /** Of those the outputs, which come first. */
  readonly outputCount: number
  /** Inputs that are not public; they follow those that are. */
  readonly privateCount: number
  readonly constraints: readonly Constraint[]
}

const fieldBytes = 32

export function readR1cs(file: Uint8Array): R1cs {
  const sections = splitSections(file)
  const header = viewOf(sections.get(1))
  const counts = 4 + fieldBytes
  const [signalCount = 0, outputs = 0, inputs = 0, privateCount = 0] = [0, 4, 8, 12].map((at) =>
    header.getUint32(counts + at, true),
  )
  const constraintCount = header.getUint32(counts + 24, true)

  const body = viewOf(sections.get(2))
  let offset = 0
  const readU32 = (): number => {
    offset += 4
    return body.getUint32(offset - 4, true)
  }
  const readTerm = (): Term => {
    const signal = readU32()
    let coefficient = 0n
    for (let word = 3; word >= 0; word -= 1) {
      coefficient = (coefficient << 64n) | body.getBigUint64(offset + 8 * word, true)
    }
    offset += fieldBytes
    return { signal, coefficient }
  }
  const readTerms = (): readonly Term[] => Array.from({ length: readU32() }, readTerm)
  const constraints = Array.from({ length: constraintCount }, (): Constraint => [
    readTerms(),
    readTerms(),
    readTerms(),
  ])
  return {
    signalCount,
    publicCount: outputs + inputs,
    outputCount: outputs,
    privateCount,
    constraints,
  }
}

function viewOf(bytes: Uint8Array | undefined): DataView {
  if (bytes === undefined) throw new Error('the r1cs file lacks a section')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
