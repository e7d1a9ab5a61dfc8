/**
 * The parts of the WebAssembly JavaScript API that our kernels use, typed once: the page's workers
 * and Node have the same API, but the type worlds of the two do not.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

/** A compiled module; opaque. */
export interface WasmModule {
  readonly [Symbol.toStringTag]: string
}

interface WasmInstance {
  readonly exports: Readonly<Record<string, unknown>>
}

type Imports = Readonly<Record<string, Readonly<Record<string, (...args: number[]) => unknown>>>>

interface ModuleConstructor {
  new (bytes: Uint8Array): WasmModule
  imports(module: WasmModule): readonly { readonly module: string; readonly kind: string }[]
}

interface Platform {
  readonly Module: ModuleConstructor
  readonly Instance: new (module: WasmModule, imports?: Imports) => WasmInstance
  compile(bytes: Uint8Array): Promise<WasmModule>
}

export const wasm = (globalThis as unknown as { readonly WebAssembly: Platform }).WebAssembly
