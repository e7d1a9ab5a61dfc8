/**
 * WGSL of a prime field, on elements below 2·p in twenty limbs of 13 bits (ZK-6).
 *
 * Functions take and give elements below 2·p unless they say otherwise. Limbs are
 * named values, not arrays with a running index, so that they stay in registers. Only the rows of a
 * product are a loop: compilers inline every call, and a sum of points has a dozen products.
 */

import { limbBits, limbCount, limbMask, limbsOf, radix, wordCount } from './limbs.ts'

const indexes = Array.from({ length: limbCount }, (_, index) => index)
const wordIndexes = Array.from({ length: wordCount }, (_, index) => index)
const last = limbCount - 1

/** `alias Element`, `mul`, `add`, `sub`, `reduce`, `isZero`, `pick`, `pack` and `unpack`. */
export function fieldCode(prime: bigint): string {
  return [
    `alias Element = array<u32, ${limbCount}>;`,
    `alias Words = array<u32, ${wordCount}>;`,
    multiplyCode(prime),
    addCode(prime),
    subtractCode(prime),
    reduceCode(prime),
    isZeroCode(prime),
    pickCode,
    unpackCode('unpack', 32, wordCount),
    packCode(),
  ].join('\n')
}

/** An element as an expression. */
export function constantCode(value: bigint): string {
  return `Element(${limbsOf(value)
    .map((limb) => `${limb}u`)
    .join(', ')})`
}

/** R modulo p: one in Montgomery form. */
export function oneOf(prime: bigint): bigint {
  return radix % prime
}

/**
 * left·right/R, row by row: t ← (t + xᵢ·y + qᵢ·p)/2^13, qᵢ such that the lowest limb vanishes.
 *
 * Bound: (x·y)/R + p. R > 64·p (both primes are below 2^253.6), so the result is below 2·p while
 * the factors, as multiples of p, have a product of at most 64. Limbs are at most 2^13 − 1, and no
 * limb of the sum gets more than 2·20 products and a carry: below 2^32.
 */
function multiplyCode(prime: bigint): string {
  const limbs = limbsOf(prime)
  const toVanish = limbModulus - inverseOfOdd(prime)
  const sum = (index: number): string => `x * right[${index}] + q * ${limbs[index] ?? 0}u`
  const rows = indexes
    .slice(1)
    .map((index) => {
      const before = index === last ? '' : `t${index} + `
      const carry = index === 1 ? ` + (lowest >> ${limbBits}u)` : ''
      return `    t${index - 1} = ${before}${sum(index)}${carry};`
    })
    .join('\n')
  const accumulators = indexes.slice(0, last)
  return `
fn mul(factor: Element, right: Element) -> Element {
  var left = factor;
${accumulators.map((index) => `  var t${index} = 0u;`).join('\n')}
  for (var row = 0u; row < ${limbCount}u; row++) {
    let x = left[row];
    let first = t0 + x * right[0];
    let q = (first * ${toVanish}u) & ${limbMask}u;
    let lowest = first + q * ${limbs[0] ?? 0}u;
${rows}
  }
${accumulators
  .slice(1)
  .map((index) => `  t${index} += t${index - 1} >> ${limbBits}u;`)
  .join('\n')}
  return Element(
    ${accumulators.map((index) => `t${index} & ${limbMask}u`).join(', ')},
    t${last - 1} >> ${limbBits}u,
  );
}`
}

const limbModulus = 1 << limbBits

/** 1/value modulo 2^13, by Newton's iteration: each step doubles the bits that are right. */
function inverseOfOdd(value: bigint): number {
  const low = Number(value & BigInt(limbMask))
  let inverse = 1
  for (let bits = 1; bits < limbBits; bits *= 2) {
    inverse = (inverse * (2 - ((low * inverse) & limbMask))) & limbMask
  }
  return inverse
}

/** Statements that leave limbs in NAME0 … and the carry, not to be masked, in NAMEcarry19. */
function chainCode(name: string, type: 'i32' | 'u32', limb: (index: number) => string): string {
  return indexes
    .map((index) => {
      const carry = index === 0 ? '' : ` + (${name}carry${index - 1})`
      return `  let ${name}sum${index} = ${limb(index)}${carry};
  let ${name}${index} = u32(${name}sum${index}) & ${limbMask}u;
  let ${name}carry${index} = ${type}(${name}sum${index} >> ${limbBits}u);`
    })
    .join('\n')
}

