import { spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { storeChecks } from '../../../test/compliance/store.ts'
import { StoreFailure, type Store } from '../../ports/store.ts'
import { openFileStore } from './fileStore.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emo-store-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('fileStore', () => {
  it.each(storeChecks)('$name', async ({ run }) => {
    await run(() => openFileStore(folder))
  })
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
        await Promise.all([
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
      expect((await store.readBlocks(1, 10_000)).length).toBe(height)
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

describe('SYNC-3: space is given back', () => {
  it('when blocks are pruned, and kept blocks stay readable', async () => {
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
            body: height % 6 === 0 ? new Uint8Array(height) : body,
            certificate: new Uint8Array(1),
            path: [],
          },
        ],
        changes: [],
        stateRoot: new Uint8Array(32),
      })
    }
    const bytesOf = async (): Promise<number> => {
      const names = await readdir(folder)
      const sizes = await Promise.all(
        names.map(async (name) => (await stat(join(folder, name))).size),
      )
      return sizes.reduce((sum, size) => sum + size, 0)
    }
    const before = await bytesOf()
    await store.pruneBlocks(12, [6])
    expect(await bytesOf()).toBeLessThan(before / 2)
    for (const again of [false, true]) {
      if (again) {
        await store.close()
        store = await openFileStore(folder)
      }
      expect((await store.readBlocks(0, 99)).map((block) => block.height)).toEqual([6, 12])
      expect((await store.readBlock(6))?.body.length).toBe(6)
    }
    await store.close()
  })

  it('fails with a code where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openFileStore(join(folder, 'file', 'store'))).rejects.toBeInstanceOf(StoreFailure)
  })
})
