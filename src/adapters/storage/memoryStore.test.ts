import { describe, it } from 'vitest'
import { chainChecks } from '../../../test/compliance/chain.ts'
import { storeChecks } from '../../../test/compliance/store.ts'
import { createMemoryDisk, openMemoryStore } from './memoryStore.ts'

describe('memoryStore', () => {
  it.each([...storeChecks, ...chainChecks])(
    '$name',
    async ({ run }) => {
      const disk = createMemoryDisk()
      await run(() => Promise.resolve(openMemoryStore(disk)))
    },
    120_000,
  )
})
