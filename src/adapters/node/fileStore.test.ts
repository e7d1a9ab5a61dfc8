import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chainChecks } from '../../../test/compliance/chain.ts'
import { storeChecks } from '../../../test/compliance/store.ts'
import { StoreFailure, type FinalBatch, type Store } from '../../ports/store.ts'
import { openFileStore } from './fileStore.ts'
import { openJournal } from './fileStoreJournal.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emo-store-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('fileStore', () => {
  it.each([...storeChecks, ...chainChecks])(
    '$name',
    async ({ run }) => {
      await run(() => openFileStore(folder))
    },
    120_000,
  )
})

const pending = [{ hash: new Uint8Array(32).fill(1), bytes: new Uint8Array(50) }]

async function writeRecords(store: Store, from: number, to: number): Promise<void> {
  for (let sequence = from; sequence <= to; sequence += 1) {
    await store.writeSafety({
      slot: 'aa',
      sequence,
      record: new Uint8Array(40).fill(sequence),
      pending,
    })
  }
}

async function bytesOnDisk(): Promise<number> {
  const names = await readdir(folder)
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** A few of them fill a file. */
function large(height: number): FinalBatch {
  const block = {
    height,
    epoch: 0,
    hash: new Uint8Array(32).fill(height),
    header: new Uint8Array(1),
    body: new Uint8Array(9_000_000),
    certificate: new Uint8Array(1),
    path: [],
  }
  return { blocks: [block], changes: [], stateRoot: new Uint8Array(32) }
}

async function journalPath(): Promise<string> {
  const name = (await readdir(folder)).find((one) => one.startsWith('journal-'))
  return join(folder, name ?? 'none')
}

describe('BFT-10: a file store after a crash', () => {
  it('drops a torn last record and keeps every acknowledged one, wherever it tore', async () => {
    const store = await openFileStore(folder)
    await writeRecords(store, 1, 4)
    const acknowledged = (await stat(await journalPath())).size
    await writeRecords(store, 5, 5)
    await store.close()
    const whole = await readFile(await journalPath())
    for (const size of [acknowledged + 1, acknowledged + 15, acknowledged + 40, whole.length - 1]) {
      await writeFile(await journalPath(), whole.subarray(0, size))
      const again = await openFileStore(folder)
      expect((await again.readSafety('aa'))?.sequence).toBe(4)
      await writeRecords(again, 5, 6)
      await again.close()
      const third = await openFileStore(folder)
      expect((await third.readSafety('aa'))?.sequence).toBe(6)
      await third.close()
    }
  })

  it('takes garbage after the end for a torn record', async () => {
    const store = await openFileStore(folder)
    await writeRecords(store, 1, 2)
    await store.close()
    await writeFile(await journalPath(), new Uint8Array(5000).fill(7), { flag: 'a' })
    const again = await openFileStore(folder)
    expect((await again.readSafety('aa'))?.sequence).toBe(2)
    await again.close()
  })

  it('refuses to open when an acknowledged record was damaged', async () => {
    const store = await openFileStore(folder)
    await writeRecords(store, 1, 3)
    await store.close()
    const bytes = await readFile(await journalPath())
    const middle = bytes.length >> 1
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    await writeFile(await journalPath(), bytes)
    await expect(openFileStore(folder)).rejects.toMatchObject({ detail: { code: 'STORE_CORRUPT' } })
  })

  it('refuses to open without its checkpoint, its journal or a good checkpoint', async () => {
    const store = await openFileStore(folder)
    await writeRecords(store, 1, 1)
    await store.createSafety('bb', new Uint8Array(8))
    await store.eraseSafety('bb')
    await store.close()
    const names = await readdir(folder)
    for (const kind of ['checkpoint', 'journal']) {
      const name = names.find((one) => one.startsWith(kind)) ?? 'none'
      const damaged = `${folder}-${kind}`
      await cp(folder, damaged, { recursive: true })
      await rm(join(damaged, name))
      await expect(openFileStore(damaged)).rejects.toMatchObject({
        detail: { code: 'STORE_CORRUPT' },
      })
      await rm(damaged, { recursive: true })
    }
    const path = join(folder, names.find((one) => one.startsWith('checkpoint')) ?? 'none')
    const bytes = await readFile(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await writeFile(path, bytes)
    await expect(openFileStore(folder)).rejects.toMatchObject({ detail: { code: 'STORE_CORRUPT' } })
  })
})

/** A program that writes without end and says what was acknowledged. */
function writer(): string {
  return `
    import { openFileStore } from ${JSON.stringify(new URL('./fileStore.ts', import.meta.url).href)}
    const store = await openFileStore(process.env.STORE)
    let sequence = (await store.readSafety('aa'))?.sequence ?? 0
    let height = (await store.readTip())?.height ?? 0
    const bytes = (size, value) => new Uint8Array(size).fill(value & 255)
    for (;;) {
      sequence += 1
      height += 1
      const block = { height, epoch: 1, hash: bytes(32, height), header: bytes(90, height),
        body: bytes(20_000, height), certificate: bytes(99, height), path: [] }
      const change = { key: bytes(4, height % 5), value: bytes(8, height) }
      try {
        // As a node does: some steps behind the tip (SYNC-4).
        if (height % 7 === 0) await store.pruneBlocks(height - 9)
        await Promise.all([
          store.putValue('light/' + height, bytes(3_000, height)),
          store.putValue('light/' + (height - 9), undefined),
          store.writeSafety({ slot: 'aa', sequence, record: bytes(60, sequence), pending: [] }),
          store.writeFinal({ blocks: [block], changes: [change], stateRoot: bytes(32, height) }),
        ])
      } catch (error) {
        process.stdout.write(error.detail.code + '\\n')
        process.exit(0)
      }
      process.stdout.write(sequence + '\\n')
    }`
}

function startWriter(limitKb: number | undefined): ReturnType<typeof spawn> {
  const limit = limitKb === undefined ? '' : `ulimit -f ${String(limitKb)};`
  return spawn(
    'bash',
    [
      '-c',
      `${limit} exec "$0" --import tsx --input-type=module --eval "$1"`,
      process.execPath,
      writer(),
    ],
    { env: { ...process.env, STORE: folder }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
}

describe('BFT-10: a process that is killed while it writes', () => {
  it('has everything that was acknowledged when it starts again', async () => {
    let acknowledged = 0
    for (const linesMin of [3, 17, 40]) {
      const child = startWriter(undefined)
      let lines = 0
      let text = ''
      await new Promise((resolve) => {
        child.once('exit', resolve)
        child.stdout?.on('data', (chunk: Buffer) => {
          text += chunk.toString()
          lines += 1
          if (lines >= linesMin) child.kill('SIGKILL')
        })
      })
      acknowledged = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1))
      const store = await openFileStore(folder)
      const sequence = (await store.readSafety('aa'))?.sequence ?? 0
      expect(sequence).toBeGreaterThanOrEqual(acknowledged)
      expect(sequence).toBeLessThanOrEqual(acknowledged + 1)
      const tip = await store.readTip()
      expect(tip?.height).toBeGreaterThanOrEqual(acknowledged)
      const height = tip?.height ?? 0
      expect(tip?.stateRoot[0]).toBe(height & 255)
      expect((await store.readBlock(height))?.body).toEqual(new Uint8Array(20_000).fill(height))
      const left = (await store.readBlocks(1, 10_000)).map((block) => block.height)
      const lowest = left[0] ?? NaN
      expect(lowest).toBeGreaterThan(height - 18)
      expect(lowest).toBeLessThanOrEqual(Math.max(1, height - 8))
      expect(left).toEqual(left.map((_, index) => lowest + index))
      expect(left.at(-1)).toBe(height)
      for (const one of left) {
        if (one <= height - 8 || one > acknowledged) continue
        expect(await store.getValue(`light/${String(one)}`)).toEqual(
          new Uint8Array(3_000).fill(one),
        )
      }
      const leaf = (await store.readState()).find((one) => one.key[0] === height % 5)
      expect(leaf?.value[0]).toBe(height & 255)
      await store.close()
    }
    expect(acknowledged).toBeGreaterThanOrEqual(60)
  })

  it('is told that the disk is full, and loses nothing of before', async () => {
    const child = startWriter(300)
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    await new Promise((resolve) => child.once('close', resolve))
    const lines = text.trim().split('\n')
    expect(lines.at(-1)).toBe('STORAGE_FULL')
    const acknowledged = Number(lines.at(-2))
    const store = await openFileStore(folder)
    expect((await store.readSafety('aa'))?.sequence).toBeGreaterThanOrEqual(acknowledged)
    expect((await store.readTip())?.height).toBeGreaterThanOrEqual(acknowledged)
    await store.putValue('after', new Uint8Array(1))
    await store.close()
  })
})

describe('EPOCH-3: an erased key', () => {
  it('is in no file afterwards', async () => {
    const store = await openFileStore(folder)
    const secret = Buffer.from('a sealed epoch key that must go')
    await store.createSafety('aa', new Uint8Array(secret))
    await store.writeSafety({
      slot: 'aa',
      sequence: 1,
      record: new Uint8Array(secret),
      pending: [],
    })
    const holding = async (): Promise<boolean> => {
      const contents = await Promise.all(
        (await readdir(folder)).map((name) => readFile(join(folder, name))),
      )
      return contents.some((content) => content.includes(secret))
    }
    expect(await holding()).toBe(true)
    await store.eraseSafety('aa')
    expect(await holding()).toBe(false)
    await store.close()
  })
})

describe('SYNC-4: space is given back', () => {
  it('when blocks are pruned, and the others stay readable', async () => {
    let store = await openFileStore(folder)
    const body = new Uint8Array(9_000_000)
    for (let height = 1; height <= 12; height += 1) {
      await store.writeFinal({
        blocks: [
          {
            height,
            epoch: 0,
            hash: new Uint8Array(32).fill(height),
            header: new Uint8Array(1),
            body: height === 12 ? new Uint8Array(height) : body,
            certificate: new Uint8Array(1),
            path: [],
          },
        ],
        changes: [],
        stateRoot: new Uint8Array(32),
      })
    }
    const before = await bytesOnDisk()
    await store.pruneBlocks(11)
    expect(await bytesOnDisk()).toBeLessThan(before / 2)
    for (const again of [false, true]) {
      if (again) {
        await store.close()
        store = await openFileStore(folder)
      }
      expect((await store.readBlocks(0, 99)).map((block) => block.height)).toEqual([11, 12])
      expect((await store.readBlock(11))?.body.length).toBe(9_000_000)
    }
    await store.close()
  })

  it('when the process ended between the journal and the files', async () => {
    const store = await openFileStore(folder)
    for (let height = 1; height <= 9; height += 1) await store.writeFinal(large(height))
    const saved = `${folder}-saved`
    await cp(folder, saved, { recursive: true })
    await store.pruneBlocks(9)
    await store.close()
    const pruned = await bytesOnDisk()
    for (const name of await readdir(saved)) {
      if (name.startsWith('blocks-')) await cp(join(saved, name), join(folder, name))
    }
    await rm(saved, { recursive: true })
    expect(await bytesOnDisk()).toBeGreaterThan(2 * pruned)
    const again = await openFileStore(folder)
    expect(await bytesOnDisk()).toBeLessThanOrEqual(pruned)
    expect((await again.readBlocks(0, 99)).map((block) => block.height)).toEqual([9])
    await again.close()
  })

  it('when longer values are replaced and removed, and the others stay readable', async () => {
    let store = await openFileStore(folder)
    const value = (index: number): Uint8Array => new Uint8Array(500_000).fill(index)
    for (let index = 0; index < 40; index += 1) {
      await store.putValue(`v/${String(index)}`, value(index))
    }
    const before = await bytesOnDisk()
    for (let index = 0; index < 40; index += 1) {
      if (index % 20 !== 3) await store.putValue(`v/${String(index)}`, undefined)
    }
    expect(await bytesOnDisk()).toBeLessThan(before / 3)
    for (let turn = 0; turn < 40; turn += 1) await store.putValue('v/3', value(turn))
    expect(await bytesOnDisk()).toBeLessThan(before / 3)
    for (const again of [false, true]) {
      if (again) {
        await store.close()
        store = await openFileStore(folder)
      }
      for (const [name, content] of [['v/3', 39] as const, ['v/23', 23] as const]) {
        const read = await store.getValue(name)
        expect(read?.length).toBe(500_000)
        expect(read?.every((byte) => byte === content)).toBe(true)
      }
      expect((await store.listValues('')).length).toBe(2)
    }
    await store.close()
  })

  it('moves longer values of an earlier version out of the journal', async () => {
    await (await openFileStore(folder)).close()
    const value = new Uint8Array(10_000).fill(9)
    const journal = await openJournal(folder)
    await journal.append([{ kind: 'value', name: 'old', value }])
    expect(journal.state.values.size).toBe(1)
    await journal.close()
    const store = await openFileStore(folder)
    expect(await store.getValue('old')).toEqual(value)
    await store.close()
    const moved = await openJournal(folder)
    expect([moved.state.values.size, moved.state.places.size]).toEqual([0, 1])
    await moved.close()
  })

  it('refuses to open when a file of values is gone, and to read a bad one', async () => {
    const store = await openFileStore(folder)
    await store.putValue('v', new Uint8Array(1_000).fill(3))
    await store.close()
    const name = (await readdir(folder)).find((one) => one.startsWith('values-')) ?? 'none'
    const bytes = await readFile(join(folder, name))
    await rm(join(folder, name))
    await expect(openFileStore(folder)).rejects.toMatchObject({ detail: { code: 'STORE_CORRUPT' } })
    bytes[500] = (bytes[500] ?? 0) ^ 1
    await writeFile(join(folder, name), bytes)
    const damaged = await openFileStore(folder)
    await expect(damaged.getValue('v')).rejects.toMatchObject({ detail: { code: 'STORE_CORRUPT' } })
    await damaged.close()
  })

  it('fails with a code where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFileStore(join(folder, 'file', 'store'))).rejects.toBeInstanceOf(StoreFailure)
  })
})
