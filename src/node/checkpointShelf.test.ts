import { expect, it } from 'vitest'
import { unwrap } from '../../test/support/unwrap.ts'
import { createMemoryDisk, openMemoryStore } from '../adapters/storage/memoryStore.ts'
import { u32be } from '../core/base/bytes.ts'
import { voterSetOf, type VoterSet } from '../core/checkpoint/voterSet.ts'
import { CheckpointShelf } from './checkpointShelf.ts'

function setOf(index: number): VoterSet {
  const wide = (sizeBytes: number, fill: number): Uint8Array => {
    const bytes = new Uint8Array(sizeBytes).fill(fill)
    bytes.set(u32be(index))
    return bytes
  }
  const keys = { account: wide(32, 1), key: wide(48, 2), postQuantumKeyHash: wide(32, 3) }
  return unwrap(voterSetOf([{ ...keys, stakeMicro: 1_000n }]))
}

it('CKPT-1 keeps the newest 256 numbers, and a set that several name once', async () => {
  const disk = createMemoryDisk()
  const shelf = new CheckpointShelf(openMemoryStore(disk))
  const [first, second] = [setOf(1), setOf(2)]
  const votersHeld = (): number =>
    [...disk.values.keys()].filter((name) => name.startsWith('checkpoint/voters/')).length
  const put = async (number: number, set: VoterSet, before = number - 1): Promise<void> => {
    await shelf.putFormed(number, Uint8Array.of(number & 255), before)
    await shelf.putNamed(number, set)
    await shelf.moveTo(number)
  }
  for (let number = 1; number <= 300; number += 1) {
    await put(number, number <= 100 || number > 290 ? first : second)
  }
  expect(votersHeld()).toBe(2)
  expect(await shelf.formed(44)).toBeUndefined()
  expect(await shelf.after(44)).toBeUndefined()
  expect(await shelf.formed(45)).toEqual(Uint8Array.of(45))
  // The last number of its first time goes, and it is named again since.
  for (let number = 301; number <= 360; number += 1) await put(number, second)
  expect(await shelf.voters(first.root)).toBeDefined()
  expect(votersHeld()).toBe(2)
  // Numbers that were passed leave nothing behind.
  await put(600, second, 360)
  expect(await shelf.formed(344)).toBeUndefined()
  expect(await shelf.formed(345)).toEqual(Uint8Array.of(345 & 255))
  expect(await shelf.voters(first.root)).toBeUndefined()
  const numbers = [...disk.values.keys()].filter((name) => name.startsWith('checkpoint/formed/'))
  expect(numbers).toHaveLength(17)
  expect(await shelf.newest()).toBe(600)
})
