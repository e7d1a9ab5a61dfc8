import { beforeAll, describe, expect, it } from 'vitest'
import {
  ensureArtifacts,
  ensureTimeoutMs,
  readArtifact,
} from '../../../circuits/tests/artifacts.fixture.ts'
import { fieldOrder } from '../../../src/core/emotion/field.ts'
import { testScenario } from '../../../src/core/emotion/statement.fixture.ts'
import { buildStatement, type CircuitInput } from '../../../src/core/emotion/statement.ts'
import { ModuleBuilder } from '../../lib/wasm/moduleBuilder.ts'
import { wasm as compiler, type WasmModule } from '../../lib/wasm/platform.ts'
import { readKeyFile } from './keyFile.ts'
import { calculateWitness } from './witness.ts'

const statement = buildStatement(testScenario({ seed: 5 }))
if (!statement.ok) throw new Error(statement.error.code)
const { circuitInput } = statement.value
let generator: WasmModule
let signalCount = 0

beforeAll(async () => {
  await ensureArtifacts()
  generator = await compiler.compile(new Uint8Array(readArtifact('wasm')))
  const key = readKeyFile(new Uint8Array(readArtifact('zkey')))
  signalCount = key.ok ? key.value.signalCount : 0
}, ensureTimeoutMs)

const codeOf = (input: CircuitInput, count = signalCount): string => {
  const witness = calculateWitness(generator, input, count)
  return witness.ok ? 'ok' : witness.error.code
}

describe('ZK-6 the witness generator', () => {
  it('takes the input of the statement, time after time', () => {
    const first = calculateWitness(generator, circuitInput, signalCount)
    expect(first.ok && first.value.length).toBe(8 * signalCount)
    expect(first.ok && [...first.value.subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0])
    expect(calculateWitness(generator, circuitInput, signalCount)).toEqual(first)
  })

  it('says which constraint a false statement breaks', () => {
    const refused = calculateWitness(
      generator,
      { ...circuitInput, threshold: '10000' },
      signalCount,
    )
    expect(refused).toMatchObject({ ok: false, error: { code: 'WITNESS_REFUSED' } })
    expect(!refused.ok && refused.error.reason).toMatch(/Assert Failed.*template/)
    expect(!refused.ok && refused.error.reason.length).toBeLessThanOrEqual(200)
  })

  it('refuses inputs that the circuit does not have, or of another length', () => {
    const missing = Object.fromEntries(
      Object.entries(circuitInput).filter(([name]) => name !== 'epoch'),
    )
    expect(codeOf(missing)).toBe('WITNESS_SIGNAL')
    expect(codeOf({ ...circuitInput, other: '1' })).toBe('WITNESS_SIGNAL')
    expect(codeOf({ ...circuitInput, siblings: ['1'] })).toBe('WITNESS_SIGNAL')
    expect(codeOf({ ...circuitInput, epoch: ['1', '2'] })).toBe('WITNESS_SIGNAL')
  })

  it.each(['', '-1', '0x10', '1.5', ' 1', '1e3', String(fieldOrder), '9'.repeat(78)])(
    'refuses %j, which is no field element',
    (epoch) => expect(codeOf({ ...circuitInput, epoch })).toBe('WITNESS_VALUE'),
  )

  it('refuses a generator that is not the one of the key', () => {
    expect(codeOf(circuitInput, signalCount + 1)).toBe('WITNESS_INTERFACE')
    const other = new compiler.Module(new ModuleBuilder().build())
    expect(calculateWitness(other, circuitInput, signalCount)).toMatchObject({
      error: { code: 'WITNESS_INTERFACE' },
    })
  })
})
