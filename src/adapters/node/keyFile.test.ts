import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeyFile } from './keyFile.ts'
import { nodeRandom } from './random.ts'

let folder = ''
let path = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emo-keys-'))
  path = join(folder, 'sub', 'validator.keys')
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('SIG-1: the key file of a Node validator', () => {
  it('is made once, for its owner alone, and opens to the same keys', async () => {
    const first = await openKeyFile(path, nodeRandom)
    expect(first.ok).toBe(true)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await openKeyFile(path, nodeRandom)).toEqual(first)
    expect(await readdir(join(folder, 'sub'))).toEqual(['validator.keys'])
    if (first.ok) {
      const { identitySeed, vrfSeed, networkSeed, proofSecret } = first.value
      const seeds = [identitySeed, vrfSeed, networkSeed, proofSecret].map(String)
      expect(new Set(seeds).size).toBe(4)
    }
  })

  it('is one file for makers that race', async () => {
    const opened = await Promise.all([1, 2, 3, 4].map(() => openKeyFile(path, nodeRandom)))
    for (const one of opened) expect(one).toEqual(opened[0])
    expect(opened[0]?.ok).toBe(true)
  })

  it('is refused when it is damaged anywhere, cut or no key file', async () => {
    await openKeyFile(path, nodeRandom)
    const whole = await readFile(path)
    const damaged = [0, 8, 50, whole.length - 1].map((at) => {
      const copy = Buffer.from(whole)
      copy[at] = (copy[at] ?? 0) ^ 1
      return copy
    })
    const cut = [0, 7, 40, whole.length - 1].map((size) => whole.subarray(0, size))
    for (const content of [...damaged, ...cut, Buffer.alloc(100_000)]) {
      await writeFile(path, content)
      expect(await openKeyFile(path, nodeRandom)).toEqual({
        ok: false,
        error: { code: 'KEY_FILE_CORRUPT', path },
      })
    }
  })

  it('is refused when others may read it', async () => {
    await openKeyFile(path, nodeRandom)
    await chmod(path, 0o640)
    expect(await openKeyFile(path, nodeRandom)).toEqual({
      ok: false,
      error: { code: 'KEY_FILE_EXPOSED', path, mode: '640' },
    })
  })

  it('says why it cannot be used', async () => {
    await writeFile(join(folder, 'sub'), 'a file in the way')
    const opened = await openKeyFile(path, nodeRandom)
    expect(opened).toMatchObject({ ok: false, error: { code: 'KEY_FILE_UNUSABLE', path } })
  })
})
