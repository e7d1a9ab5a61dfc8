/**
 * WebAssembly instructions as nested arrays of bytes, so that code is written as expressions.
 *
 * Only what our kernels use. Opcodes are those of the WebAssembly core specification 1.0, section
 * 5.4 (https://www.w3.org/TR/wasm-core-1/#instructions%E2%91%A6).
 */

export type Code = readonly (number | Code)[]

type Binary = (left: Code, right: Code) => Code

const binary =
  (opcode: number): Binary =>
  (left, right) => [left, right, opcode]

export const i32 = {
  const: (value: number): Code => [0x41, signedLeb(BigInt(value))],
  load: (address: Code, offset = 0): Code => [address, 0x28, 2, unsignedLeb(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    0x36,
    2,
    unsignedLeb(offset),
  ],
  /** 8 bits from memory, extended with their sign. */
  load8S: (address: Code, offset = 0): Code => [address, 0x2c, 0, unsignedLeb(offset)],
  eqz: (value: Code): Code => [value, 0x45],
  eq: binary(0x46),
  ltU: binary(0x49),
  geU: binary(0x4f),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrS: binary(0x75),
  shrU: binary(0x76),
  wrap: (value: Code): Code => [value, 0xa7],
} as const

export const i64 = {
  const: (value: bigint): Code => [0x42, signedLeb(value)],
  /** At any address, aligned or not. */
  load: (address: Code, offset = 0): Code => [address, 0x29, 0, unsignedLeb(offset)],
  /** 32 bits from memory, extended with zeros. */
  load32: (address: Code, offset = 0): Code => [address, 0x35, 2, unsignedLeb(offset)],
  store32: (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    0x3e,
    2,
    unsignedLeb(offset),
  ],
  /** 64 bits, at any address. */
  store: (address: Code, value: Code, offset = 0): Code => [
    address,
    value,
    0x37,
    0,
    unsignedLeb(offset),
  ],
  /** An i32 with its sign. */
  extendS: (value: Code): Code => [value, 0xac],
  add: binary(0x7c),
  sub: binary(0x7d),
  mul: binary(0x7e),
  and: binary(0x83),
  or: binary(0x84),
  shl: binary(0x86),
  shrS: binary(0x87),
  shrU: binary(0x88),
} as const

/** Runs `body` if `condition` is not zero, else `otherwise`. */
export function when(condition: Code, body: Code, otherwise: Code = []): Code {
  return [condition, 0x04, 0x40, body, otherwise.length === 0 ? [] : [0x05, otherwise], 0x0b]
}

/** An i32: `one` if `condition` is not zero, else `other`; only the one that is taken runs. */
export function choose(condition: Code, one: Code, other: Code): Code {
  return [condition, 0x04, 0x7f, one, 0x05, other, 0x0b]
}

/** Runs `body` and repeats it while `condition` is not zero. */
export function repeatWhile(body: Code, condition: Code): Code {
  return [0x03, 0x40, body, condition, 0x0d, 0, 0x0b]
}

export function returned(value: Code): Code {
  return [value, 0x0f]
}

/** Little-endian base 128, the integer format of WebAssembly (section 5.2.2). */
export function unsignedLeb(value: number): Code {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low | 128 : low)
  } while (rest > 0)
  return bytes
}

function signedLeb(value: bigint): Code {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 127n)
    rest >>= 7n
    const isLast = (rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0)
    bytes.push(isLast ? low : low | 128)
    if (isLast) return bytes
  }
}
