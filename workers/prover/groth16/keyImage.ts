/**
 * A proving key in the kernel's form as bytes, to be kept from one start of a worker to the next
 * (ZK-6): SHA-256 of all that follows, a header, the scalar of each point, then the memory.
 *
 * Only this program reads it, on the machine that wrote it. The hash tells a damaged copy; who can
 * write another one can as well change the program.
 */

import { equalBytes } from '../../../src/core/base/bytes.ts'
import { err, ok, type Result } from '../../../src/core/base/result.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { elementBytes } from '../kernel/limbs.ts'
import type { Matrix, PointTable, ProvingKey } from './provingKey.ts'

export type KeyImageFault =
  /** Shorter than its header, or of another version of this format. */
  | 'KEY_IMAGE_FORMAT'
  /** The hash is of other bytes. */
  | 'KEY_IMAGE_DAMAGED'
  /** A size or an address does not fit the rest. */
  | 'KEY_IMAGE_BOUNDS'

/** Another form of elements or of the header is another version. */
const version = 1
const digestBytes = 32
const tableNames = [
  'a',
  'b1',
  'b2',
  'c',
  'h',
  'alpha1',
  'beta1',
  'delta1',
  'beta2',
  'delta2',
] as const
const ofG2: readonly string[] = ['b2', 'beta2', 'delta2']
/** Version, three sizes, words of memory; two for each table, three for each matrix. */
const headerWords = 5 + 2 * tableNames.length + 2 * 3

/** The memory from `start` to `end` holds the key and nothing else. */
export interface LoadedMemory {
  readonly start: number
  readonly end: number
}

/** Fresh bytes; takes some tens of milliseconds, most of them for the hash. */
export async function encodeKeyImage(
  { memory }: Kernel,
  key: ProvingKey,
  { start, end }: LoadedMemory,
): Promise<Uint8Array<ArrayBuffer>> {
  const memoryWords = (end - start) / 4
  const header = [version, key.signalCount, key.publicCount, key.domainSize, memoryWords]
  for (const name of tableNames) {
    header.push(key[name].address - start, key[name].scalarIndexes.length)
  }
  for (const { ends, columns, coefficients } of [key.matrixA, key.matrixB]) {
    header.push(ends - start, columns - start, coefficients - start)
  }
  const parts = [
    Uint32Array.from(header),
    ...tableNames.map((name) => key[name].scalarIndexes),
    memory.words.subarray(start / 4, end / 4),
  ]
  const count = parts.reduce((sum, { length }) => sum + length, 0)
  const image = new Uint8Array(digestBytes + 4 * count)
  const body = new Uint32Array(image.buffer, digestBytes)
  let at = 0
  for (const part of parts) {
    body.set(part, at)
    at += part.length
  }
  image.set(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))
  return image
}

/** Takes the key's memory in the kernel; nothing is taken when the image is refused. */
export async function loadKeyImage(
  kernel: Kernel,
  image: Uint8Array<ArrayBuffer>,
): Promise<Result<ProvingKey, { readonly code: KeyImageFault }>> {
  if (image.length < digestBytes + 4 * headerWords || image.length % 4 !== 0) {
    return err({ code: 'KEY_IMAGE_FORMAT' })
  }
  const body = new Uint32Array(image.slice(digestBytes).buffer)
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
  if (!equalBytes(digest, image.subarray(0, digestBytes))) return err({ code: 'KEY_IMAGE_DAMAGED' })
  const [found, signalCount = 0, publicCount = 0, domainSize = 0, memoryWords = 0] = body
  if (found !== version) return err({ code: 'KEY_IMAGE_FORMAT' })
  const layout = readLayout(body, domainSize)
  const indexWords = layout.tables.reduce((sum, { count }) => sum + count, 0)
  const fits =
    body.length === headerWords + indexWords + memoryWords &&
    layout.extents.every(([from, bytes]) => from % 4 === 0 && from + bytes <= 4 * memoryWords)
  if (!fits) return err({ code: 'KEY_IMAGE_BOUNDS' })

  const start = kernel.memory.take(4 * memoryWords)
  kernel.memory.words.set(body.subarray(headerWords + indexWords), start / 4)
  let at = headerWords
  const tables = layout.tables.map(({ name, address, count }) => {
    const scalarIndexes = body.slice(at, at + count)
    at += count
    return [name, { address: start + address, scalarIndexes }] as const
  })
  const [matrixA, matrixB] = layout.matrices.map(({ ends, columns, coefficients }) => ({
    ends: start + ends,
    columns: start + columns,
    coefficients: start + coefficients,
  })) as [Matrix, Matrix]
  const byName = Object.fromEntries(tables) as Record<(typeof tableNames)[number], PointTable>
  return ok({ signalCount, publicCount, domainSize, ...byName, matrixA, matrixB })
}

interface Layout {
  readonly tables: readonly {
    readonly name: (typeof tableNames)[number]
    readonly address: number
    readonly count: number
  }[]
  readonly matrices: readonly Matrix[]
  /** Where the memory must reach: address and bytes of each part. */
  readonly extents: readonly (readonly [number, number])[]
}

/** Addresses are from the start of the memory. */
function readLayout(body: Uint32Array, domainSize: number): Layout {
  let at = 5
  const read = (): number => body[at++] ?? 0
  const tables = tableNames.map((name) => ({ name, address: read(), count: read() }))
  const matrices = [0, 1].map(() => ({ ends: read(), columns: read(), coefficients: read() }))
  const extents = [
    ...tables.map(({ name, address, count }) => {
      const pointBytes = (ofG2.includes(name) ? 4 : 2) * elementBytes
      return [address, count * pointBytes] as const
    }),
    ...matrices.flatMap(({ ends, columns, coefficients }) => [
      [ends, 4 * domainSize] as const,
      [columns, 0] as const,
      [coefficients, 0] as const,
    ]),
  ]
  return { tables, matrices, extents }
}
