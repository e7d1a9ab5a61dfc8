import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeSignerLockFile } from './signerLockFile.ts'

let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emo-lock-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('BFT-10: one signer a data folder', () => {
  it('refuses the second and admits it after the release', async () => {
    const first = await takeSignerLockFile(folder)
    if (!first.ok) throw new Error('the lock is free')
    expect(await takeSignerLockFile(folder)).toEqual({
      ok: false,
      error: { code: 'SIGNER_ELSEWHERE', pid: process.pid },
    })
    await first.value.release()
    const second = await takeSignerLockFile(folder)
    expect(second.ok).toBe(true)
    if (second.ok) await second.value.release()
    expect(await readdir(folder)).toEqual([])
  })

  it('admits exactly one of many that start together', async () => {
    await writeFile(join(folder, 'signer.lock'), '1 1 a-boot-long-ago x')
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => takeSignerLockFile(folder)))
    expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1)
  })

  it('clears the lock of a process that was killed', async () => {
    const holder = spawn(process.execPath, [
      '--import',
      'tsx',
      '--eval',
      `import(${JSON.stringify(new URL('./signerLockFile.ts', import.meta.url).href)})
        .then((lock) => lock.takeSignerLockFile(${JSON.stringify(folder)}))
        .then(() => { console.log('held'); setInterval(() => {}, 1000) })`,
    ])
    await new Promise((resolve) => holder.stdout.once('data', resolve))
    const { pid } = holder
    expect(await takeSignerLockFile(folder)).toEqual({
      ok: false,
      error: { code: 'SIGNER_ELSEWHERE', pid },
    })
    holder.kill('SIGKILL')
    await new Promise((resolve) => holder.once('exit', resolve))
    expect((await takeSignerLockFile(folder)).ok).toBe(true)
  })
})
