import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredBlock } from '../../ports/store.ts'
import { openFileStore } from './fileStore.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emo-files-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

/** Those of this process that lead into the folder. */
async function handlesOpen(): Promise<number> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((name) =>
      readlink(`/proc/self/fd/${name}`).catch(() => ''),
    ),
  )
  return links.filter((link) => link.startsWith(folder)).length
}

function large(height: number): StoredBlock {
  return {
    height,
    epoch: 0,
    hash: new Uint8Array(32).fill(height),
    header: new Uint8Array(1),
    body: new Uint8Array(9_000_000),
    certificate: new Uint8Array(1),
    path: [],
  }
}

describe('SYNC-4: many files', () => {
  it('take no more handles than a few, and all are read at once', async () => {
    const value = (index: number): Uint8Array => new Uint8Array(4_300_000).fill(index)
    let store = await openFileStore(folder)
    for (let index = 0; index < 16; index += 1)
      await store.putValue(`v/${String(index)}`, value(index))
    expect((await readdir(folder)).filter((name) => name.startsWith('values-'))).toHaveLength(16)
    for (const again of [false, true]) {
      if (again) {
        await store.close()
        store = await openFileStore(folder)
      }
      const open = store
      const read = await Promise.all(
        Array.from({ length: 16 }, (_, index) => open.getValue(`v/${String(index)}`)),
      )
      for (const [index, bytes] of read.entries()) {
        expect([bytes?.length, bytes?.[0], bytes?.at(-1)]).toEqual([4_300_000, index, index])
      }
      expect(await handlesOpen()).toBeLessThanOrEqual(11)
    }
    await store.close()
    expect(await handlesOpen()).toBe(0)
  })

  it('may go while they are read: blocks are there without a gap, values as they are', async () => {
    const store = await openFileStore(folder)
    for (let height = 1; height <= 12; height += 1) {
      await store.writeFinal({
        blocks: [large(height)],
        changes: [],
        stateRoot: new Uint8Array(32),
      })
    }
    const value = (index: number): Uint8Array => new Uint8Array(500_000).fill(index)
    for (let index = 0; index < 20; index += 1)
      await store.putValue(`v/${String(index)}`, value(index))
    const reads = Array.from({ length: 4 }, () => store.readBlocks(1, 100))
    const finds = [1, 5, 12].map((height) => store.findBlock(large(height).hash))
    const kept = Array.from({ length: 20 }, () => store.getValue('v/3'))
    const writes = [
      store.pruneBlocks(11),
      ...Array.from({ length: 20 }, (_, index) =>
        index === 3 ? undefined : store.putValue(`v/${String(index)}`, undefined),
      ),
    ]
    for (const found of await Promise.all(reads)) {
      const heights = found.map(({ height }) => height)
      const first = heights[0] ?? NaN
      expect(heights).toEqual(Array.from({ length: 13 - first }, (_, index) => first + index))
    }
    expect((await finds[2])?.height).toBe(12)
    await Promise.all([...finds, ...writes])
    for (const bytes of await Promise.all(kept)) expect(bytes?.at(-1)).toBe(3)
    expect((await store.readBlocks(1, 100)).map(({ height }) => height)).toEqual([11, 12])
    await store.close()
  })

  it('BFT-10 a checkpoint that finds no room costs no handle', async () => {
    const store = await openFileStore(folder)
    await Promise.all(
      Array.from({ length: 8_000 }, (_, index) =>
        store.putValue(`${String(index)} ${'n'.repeat(40)}`, new Uint8Array(40)),
      ),
    )
    await store.createSafety('aa', new Uint8Array(8))
    await store.eraseSafety('aa')
    await store.close()
    const url = new URL('./fileStore.ts', import.meta.url).href
    const program = `
      import { readdirSync, readlinkSync } from 'node:fs'
      import { openFileStore } from ${JSON.stringify(url)}
      const store = await openFileStore(process.env.STORE)
      const handles = () => readdirSync('/proc/self/fd').filter((name) => {
        try { return readlinkSync('/proc/self/fd/' + name).startsWith(process.env.STORE) }
        catch { return false }
      }).length
      const before = handles()
      const codes = []
      for (const slot of ['b', 'c', 'd', 'e']) {
        await store.createSafety(slot, new Uint8Array(8))
        await store.eraseSafety(slot).catch((error) => codes.push(error.detail.code))
      }
      console.log(JSON.stringify([codes, handles() - before]))`
    const child = spawn(
      'bash',
      [
        '-c',
        'ulimit -f 300; exec "$0" --import tsx --input-type=module --eval "$1"',
        process.execPath,
        program,
      ],
      { env: { ...process.env, STORE: folder }, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    await new Promise((resolve) => child.once('close', resolve))
    expect(JSON.parse(text)).toEqual([Array(4).fill('STORAGE_FULL'), 0])
  })
})

describe('SYNC-3: the format of a store', () => {
  const format = (): string => join(folder, 'format')
  const contents = async (): Promise<unknown> => {
    const names = (await readdir(folder)).sort()
    return Promise.all(
      names.map(async (name) => [
        name,
        await readFile(join(folder, name), 'latin1'),
        (await stat(join(folder, name))).mtimeMs,
      ]),
    )
  }

  it('is written, and a store of before it had one is of the first', async () => {
    let store = await openFileStore(join(folder, 'a', 'b'))
    folder = join(folder, 'a', 'b')
    expect(await readFile(format(), 'latin1')).toBe('emo-store 1\n')
    await store.putValue('v', Uint8Array.of(7))
    await store.close()
    await rm(format())
    store = await openFileStore(folder)
    expect(await store.getValue('v')).toEqual(Uint8Array.of(7))
    await store.close()
    expect(await readFile(format(), 'latin1')).toBe('emo-store 1\n')
    folder = join(folder, '..', '..')
  })

  it.each([
    ['emo-store 2\n', 'STORAGE_NEWER'],
    ['emo-store 1000\n', 'STORAGE_NEWER'],
    ['emo-store 0\n', 'STORE_CORRUPT'],
    ['emo-store 1', 'STORE_CORRUPT'],
    ['', 'STORE_CORRUPT'],
  ])('%j is refused, and nothing is touched: %s', async (text, code) => {
    const store = await openFileStore(folder)
    await store.putValue('v', new Uint8Array(1_000))
    await store.close()
    await writeFile(format(), text)
    const before = await contents()
    await expect(openFileStore(folder)).rejects.toMatchObject({ detail: { code } })
    expect(await contents()).toEqual(before)
  })
})