const elementOf = (name: string): string =>
  `Element(${indexes.map((index) => `${name}${index}`).join(', ')})`

/** left + right − 2·p when that is not negative. */
function addCode(prime: bigint): string {
  const limbs = limbsOf(2n * prime)
  return `
fn add(left: Element, right: Element) -> Element {
${chainCode('sum', 'u32', (index) => `left[${index}] + right[${index}]`)}
${chainCode('low', 'i32', (index) => `i32(sum${index}) - ${limbs[index] ?? 0}`)}
  return pick(${elementOf('low')}, ${elementOf('sum')}, lowcarry${last} < 0);
}`
}

/** left − right, + 2·p when that is negative. */
function subtractCode(prime: bigint): string {
  const limbs = limbsOf(2n * prime)
  return `
fn sub(left: Element, right: Element) -> Element {
${chainCode('down', 'i32', (index) => `i32(left[${index}]) - i32(right[${index}])`)}
  let fill = u32(downcarry${last});
${chainCode('up', 'u32', (index) => `down${index} + (fill & ${limbs[index] ?? 0}u)`)}
  return ${elementOf('up')};
}`
}

/** The form below p. */
function reduceCode(prime: bigint): string {
  const limbs = limbsOf(prime)
  return `
fn reduce(value: Element) -> Element {
${chainCode('low', 'i32', (index) => `i32(value[${index}]) - ${limbs[index] ?? 0}`)}
  return pick(${elementOf('low')}, value, lowcarry${last} < 0);
}`
}

/** Whether either form of zero, 0 or p. */
function isZeroCode(prime: bigint): string {
  const any = (each: (index: number) => string): string => indexes.map(each).join(' | ')
  return `
fn isZero(value: Element) -> bool {
  let ofZero = ${any((index) => `value[${index}]`)};
  let ofPrime = ${any((index) => `(value[${index}] ^ ${limbsOf(prime)[index] ?? 0}u)`)};
  return ofZero == 0u || ofPrime == 0u;
}`
}

/**
 * `other` when `isOther`. In the place of a branch with two exits: compilers that inline calls
 * spend more time on those than on all products.
 */
const pickCode = `
fn pick(one: Element, other: Element, isOther: bool) -> Element {
  return Element(
    ${indexes.map((index) => `select(one[${index}], other[${index}], isOther)`).join(',\n    ')},
  );
}`

/** From `count` words that hold `bits` bits each. */
export function unpackCode(name: string, bits: number, count: number): string {
  const limb = (index: number): string => {
    const at = limbBits * index
    const word = Math.floor(at / bits)
    const shift = at - bits * word
    const low = `(words[${word}] >> ${shift}u)`
    const isSplit = shift + limbBits > bits && word + 1 < count
    const high = isSplit ? ` | (words[${word + 1}] << ${bits - shift}u)` : ''
    return `    (${low}${high}) & ${limbMask}u,`
  }
  return `
fn ${name}(words: array<u32, ${count}>) -> Element {
  return Element(
${indexes.map(limb).join('\n')}
  );
}`
}

/** To eight words of 32 bits; of a number below 2^256. */
function packCode(): string {
  const word = (index: number): string => {
    const parts = indexes.flatMap((limb) => {
      const shift = limbBits * limb - 32 * index
      if (shift <= -limbBits || shift >= 32) return []
      return shift < 0 ? [`(value[${limb}] >> ${-shift}u)`] : [`(value[${limb}] << ${shift}u)`]
    })
    return `    ${parts.join(' | ')},`
  }
  return `
fn pack(value: Element) -> Words {
  return Words(
${wordIndexes.map(word).join('\n')}
  );
}`
}

/** `NAME(at)`: the element whose first word is `at` in a storage buffer. */
export function loadCode(name: string, buffer: string): string {
  const words = wordIndexes.map((index) => `${buffer}[at + ${index}u]`)
  return `
fn ${name}(at: u32) -> Element {
  return unpack(Words(${words.join(', ')}));
}`
}

/** `NAME(at, value)`: the inverse. */
export function storeCode(name: string, buffer: string): string {
  return `
fn ${name}(at: u32, value: Element) {
  let words = pack(value);
${wordIndexes.map((index) => `  ${buffer}[at + ${index}u] = words[${index}];`).join('\n')}
}`
}
