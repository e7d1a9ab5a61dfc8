import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../lib/run.ts'
import { splitWasm } from './blsWasmFile.ts'

const code = readFileSync(join(root, 'node_modules/bls-eth-wasm/src/bls_c.js'), 'utf8')

it('UX-3 takes the code out of the script, whole and valid', () => {
  const { wasm, code: script } = splitWasm(code)
  expect(WebAssembly.validate(wasm)).toBe(true)
  const shorter = script('place')
  expect(shorter).toContain('WebAssembly.instantiateStreaming(fetch(place), imports)')
  expect(shorter).not.toMatch(/wasmBytes|wasmBase64/)
  expect(shorter.length).toBeLessThan(code.length / 10)
})

it('UX-3 stops the build when the package changed', () => {
  expect(() => splitWasm(code.replace('atob(', 'decode('))).toThrow('carries its code in another')
})
