/**
 * Puts functions together to a WebAssembly module with one exported memory.
 *
 * Binary format: WebAssembly core specification 1.0, section 5.5
 * (https://www.w3.org/TR/wasm-core-1/#modules%E2%91%A0%E2%93%AA).
 */

import { i32, unsignedLeb, type Code } from './code.ts'

export type ValueType = 'i32' | 'i64' | 'v128'

/** A parameter or a local variable of a function. */
export interface Local {
  readonly get: Code
  set(value: Code): Code
}

export interface Body {
  readonly parameters: readonly Local[]
  local(type: ValueType): Local
}

export interface FunctionShape {
  readonly name: string
  /** All parameters are addresses or counts: i32. */
  readonly parameterCount: number
  readonly hasResult?: boolean
}

/** Calls the function with these arguments. */
export type Callable = (...args: readonly Code[]) => Code

interface BuiltFunction {
  readonly shape: FunctionShape
  readonly code: Code
}

/** The first bytes of the memory are never written: an address that reads as zero. */
const zeroBytes = 128
export const zeros: Code = i32.const(0)

const typeBytes = { i32: 0x7f, i64: 0x7e, v128: 0x7b } as const

export class ModuleBuilder {
  readonly #functions: BuiltFunction[] = []
  #reserved = zeroBytes

  /** `byteCount` bytes of memory at a fixed address. */
  reserve(byteCount: number): number {
    const address = this.#reserved
    this.#reserved += (byteCount + 7) & ~7
    return address
  }

  /** First byte that no `reserve` has given away. */
  get reservedEnd(): number {
    return this.#reserved
  }

  define(shape: FunctionShape, write: (body: Body) => Code): Callable {
    const types: ValueType[] = []
    const localAt = (index: number): Local => ({
      get: [0x20, unsignedLeb(index)],
      set: (value) => [value, 0x21, unsignedLeb(index)],
    })
    const code = write({
      parameters: Array.from({ length: shape.parameterCount }, (_, index) => localAt(index)),
      local(type) {
        types.push(type)
        return localAt(shape.parameterCount + types.length - 1)
      },
    })
    const locals = types.map((type) => [1, typeBytes[type]])
    const index = this.#functions.length
    this.#functions.push({ shape, code: [unsignedLeb(types.length), locals, code, 0x0b] })
    return (...args) => [...args, 0x10, unsignedLeb(index)]
  }

  build(): Uint8Array<ArrayBuffer> {
    const types = this.#functions.map(({ shape }) => [
      0x60,
      vector(Array.from({ length: shape.parameterCount }, () => [typeBytes.i32])),
      vector(shape.hasResult === true ? [[typeBytes.i32]] : []),
    ])
    const exported = this.#functions.map(({ shape }, index) => [
      text(shape.name),
      0,
      unsignedLeb(index),
    ])
    const pageCount = Math.ceil(this.#reserved / 65_536)
    const bytes = flatten([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(types)),
      section(3, vector(types.map((_, index) => unsignedLeb(index)))),
      section(5, vector([[0, unsignedLeb(pageCount)]])),
      section(7, vector([[text('memory'), 2, 0], ...exported])),
      section(10, vector(this.#functions.map(({ code }) => sized(code)))),
    ])
    return Uint8Array.from(bytes)
  }
}

function section(id: number, content: Code): Code {
  return [id, sized(content)]
}

function vector(items: readonly Code[]): Code {
  return [unsignedLeb(items.length), items]
}

function sized(content: Code): Code {
  const bytes = flatten(content)
  return [unsignedLeb(bytes.length), bytes]
}

function text(value: string): Code {
  return sized([...new TextEncoder().encode(value)])
}

function flatten(code: Code): number[] {
  const bytes: number[] = []
  const visit = (part: Code): void => {
    for (const item of part) {
      if (typeof item === 'number') bytes.push(item)
      else visit(item)
    }
  }
  visit(code)
  return bytes
}
