/** A compiled circuit as phase 2 takes it: its constraints, read strictly (ZK-9). */

import { ok, type Result } from '../../src/core/base/result.ts'
import type { CeremonyError } from './errors.ts'
import {
  isOfCurve,
  malformed,
  readSections,
  scalarBytes,
  viewOf,
  type NamedFile,
} from './sections.ts'

export interface CircuitFile {
  readonly bytes: Uint8Array
  /** Of the smallest domain that holds its rows. */
  readonly power: number
}

const headerBytes = 64
const constraintsMax = 1 << 18

export function readCircuit(named: NamedFile): Result<CircuitFile, CeremonyError> {
  const { file, bytes } = named
  const sections = readSections(named, 'r1cs')
  if (!sections.ok) return sections
  const header = sections.value.get(1)
  if (header?.length !== headerBytes || !isOfCurve(header, 0, 'scalar')) {
    return malformed(file, 'its header')
  }
  const view = viewOf(header)
  const [wires = 0, outputs = 0, inputs = 0] = [36, 40, 44].map((at) => view.getUint32(at, true))
  const constraints = view.getUint32(60, true)
  const isBounded = constraints >= 1 && constraints <= constraintsMax && outputs + inputs < wires
  if (!isBounded) return malformed(file, 'its sizes')
  const body = sections.value.get(2)
  if (body === undefined || !isWhole(body, constraints, wires)) {
    return malformed(file, 'its constraints')
  }
  return ok({ bytes, power: 32 - Math.clz32(constraints + outputs + inputs) })
}

/** Three sums for each constraint, of wires that there are, and nothing after the last. */
function isWhole(body: Uint8Array, constraints: number, wires: number): boolean {
  const view = viewOf(body)
  let offset = 0
  for (let sum = 0; sum < 3 * constraints; sum += 1) {
    if (offset + 4 > body.length) return false
    const terms = view.getUint32(offset, true)
    offset += 4
    if (terms > (body.length - offset) / (4 + scalarBytes)) return false
    for (let term = 0; term < terms; term += 1) {
      if (view.getUint32(offset, true) >= wires) return false
      offset += 4 + scalarBytes
    }
  }
  return offset === body.length
}
