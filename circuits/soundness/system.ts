/** A compiled circuit with a witness: what the searches for another witness start from (ZK-8). */

import { fieldOrder } from '../../src/core/emotion/field.ts'
import type { R1cs, Term } from '../setup/r1cs.ts'

export interface System {
  readonly r1cs: R1cs
  /** Value of each wire; satisfies every constraint. */
  readonly witness: readonly bigint[]
  /** Of each wire, as the circuit names it. */
  readonly names: readonly string[]
}

export function modulo(value: bigint): bigint {
  const rest = value % fieldOrder
  return rest < 0n ? rest + fieldOrder : rest
}

export function inverse(value: bigint): bigint {
  let [rest, next] = [fieldOrder, modulo(value)]
  let [before, factor] = [0n, 1n]
  while (next !== 0n) {
    const quotient = rest / next
    ;[rest, next] = [next, rest - quotient * next]
    ;[before, factor] = [factor, before - quotient * factor]
  }
  if (rest !== 1n) throw new Error('0 has no inverse')
  return modulo(before)
}

export function valueOf(terms: readonly Term[], witness: readonly bigint[]): bigint {
  let sum = 0n
  for (const { signal, coefficient } of terms) sum += coefficient * (witness[signal] ?? 0n)
  return modulo(sum)
}

/** Index of the first constraint that a witness breaks. */
export function brokenConstraint({ constraints }: R1cs, witness: readonly bigint[]): number {
  return constraints.findIndex(([a, b, c]) => {
    return modulo(valueOf(a, witness) * valueOf(b, witness) - valueOf(c, witness)) !== 0n
  })
}

/** The values of a witness file of snarkjs, in its one form: 32 bytes each behind the header. */
export function witnessValues(file: Uint8Array, signalCount: number): readonly bigint[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const begin = file.length - 32 * signalCount
  return Array.from({ length: signalCount }, (_, wire) => {
    let value = 0n
    for (let word = 3; word >= 0; word -= 1) {
      value = (value << 64n) | view.getBigUint64(begin + 32 * wire + 8 * word, true)
    }
    return value
  })
}

/** From the symbol file of circom: `label,wire,component,name`; −1 is a wire that was taken out. */
export function wireNames(symbols: string, signalCount: number): readonly string[] {
  const names = new Array<string>(signalCount).fill('')
  for (const line of symbols.split('\n')) {
    const [, wire = '-1', , name = ''] = line.split(',')
    if (Number(wire) >= 0 && names[Number(wire)] === '') names[Number(wire)] = name
  }
  names[0] = 'one'
  return names
}
