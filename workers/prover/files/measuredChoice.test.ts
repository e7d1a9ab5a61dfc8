import { describe, expect, it } from 'vitest'
import { MeasuredChoice } from './measuredChoice.ts'
import { memoryFiles } from './memoryFiles.fixture.ts'
import type { OriginFiles } from './originFiles.ts'

const kind = { file: 'way', version: 3, way: 'gpu', slower: 'SLOWER' } as const
const chosen = { by: 'gpu', device: 'one', wayMs: 50, cpuMs: 90 } as const

// Node 20 has no navigator.
const { navigator: own } = globalThis as { readonly navigator?: Navigator }
const agent = own?.userAgent ?? ''

function choiceIn(files: OriginFiles | undefined): MeasuredChoice<'gpu', 'SLOWER' | 'SILENT'> {
  return new MeasuredChoice(kind, () => Promise.resolve(files))
}

describe('ZK-11, ZK-12 what was measured of a way to make proofs', () => {
  it('takes what saves a fifth of the wall time, and no less', () => {
    const choice = choiceIn(undefined)
    const at = (wayMs: number) => choice.of({ wayMs, cpuMs: 100 }, 'one')
    expect(at(80)).toEqual({ by: 'gpu', device: 'one', wayMs: 80, cpuMs: 100 })
    expect(at(80.1)).toMatchObject({ by: 'cpu', code: 'SLOWER', device: 'one' })
    expect(at(130)).toMatchObject({ by: 'cpu', code: 'SLOWER' })
  })

  it('is found by the next worker, until nothing is chosen', async () => {
    const files = memoryFiles()
    expect(await choiceIn(files).get()).toBeUndefined()
    await choiceIn(files).set(chosen)
    expect(await choiceIn(files).get()).toEqual(chosen)
    await choiceIn(files).set(undefined)
    expect(await choiceIn(files).get()).toBeUndefined()
    expect(await files.names()).toEqual([])
  })

  it('leaves a guard to the next worker alone', async () => {
    const files = memoryFiles()
    const choice = choiceIn(files)
    expect(await choice.get()).toBeUndefined()
    await choice.guard('SILENT', 'one')
    expect(await choice.get()).toBeUndefined()
    expect(await choiceIn(files).get()).toEqual({ by: 'cpu', code: 'SILENT', device: 'one' })
  })

  it('holds for this worker where nothing can be kept', async () => {
    const choice = choiceIn(undefined)
    await choice.set(chosen)
    expect(await choice.get()).toEqual(chosen)
  })

  it.each([
    ['nothing', null],
    ['no fields', {}],
    ['another version', { version: 2, agent, choice: chosen }],
    ['another browser', { version: 3, agent: 'another', choice: chosen }],
    ['no choice', { version: 3, agent, choice: null }],
    ['no reason', { version: 3, agent, choice: { by: 'cpu', device: 'one' } }],
    ['another way', { version: 3, agent, choice: { by: 'threads', device: 'one' } }],
    ['no device', { version: 3, agent, choice: { by: 'gpu' } }],
  ])('is read strictly: %s', async (_, value) => {
    const files = memoryFiles()
    const put = (text: string) => files.write(kind.file, new TextEncoder().encode(text))
    await put(JSON.stringify({ version: 3, agent, choice: chosen }))
    expect(await choiceIn(files).get()).toEqual(chosen)
    await put(JSON.stringify(value))
    expect(await choiceIn(files).get()).toBeUndefined()
    await put('{')
    expect(await choiceIn(files).get()).toBeUndefined()
  })
})
