import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { isStale, performBuild } from './stale.js'

const folder = mkdtempSync(join(tmpdir(), 'emo-stale-'))
const output = join(folder, 'web/index.html')

afterEach(() => rmSync(join(folder, 'web'), { recursive: true, force: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(): Promise<void> {
  mkdirSync(join(folder, 'web'), { recursive: true })
  writeFileSync(output, '')
  return Promise.resolve()
}

describe('npm start builds what is not whole', () => {
  it('nothing was built, then it is', async () => {
    expect(isStale(output)).toBe(true)
    await performBuild(output, write)
    expect(isStale(output)).toBe(false)
  })

  it('a build that was broken off behind its first file', async () => {
    await performBuild(output, write)
    const brokenOff = performBuild(output, async () => {
      await write()
      throw new Error('killed')
    })
    await expect(brokenOff).rejects.toThrow('killed')
    expect(isStale(output)).toBe(true)
  })

  it('files that somebody removed', async () => {
    await performBuild(output, write)
    rmSync(output)
    expect(isStale(output)).toBe(true)
  })
})
