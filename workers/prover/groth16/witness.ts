/**
 * Calls a circom 2 witness generator directly (ZK-6).
 *
 * The interface of circom's `witness_calculator.js`: signals are named by FNV-1a hashes of 64 bits,
 * values go through a shared buffer of eight words. The compiled module is kept; each witness gets
 * an instance of its own, so that nothing of one is left for the next.
 */

import { err, ok, type Result } from '../../../src/core/base/result.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import type { CircuitInput } from '../../../src/core/emotion/statement.ts'
import { wasm, type WasmModule } from '../../lib/wasm/platform.ts'
import { plainWords } from '../kernel/limbs.ts'

export type WitnessFault =
  'WITNESS_INTERFACE' | 'WITNESS_SIGNAL' | 'WITNESS_VALUE' | 'WITNESS_REFUSED'

export interface WitnessError {
  readonly code: WitnessFault
  readonly reason: string
}

interface Generator {
  getVersion(): number
  getFieldNumLen32(): number
  getRawPrime(): void
  getWitnessSize(): number
  getInputSize(): number
  getInputSignalSize(high: number, low: number): number
  init(sanityCheck: number): void
  setInputSignal(high: number, low: number, index: number): void
  readSharedRWMemory(index: number): number
  writeSharedRWMemory(index: number, value: number): void
  getWitness(index: number): void
  getMessageChar(): number
}

const reasonMax = 200
const functionNames = [
  'getVersion',
  'getFieldNumLen32',
  'getRawPrime',
  'getWitnessSize',
  'getInputSize',
  'getInputSignalSize',
  'init',
  'setInputSignal',
  'readSharedRWMemory',
  'writeSharedRWMemory',
  'getWitness',
  'getMessageChar',
] as const

/** The witness as `signalCount` values of eight words each, little-endian, below r. */
export function calculateWitness(
  module: WasmModule,
  input: CircuitInput,
  signalCount: number,
): Result<Uint32Array, WitnessError> {
  let message = ''
  const started = start(module, (line) => (message = `${message} ${line}`.slice(0, reasonMax)))
  if (!started.ok) return started
  const generator = started.value
  if (generator.getWitnessSize() !== signalCount) {
    return err({ code: 'WITNESS_INTERFACE', reason: 'another number of signals than the key' })
  }
  try {
    generator.init(0)
    const fault = setInputs(generator, input)
    if (fault !== undefined) return err(fault)
  } catch (error) {
    // The generator ends with a trap when a constraint does not hold.
    return err({
      code: 'WITNESS_REFUSED',
      reason: `${String(error)}${message}`.slice(0, reasonMax),
    })
  }
  const words = new Uint32Array(signalCount * plainWords)
  for (let signal = 0; signal < signalCount; signal += 1) {
    generator.getWitness(signal)
    for (let word = 0; word < plainWords; word += 1) {
      words[signal * plainWords + word] = generator.readSharedRWMemory(word)
    }
  }
  return ok(words)
}

function start(module: WasmModule, say: (line: string) => void): Result<Generator, WitnessError> {
  const refuse = (reason: string): Result<never, WitnessError> =>
    err({ code: 'WITNESS_INTERFACE', reason })
  const hasImports = wasm.Module.imports(module).every(
    ({ module: from, kind }) => from === 'runtime' && kind === 'function',
  )
  if (!hasImports) return refuse('it imports something else than its runtime')
  const held: { generator?: Generator } = {}
  const nextMessage = (): string => (held.generator === undefined ? '' : messageOf(held.generator))
  const ignore = (): undefined => undefined
  const runtime = {
    exceptionHandler: (code: number) => {
      throw new Error(code === 4 ? 'Assert Failed' : `generator error ${code}`)
    },
    printErrorMessage: () => say(nextMessage()),
    // The generator waits for its log to be read.
    writeBufferMessage: nextMessage,
    showSharedRWMemory: ignore,
    printDebug: ignore,
  }
  const { exports } = new wasm.Instance(module, { runtime })
  if (!functionNames.every((name) => typeof exports[name] === 'function')) {
    return refuse('it is no generator of circom 2')
  }
  const generator = exports as unknown as Generator
  held.generator = generator
  if (generator.getVersion() !== 2 || generator.getFieldNumLen32() !== plainWords) {
    return refuse('it is of another version of circom')
  }
  generator.getRawPrime()
  const isThisField = wordsOf(fieldOrder).every(
    (word, index) => word === generator.readSharedRWMemory(index) >>> 0,
  )
  return isThisField ? ok(generator) : refuse('it is of another field')
}

function setInputs(generator: Generator, input: CircuitInput): WitnessError | undefined {
  let set = 0
  for (const [name, given] of Object.entries(input)) {
    const [high, low] = hashOf(name)
    const values = typeof given === 'string' ? [given] : given
    if (generator.getInputSignalSize(high, low) !== values.length) {
      return { code: 'WITNESS_SIGNAL', reason: `${name} is unknown or of another length` }
    }
    for (const [index, text] of values.entries()) {
      const value = /^\d{1,77}$/.test(text) ? BigInt(text) : fieldOrder
      if (value >= fieldOrder) {
        return { code: 'WITNESS_VALUE', reason: `${name} is no field element` }
      }
      wordsOf(value).forEach((word, at) => generator.writeSharedRWMemory(at, word))
      generator.setInputSignal(high, low, index)
      set += 1
    }
  }
  if (set === generator.getInputSize()) return undefined
  return { code: 'WITNESS_SIGNAL', reason: 'an input is missing' }
}

/** One line that the generator wrote, bounded. */
function messageOf(generator: Generator): string {
  let text = ''
  for (let count = 0; count < reasonMax; count += 1) {
    const character = generator.getMessageChar()
    if (character === 0) break
    text += String.fromCharCode(character)
  }
  return text
}

/** FNV-1a, 64 bits, as its high and low half. */
function hashOf(name: string): readonly [number, number] {
  let hash = 0xcbf29ce484222325n
  for (const character of name) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n)
  }
  return [Number(hash >> 32n), Number(hash & 0xffff_ffffn)]
}

function wordsOf(value: bigint): readonly number[] {
  return Array.from({ length: plainWords }, (_, index) =>
    Number((value >> BigInt(32 * index)) & 0xffff_ffffn),
  )
}
