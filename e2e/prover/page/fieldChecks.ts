/** Field arithmetic of the shaders against BigInt. */
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { baseFieldOrder } from '../../../src/core/emotion/proofCodec.ts'
import { fieldCode, loadCode, storeCode } from '../../../workers/prover/gpu/fieldCode.ts'
import type { Gpu, Shader } from '../../../workers/prover/gpu/gpu.ts'
import { radix, wordCount } from '../../../workers/prover/gpu/limbs.ts'
import { inverse, seededIntegers } from '../../../workers/prover/kernel/memory.fixture.ts'

/** What is written for each pair, in this order. */
const operations = ['mul', 'add', 'sub', 'reduce', 'isZero', 'copy'] as const
const outWords = operations.length * wordCount

const shaderOf = (prime: bigint): Shader => ({
  name: 'check',
  code: `
${fieldCode(prime)}
@group(0) @binding(0) var<uniform> range: vec4u;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@group(0) @binding(2) var<storage, read> pairs: array<u32>;
${loadCode('load', 'pairs')}
${storeCode('store', 'out')}
@compute @workgroup_size(64)
fn check(@builtin(global_invocation_id) thread: vec3u) {
  let id = thread.x;
  if (id >= range.x) { return; }
  let left = load(id * ${2 * wordCount}u);
  let right = load(id * ${2 * wordCount}u + ${wordCount}u);
  let at = id * ${outWords}u;
  store(at, mul(left, right));
  store(at + ${wordCount}u, add(left, right));
  store(at + ${2 * wordCount}u, sub(left, right));
  store(at + ${3 * wordCount}u, reduce(left));
  out[at + ${4 * wordCount}u] = select(0u, 1u, isZero(left));
  store(at + ${5 * wordCount}u, left);
}`,
})

interface Pair {
  readonly left: bigint
  readonly right: bigint
}

/** Every pair of edges, then random pairs; all below 2·p. */
function pairsOf(prime: bigint): readonly Pair[] {
  const edges = [0n, 1n, 2n, 8191n, 8192n, prime - 2n, prime - 1n, prime, prime + 1n]
  edges.push(2n * prime - 2n, 2n * prime - 1n, (prime - 1n) / 2n, 1n << 253n, (1n << 253n) - 1n)
  const next = seededIntegers(77)
  const random = Array.from({ length: 2000 }, () => ({
    left: next(2n * prime),
    right: next(2n * prime),
  }))
  return [...edges.flatMap((left) => edges.map((right) => ({ left, right }))), ...random]
}

/** Factors that only a product takes: as large as eight words hold, and 64·p² together. */
function widePairsOf(prime: bigint): readonly Pair[] {
  const wide = [(1n << 256n) - 1n, 5n * prime, 4n * prime + 1n, (1n << 255n) + 12_345n, 3n * prime]
  return wide.flatMap((left) => wide.map((right) => ({ left, right })))
}

/** What is not as it should be; empty when all is. */
export async function checkField(gpu: Gpu, name: 'fq' | 'fr'): Promise<readonly string[]> {
  const prime = name === 'fq' ? baseFieldOrder : fieldOrder
  const narrow = pairsOf(prime)
  const pairs = [...narrow, ...widePairsOf(prime)]
  const shader = shaderOf(prime)
  const prepared = await gpu.prepare([shader])
  if (!prepared.ok) return [prepared.error.code]
  const given = pairs.flatMap(({ left, right }) => [...wordsOf(left), ...wordsOf(right)])
  const words = pairs.length * outWords
  const done = await gpu.perform((make) => {
    const buffer = make.storage(words)
    const source = make.storage(given.length, Uint32Array.from(given))
    const buffers = [make.uniform([pairs.length, 0, 0, 0]), buffer, source]
    return { dispatches: [{ shader, buffers, threads: pairs.length }], read: { buffer, words } }
  })
  if (!done.ok) return [done.error.code]
  const wrong: string[] = []
  pairs.forEach((pair, index) => {
    const at = (operation: number): bigint =>
      integerAt(done.value, index * outWords + operation * wordCount)
    const isNarrow = index < narrow.length
    for (const fault of faultsOf(pair, prime, at, isNarrow)) {
      wrong.push(`${name} ${fault} of ${String(pair.left)} and ${String(pair.right)}`)
    }
  })
  return wrong
}

function faultsOf(
  { left, right }: Pair,
  prime: bigint,
  at: (operation: number) => bigint,
  isNarrow: boolean,
): readonly string[] {
  const same = (value: bigint, expected: bigint): boolean =>
    value < 2n * prime && value % prime === expected % prime
  const product = left * right * inverse(radix % prime, prime)
  const holds = {
    mul: same(at(0), product),
    add: !isNarrow || same(at(1), left + right),
    sub: !isNarrow || same(at(2), left - right + 2n * prime),
    reduce: !isNarrow || at(3) === left % prime,
    isZero: !isNarrow || at(4) === (left % prime === 0n ? 1n : 0n),
    copy: at(5) === left,
  }
  return operations.filter((operation) => !holds[operation])
}

function wordsOf(value: bigint): readonly number[] {
  return Array.from({ length: wordCount }, (_, index) =>
    Number((value >> BigInt(32 * index)) & 0xffff_ffffn),
  )
}

function integerAt(words: Uint32Array, from: number): bigint {
  let value = 0n
  for (let index = wordCount - 1; index >= 0; index -= 1) {
    value = (value << 32n) | BigInt(words[from + index] ?? 0)
  }
  return value
}
