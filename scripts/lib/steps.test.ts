import { describe, expect, it, vi } from 'vitest'
import { performSteps, type Step } from './steps.ts'

/** Steps that say when they begin, and end when they are told to. */
function held(...names: readonly string[]) {
  const begun: string[] = []
  const ends = new Map<string, (code: number) => void>()
  const steps = names.map((name): Step => ({
    name,
    perform: () => {
      begun.push(name)
      return new Promise((settle) => {
        ends.set(name, (code) => settle({ code, output: '' }))
      })
    },
  }))
  return { begun, steps, end: (name: string, code = 0) => ends.get(name)?.(code) }
}

describe('steps', () => {
  it('are two at a time, a chain in its order beside the others', async () => {
    const { begun, steps, end } = held('circuits', 'build', 'lint', 'types', 'format')
    const reports = performSteps(steps.slice(2), steps.slice(0, 2))
    expect(begun).toEqual(['circuits', 'lint'])
    end('lint')
    await vi.waitFor(() => expect(begun).toEqual(['circuits', 'lint', 'types']))
    end('circuits', 1)
    await vi.waitFor(() => expect(begun.at(-1)).toBe('build'))
    end('build')
    await vi.waitFor(() => expect(begun.at(-1)).toBe('format'))
    end('format')
    end('types')
    expect((await reports).map(({ name, passed }) => [name, passed])).toEqual([
      ['lint', true],
      ['circuits', false],
      ['build', true],
      ['format', true],
      ['types', true],
    ])
  })

  it('are two at a time without a chain', async () => {
    const { begun, steps, end } = held('lint', 'types', 'format')
    const reports = performSteps(steps)
    await vi.waitFor(() => expect(begun).toEqual(['lint', 'types']))
    for (const name of ['types', 'lint']) end(name)
    await vi.waitFor(() => expect(begun.at(-1)).toBe('format'))
    end('format')
    expect(await reports).toHaveLength(3)
  })
})
