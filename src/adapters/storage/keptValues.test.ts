import { describe, expect, it } from 'vitest'
import { StoreFailure } from '../../ports/store.ts'
import { keepValues } from './keptValues.ts'
import { createMemoryDisk, openMemoryStore } from './memoryStore.ts'
import type { OriginFile } from './originFile.ts'

const name = 'duty/baseline'
const value = Uint8Array.of(1, 2, 3)
const newer = Uint8Array.of(4)

/** The file of an origin is real in e2e/storage. */
function memoryFile(): OriginFile & { content: Uint8Array | undefined; isBroken: boolean } {
  const answer = <T>(isBroken: boolean, work: () => T): Promise<T> =>
    isBroken ? Promise.reject(new DOMException('gone', 'UnknownError')) : Promise.resolve(work())
  return {
    content: undefined,
    isBroken: false,
    read() {
      return answer(this.isBroken, () => this.content)
    },
    write(bytes) {
      return answer(this.isBroken, () => {
        this.content = bytes
      })
    },
    erase() {
      return answer(this.isBroken, () => {
        this.content = undefined
      })
    },
  }
}

describe('PRIV-3: the baseline outlives a store that the browser removed', () => {
  it('comes back into the new store, and other values do not', async () => {
    const file = memoryFile()
    const files = new Map([[name, file]])
    const store = keepValues(openMemoryStore(), files)
    await store.putValue(name, value)
    await store.putValue('peers', value)
    const disk = createMemoryDisk()
    const fresh = keepValues(openMemoryStore(disk), files)
    expect(await fresh.getValue(name)).toEqual(value)
    expect(await fresh.getValue('peers')).toBeUndefined()
    expect(await openMemoryStore(disk).getValue(name)).toEqual(value)
  })

  it('a file that is missing or differs is made anew from the store', async () => {
    for (const before of [undefined, newer]) {
      const file = memoryFile()
      const disk = createMemoryDisk()
      await openMemoryStore(disk).putValue(name, value)
      file.content = before
      const store = keepValues(openMemoryStore(disk), new Map([[name, file]]))
      expect(await store.getValue(name)).toEqual(value)
      expect(file.content).toEqual(value)
    }
  })

  it('removed, it is in neither', async () => {
    const file = memoryFile()
    const store = keepValues(openMemoryStore(), new Map([[name, file]]))
    await store.putValue(name, value)
    await store.putValue(name, undefined)
    expect(file.content).toBeUndefined()
    expect(await store.getValue(name)).toBeUndefined()
  })

  it('is read from a store whose file fails, and not acknowledged without its file', async () => {
    const file = memoryFile()
    const disk = createMemoryDisk()
    await openMemoryStore(disk).putValue(name, value)
    file.isBroken = true
    const store = keepValues(openMemoryStore(disk), new Map([[name, file]]))
    expect(await store.getValue(name)).toEqual(value)
    await expect(store.putValue(name, newer)).rejects.toBeInstanceOf(StoreFailure)
    expect(await store.getValue(name)).toEqual(value)
  })
})
