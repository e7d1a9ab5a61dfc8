/**
 * Reads a Groth16 proving key of snarkjs (`.zkey`) strictly: bounds first, then exact sizes (ZK-6).
 *
 * A section is looked at only after its length is known to be the one that the header implies.
 * Format: snarkjs 0.7, `src/zkey_utils.js` and `doc/` of https://github.com/iden3/snarkjs.
 */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'

/** Points and coefficients are views on the file's bytes, in words of 32 bits, little-endian. */
export interface KeyFile {
  readonly signalCount: number
  readonly publicCount: number
  /** Rows of the domain, a power of two. */
  readonly domainSize: number
  /** α₁ β₁ δ₁ in G1, β₂ δ₂ in G2, affine in Montgomery form with R = 2^256. */
  readonly alpha1: Uint32Array
  readonly beta1: Uint32Array
  readonly delta1: Uint32Array
  readonly beta2: Uint32Array
  readonly delta2: Uint32Array
  /** Matrix, row, signal, then eight words of the value times R². */
  readonly coefficients: Uint32Array
  readonly a: Uint32Array
  readonly b1: Uint32Array
  readonly b2: Uint32Array
  readonly c: Uint32Array
  readonly h: Uint32Array
}

export type KeyFault =
  /** Not a proving key of this format. */
  | 'KEY_MAGIC'
  /** A section is missing, stands twice, or runs past the end. */
  | 'KEY_SECTIONS'
  /** Another proof system, another curve, or sizes out of bounds. */
  | 'KEY_HEADER'
  /** A section has another length than the header implies. */
  | 'KEY_LENGTH'
  /** A coordinate or a coefficient is not below its field's order. */
  | 'KEY_ELEMENT'
  /** A coefficient is outside the matrices. */
  | 'KEY_INDEX'

export type KeyResult<T> = Result<T, { readonly code: KeyFault }>

export const coefficientWords = 11
export const g1Words = 16
export const g2Words = 32

/** Bounds of this implementation, far above the circuit's size (ZK-5). */
const signalsMax = 1 << 20
const domainMax = 1 << 18
const sectionsMax = 32
const groth16Id = 1

const [idProtocol, idHeader, idCoefficients, idA, idB1, idB2, idC, idH] = [1, 2, 4, 5, 6, 7, 8, 9]

export function readKeyFile(file: Uint8Array): KeyResult<KeyFile> {
  const sections = splitSections(file)
  if (!sections.ok) return sections
  const get = (id: number | undefined): Uint32Array =>
    sections.value.get(id ?? 0) ?? new Uint32Array()
  const header = readHeader(get(idProtocol), get(idHeader))
  if (!header.ok) return header
  const { signalCount, publicCount, domainSize } = header.value
  const coefficients = get(idCoefficients)
  const expected = [
    [coefficients, 1 + (coefficients[0] ?? 0) * coefficientWords],
    [get(idA), signalCount * g1Words],
    [get(idB1), signalCount * g1Words],
    [get(idB2), signalCount * g2Words],
    [get(idC), (signalCount - publicCount - 1) * g1Words],
    [get(idH), domainSize * g1Words],
  ] as const
  if (expected.some(([words, length]) => words.length !== length)) {
    return err({ code: 'KEY_LENGTH' })
  }
  return ok({
    ...header.value,
    coefficients: coefficients.subarray(1),
    a: get(idA),
    b1: get(idB1),
    b2: get(idB2),
    c: get(idC),
    h: get(idH),
  })
}

type Header = Omit<KeyFile, 'coefficients' | 'a' | 'b1' | 'b2' | 'c' | 'h'>

function readHeader(protocol: Uint32Array, words: Uint32Array): KeyResult<Header> {
  const sizes = 2 + 2 * 8 + 3
  const points = words.subarray(sizes)
  if (protocol.length !== 1 || protocol[0] !== groth16Id) return err({ code: 'KEY_HEADER' })
  if (points.length !== 3 * g1Words + 3 * g2Words) return err({ code: 'KEY_HEADER' })
  const [signalCount = 0, publicCount = 0, domainSize = 0] = words.subarray(sizes - 3, sizes)
  const isThisCurve =
    words[0] === 32 &&
    integerAt(words, 1) === baseFieldOrder &&
    words[9] === 32 &&
    integerAt(words, 10) === fieldOrder
  const isBounded =
    signalCount <= signalsMax &&
    publicCount < signalCount &&
    domainSize >= 2 &&
    domainSize <= domainMax &&
    (domainSize & (domainSize - 1)) === 0
  if (!isThisCurve || !isBounded) return err({ code: 'KEY_HEADER' })
  return ok({
    signalCount,
    publicCount,
    domainSize,
    alpha1: points.subarray(0, 16),
    beta1: points.subarray(16, 32),
    beta2: points.subarray(32, 64),
    // γ₂ is for the verifier.
    delta1: points.subarray(96, 112),
    delta2: points.subarray(112, 144),
  })
}

/** Every section's words by its id; each id at most once, nothing after the last. */
function splitSections(file: Uint8Array): KeyResult<ReadonlyMap<number, Uint32Array>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  // 'zkey', version 1.
  if (file.length < 12 || view.getUint32(0) !== 0x7a6b6579 || view.getUint32(4, true) !== 1) {
    return err({ code: 'KEY_MAGIC' })
  }
  const sections = new Map<number, Uint32Array>()
  const count = view.getUint32(8, true)
  if (count > sectionsMax) return err({ code: 'KEY_SECTIONS' })
  let offset = 12
  for (let index = 0; index < count; index += 1) {
    if (offset + 12 > file.length) return err({ code: 'KEY_SECTIONS' })
    const id = view.getUint32(offset, true)
    const size = Number(view.getBigUint64(offset + 4, true))
    offset += 12
    if (size > file.length - offset || sections.has(id)) return err({ code: 'KEY_SECTIONS' })
    // A copy: words need an aligned start. Sections of other lengths are none that is read here.
    const bytes = file.slice(offset, offset + size - (size % 4))
    sections.set(id, new Uint32Array(bytes.buffer))
    offset += size
  }
  return offset === file.length ? ok(sections) : err({ code: 'KEY_SECTIONS' })
}

function integerAt(words: Uint32Array, offset: number): bigint {
  let value = 0n
  for (let index = 7; index >= 0; index -= 1) {
    value = (value << 32n) | BigInt(words[offset + index] ?? 0)
  }
  return value
}
