/**
 * Gives the WebAssembly of bls-eth-wasm a file of its own while it is bundled (UX-3).
 *
 * The package carries its code as base64 in JavaScript: a third more to load, parsed as text in the
 * page and in each worker, and kept there as a string. As a file it is compiled while it arrives,
 * and is cached by the hash in its name. When upstream changes, the build stops here.
 */
import type { Plugin } from 'vite'

const filePath = '/node_modules/bls-eth-wasm/src/bls_c.js'

const inlined = /const wasmBase64 = '([A-Za-z0-9+/=]+)'\n/
const decoded =
  'const wasmBytes = Uint8Array.from(atob(wasmBase64), function (c) { return c.charCodeAt(0) })'
const instantiated = 'WebAssembly.instantiate(wasmBytes, imports)'

interface Split {
  readonly wasm: Uint8Array<ArrayBuffer>
  /** The script, with `url` (an expression) in place of the bytes. */
  code(url: string): string
}

export function splitWasm(code: string): Split {
  const [line, base64] = inlined.exec(code) ?? []
  const isKnown = [decoded, instantiated].every((part) => code.split(part).length === 2)
  if (line === undefined || base64 === undefined || !isKnown) {
    throw new Error(
      'bls-eth-wasm carries its code in another way. Adapt this plugin, or remove it when the ' +
        'package has a WebAssembly file now.',
    )
  }
  return {
    wasm: new Uint8Array(Buffer.from(base64, 'base64')),
    code: (url) =>
      code
        .replace(line, '')
        .replace(decoded, '')
        .replace(instantiated, `WebAssembly.instantiateStreaming(fetch(${url}), imports)`),
  }
}

export function blsWasmFile(): Plugin {
  return {
    name: 'emo:bls-wasm-file',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!(id.split('?')[0] ?? id).endsWith(filePath)) return undefined
      const split = splitWasm(code)
      const file = this.emitFile({ type: 'asset', name: 'bls.wasm', source: split.wasm })
      return { code: split.code(`import.meta.ROLLUP_FILE_URL_${file}`), map: null }
    },
  }
}
