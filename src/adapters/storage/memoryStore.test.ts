import { describe, it } from 'vitest'
import { storeChecks } from '../../../test/compliance/store.ts'
import { createMemoryDisk, openMemoryStore } from './memoryStore.ts'

describe('memoryStore', () => {
  it.each(storeChecks)('$name', async ({ run }) => {
    const disk = createMemoryDisk()
    await run(() => Promise.resolve(openMemoryStore(disk)))
  })
})
