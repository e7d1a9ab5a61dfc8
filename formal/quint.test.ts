import { expect, it } from 'vitest'
import { instances, simulate } from './quint.ts'

it('EPOCH-2, BFT-4: the Quint text is well typed and safe, and mutants of it break', async () => {
  const quick = instances.filter((instance) => instance.quick)
  const found = await simulate(quick)
  expect(found.filter(({ asExpected }) => !asExpected)).toEqual([])
  expect(found).toHaveLength(6)
}, 240_000)

it('says what Quint said when the text cannot be run', async () => {
  const [instance] = instances
  const [found] = await simulate([{ ...instance!, name: 'noSuchModule' }])
  expect(found).toMatchObject({ asExpected: false })
  expect(found?.verdict).toMatch(/^FAILED: /)
}, 60_000)
