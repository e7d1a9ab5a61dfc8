/** Powers of tau of two small phases 1 of our own, and two small circuits, for the ceremony. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
// @ts-expect-error snarkjs ships no types.
import { powersOfTau as untypedTau, zKey as untypedZKey } from 'snarkjs'
import { buildCurve, type Curve } from '../setup/curve.ts'

interface Memory {
  readonly type: 'mem'
  data?: Uint8Array
}

const tau = untypedTau as unknown as {
  newAccumulator(curve: Curve, power: number, target: Memory): Promise<unknown>
  contribute(source: Memory, target: Memory, name: string, entropy: string): Promise<unknown>
  beacon(
    source: Memory,
    target: Memory,
    name: string,
    hash: string,
    iterationsExponent: number,
  ): Promise<unknown>
  preparePhase2(source: Memory, target: Memory): Promise<unknown>
}

/** Stock snarkjs, to which the ceremony is held. */
export const stockZKey = untypedZKey as unknown as {
  contribute(source: Uint8Array, target: Memory, name: string, entropy: string): Promise<Uint8Array>
  verifyFromR1cs(r1cs: Uint8Array, ptau: Uint8Array, zkey: Uint8Array): Promise<boolean>
}

export const memory = (): Memory => ({ type: 'mem' })

/** A whole phase 1: one contribution, a beacon, and the Lagrange forms that phase 2 takes. */
export async function phaseOne(power: number): Promise<{
  readonly prepared: Uint8Array
  readonly unprepared: Uint8Array
}> {
  const [fresh, contributed, closed, prepared] = [memory(), memory(), memory(), memory()]
  await tau.newAccumulator(await buildCurve(true), power, fresh)
  await tau.contribute(fresh, contributed, 'somebody', 'entropy of a test')
  await tau.beacon(contributed, closed, 'beacon', '5a'.repeat(32), 10)
  await tau.preparePhase2(closed, prepared)
  const bytesOf = ({ data }: Memory): Uint8Array => data ?? new Uint8Array()
  return { prepared: bytesOf(prepared), unprepared: bytesOf(closed) }
}

/** Public `sum` of the squares of private numbers, and one public number in a product. */
const small = (count: number): string => `pragma circom 2.2.0;
template Small(count) {
    signal input sum;
    signal input factor;
    signal input numbers[count];
    signal squares[count];
    var total = 0;
    for (var i = 0; i < count; i++) {
        squares[i] <== numbers[i] * (numbers[i] + factor);
        total += squares[i];
    }
    total === sum;
    signal product <== sum * factor;
}
component main { public [sum, factor] } = Small(${String(count)});
`

export const smallInput = {
  sum: String([3, 5, 7, 11, 13, 17].reduce((sum, value) => sum + value * (value + 2), 0)),
  factor: '2',
  numbers: ['3', '5', '7', '11', '13', '17'],
}

export interface CeremonyFolder {
  readonly path: (name: string) => string
  readonly remove: () => void
}

/** A folder with the sources of a circuit and of a slightly different one. */
export function ceremonyFolder(): CeremonyFolder {
  const folder = mkdtempSync(join(tmpdir(), 'emo-ceremony-'))
  const path = (name: string): string => join(folder, name)
  writeFileSync(path('small.circom'), small(6))
  writeFileSync(path('other.circom'), small(6).replace('+ factor)', '+ 3 * factor)'))
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
